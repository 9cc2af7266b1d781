/** A Gateway's listeners: which one a request belongs to. @source gateway.networking.k8s.io/v1 `Listener` */
import { matchesGatewayPattern, specificityOf } from './host-pattern.js';

export interface ListenerView {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** `''`: any. */
  readonly hostname: string;
  /** Namespaces whose routes may attach. */
  readonly allowed: { readonly from: 'All' | 'Same' | 'None' } | { readonly from: 'Selector'; readonly selector: object };
  /** Kinds of routes that may attach, by name; `null`: those of the protocol. */
  readonly kinds: readonly string[] | null;
  readonly tls: { readonly mode: 'Terminate' | 'Passthrough'; readonly secrets: readonly { readonly namespace: string; readonly name: string }[] } | null;
}

export interface GatewayView {
  readonly namespace: string;
  readonly name: string;
  readonly className: string;
  readonly listeners: readonly ListenerView[];
  /** The Service that leads to its pods, `namespace/name`; `null`: none is known. */
  readonly service: string | null;
  readonly ordinal: number;
}

/** Of the listeners of a port the one with the most specific hostname: a request belongs to it alone. */
export function listenerFor(gateway: GatewayView, port: number, host: string): ListenerView | null {
  let best: ListenerView | null = null;
  for (const listener of gateway.listeners) {
    if (listener.port !== port || !matchesGatewayPattern(listener.hostname, host)) continue;
    if (!best || specificityOf(listener.hostname) > specificityOf(best.hostname)) best = listener;
  }
  return best;
}
