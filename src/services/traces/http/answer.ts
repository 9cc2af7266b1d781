/** The possible answers of a process to an HTTP request. */
import type { ClusterState } from '../../../domain/cluster/draft.js';
import type { EndpointView, PodView } from '../../../domain/cluster/view.js';
import type { HttpRequest } from '../../../domain/http/http-request.js';
import type { BackendRequest } from '../../../domain/trace/trace.js';
import type { ReasonCode } from '../../../domain/trace/reasons.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';

/** A request that has arrived at a pod. */
export interface Arrival {
  readonly view: ClusterState;
  readonly pod: PodView;
  /** The pod's own port. */
  readonly port: number;
  /** The source address of the connection, as the pod sees it. */
  readonly client: Ipv4;
  /** The address that the client itself has, if a Service on the way had it replaced; else `null`. */
  readonly hidden: Ipv4 | null;
  readonly request: HttpRequest;
}

export interface Refusal {
  readonly code: ReasonCode;
  readonly details: Readonly<Record<string, string>>;
  readonly disposition: 'REJECTED' | 'UNSUPPORTED';
}

/** A rule that was evaluated, and whether it was the one that applies. */
export interface ConsideredRule {
  readonly text: string;
  readonly taken: boolean;
}

/** Something stored that could affect the request, but is not modelled. */
export interface Doubt {
  readonly subject: string;
  /** It can only refuse requests, so a request that is refused anyway is not affected. */
  readonly onlyRefuses: boolean;
  /** It affects only answers with these statuses; absent: all. */
  readonly statuses?: readonly number[];
}

export const mayLeadElsewhere = (subject: string): Doubt => ({ subject, onlyRefuses: false });

/** How a proxy chose its rule, and what is noted about it. */
export interface Decision {
  readonly ingress: string | null;
  readonly gateway: string | null;
  readonly route: string | null;
  readonly rule: string | null;
  readonly tls: { readonly serverName: string; readonly certificate: string } | null;
  readonly considered: readonly ConsideredRule[];
  /** Notes that do not put the answer in doubt. */
  readonly notes: readonly string[];
  /** Ignored by the answer. */
  readonly notModelled: readonly Doubt[];
}

export const NOTHING_FOUND: Decision = { ingress: null, gateway: null, route: null, rule: null, tls: null, considered: [], notes: [], notModelled: [] };

/** An address that a proxy connects to. */
export interface Peer {
  readonly ip: Ipv4;
  readonly port: number;
  /** The endpoint that has the address; `null` for a Service's. */
  readonly endpoint: EndpointView | null;
}

export const peerOf = (endpoint: EndpointView): Peer => ({ ip: endpoint.ip, port: endpoint.port, endpoint });

/** What a backend gets. */
interface Backend {
  readonly peer: Peer;
  readonly request: BackendRequest;
  readonly scheme: HttpRequest['scheme'];
}

/** One of the possible outcomes for a forwarded request. */
export interface Target {
  /** A whole number above 0; the share among all targets of the answer. */
  readonly weight: number;
  readonly backendService: string | null;
  readonly backendPort: number | null;
  /** Services that get a copy of the request; their answers are ignored. */
  readonly mirrors: readonly string[];
  readonly to:
    | Backend
    /** No backend: the proxy answers itself, with an error or a redirect. */
    | { readonly status: number | null; readonly location: string | null; readonly refusal: Refusal | null };
}

export type Answer =
  /** The process is no proxy, so it answers the request itself. */
  | { readonly kind: 'program' }
  /** The proxy answers itself; `refusal` is set if that is a failure. */
  | { readonly kind: 'reply'; readonly decision: Decision; readonly status: number | null; readonly location: string | null; readonly refusal: Refusal | null }
  | { readonly kind: 'forward'; readonly decision: Decision; readonly targets: readonly Target[]; readonly request: HttpRequest };

export const reply = (decision: Decision, status: number | null, refusal: Refusal | null, location: string | null = null): Answer => ({
  kind: 'reply',
  decision,
  status,
  location,
  refusal,
});

export const leastCommonMultiple = (one: number, other: number): number => {
  let [a, b] = [one, other];
  while (b > 0) [a, b] = [b, a % b];
  return (one / a) * other;
};

/**
 * The addresses of one backend, with equal shares of `weight`. To keep all weights whole numbers, they are multiplied by
 * `scale`, a multiple of each backend's number of addresses.
 */
export function shares(
  peers: readonly Peer[],
  weight: number,
  scale: number,
  backend: Pick<Target, 'backendService' | 'backendPort' | 'mirrors'>,
  request: BackendRequest,
  scheme: HttpRequest['scheme'] = 'http',
): readonly Target[] {
  const { backendService, backendPort, mirrors } = backend;
  return peers.map((peer) => ({ backendService, backendPort, mirrors, weight: (weight * scale) / peers.length, to: { peer, request, scheme } }));
}
