/** A Gateway's listeners: which of them are served, and which one a request belongs to. @source gateway.networking.k8s.io/v1 `Listener` */
import { matchesGatewayPattern, specificityOf } from './host-pattern.js';

/** API group of the Gateway API. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export interface ListenerView {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** `''`: any. */
  readonly hostname: string;
  /** Namespaces whose routes may attach. */
  readonly allowed: { readonly from: 'All' | 'Same' | 'None' } | { readonly from: 'Selector'; readonly selector: object };
  /** Kinds of routes that may attach, those of other API groups as `group/Kind`; `null`: those of the protocol. */
  readonly kinds: readonly string[] | null;
  readonly tls: {
    readonly mode: 'Terminate' | 'Passthrough';
    readonly secrets: readonly { readonly namespace: string; readonly name: string }[];
    /** References to objects that are not Secrets. */
    readonly others: readonly string[];
  } | null;
}

export interface GatewayView {
  readonly namespace: string;
  readonly name: string;
  readonly className: string;
  readonly listeners: readonly ListenerView[];
  /** Whether it allows listeners of ListenerSets besides its own. */
  readonly takesListenerSets: boolean;
  /** The Service that leads to its pods, `namespace/name`; `null`: none is known. */
  readonly service: string | null;
  readonly ordinal: number;
}

const ROUTES_OF: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'], HTTPS: ['HTTPRoute', 'GRPCRoute'], TLS: ['TLSRoute', 'TCPRoute'], TCP: ['TCPRoute'], UDP: ['UDPRoute'],
};

/** TLS that is not terminated shows only a host name. */
const PASSED_THROUGH: readonly string[] = ['TLSRoute'];

/** How connections to a port begin: listeners of the same layer must differ in their hostname. */
const layerOf = (protocol: string): string => (protocol === 'HTTPS' ? 'TLS' : protocol);

/** Kinds of routes that its protocol carries and that it lets attach. */
export function supportedKinds({ protocol, kinds, tls }: ListenerView): readonly string[] {
  const carried = tls?.mode === 'Passthrough' ? PASSED_THROUGH : (ROUTES_OF[protocol] ?? []);
  return kinds === null ? carried : kinds.filter((kind) => carried.includes(kind));
}

/** Why a listener is not served, as a condition's reason; `null` if it is. Listeners that conflict are not served. */
export function listenerProblem(
  { listeners }: Pick<GatewayView, 'listeners'>,
  { port, protocol }: ListenerView,
): 'UnsupportedProtocol' | 'ProtocolConflict' | null {
  if (ROUTES_OF[protocol] === undefined) return 'UnsupportedProtocol';
  const conflicts =
    protocol !== 'UDP' &&
    listeners.some(
      (other) =>
        other.port === port && other.protocol !== 'UDP' && ROUTES_OF[other.protocol] !== undefined && layerOf(other.protocol) !== layerOf(protocol),
    );
  return conflicts ? 'ProtocolConflict' : null;
}

/** The listener of the port with the most specific matching hostname; only this one gets the request. */
export function listenerFor(gateway: GatewayView, port: number, host: string): ListenerView | null {
  let best: ListenerView | null = null;
  for (const listener of gateway.listeners) {
    if (listener.port !== port || !matchesGatewayPattern(listener.hostname, host) || listenerProblem(gateway, listener) !== null) continue;
    if (!best || specificityOf(listener.hostname) > specificityOf(best.hostname)) best = listener;
  }
  return best;
}
