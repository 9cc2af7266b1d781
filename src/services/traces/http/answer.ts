/** What the process that takes a connection does with the HTTP request on it. */
import type { ClusterState } from '../../../domain/cluster/draft.js';
import type { EndpointView, PodView } from '../../../domain/cluster/view.js';
import type { HttpRequest } from '../../../domain/http/http-request.js';
import type { BackendRequest } from '../../../domain/trace/trace.js';
import type { ReasonCode } from '../../../domain/trace/reasons.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';

/** A request that has come to a pod. */
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

/** A rule that was looked at, and whether it is the one. */
export interface ConsideredRule {
  readonly text: string;
  readonly taken: boolean;
}

/** What is stored and able to decide about a request, but not modelled. */
export interface Doubt {
  readonly subject: string;
  /** It can only refuse: a request that is refused without it stays so. */
  readonly onlyRefuses: boolean;
}

export const mayLeadElsewhere = (subject: string): Doubt => ({ subject, onlyRefuses: false });

/** What a proxy found out, whatever it then does. */
export interface Decision {
  readonly ingress: string | null;
  readonly gateway: string | null;
  readonly route: string | null;
  readonly rule: string | null;
  readonly tls: { readonly serverName: string; readonly certificate: string } | null;
  readonly considered: readonly ConsideredRule[];
  /** Worth knowing, and no doubt about the answer. */
  readonly notes: readonly string[];
  /** The answer is as if it were not there. */
  readonly notModelled: readonly Doubt[];
}

export const NOTHING_FOUND: Decision = { ingress: null, gateway: null, route: null, rule: null, tls: null, considered: [], notes: [], notModelled: [] };

/** One of the places that a request may be sent on to. */
export interface Target {
  /** Among all of the answer's: a whole number above 0. */
  readonly weight: number;
  readonly backendService: string | null;
  readonly backendPort: number | null;
  /** Services that get a copy of the request, whose answer is thrown away. */
  readonly mirrors: readonly string[];
  readonly to:
    | { readonly endpoint: EndpointView; readonly request: BackendRequest }
    /** There is none: the proxy answers itself, as it must or as a redirect says. */
    | { readonly status: number | null; readonly location: string | null; readonly refusal: Refusal | null };
}

export type Answer =
  /** No proxy: a program that answers. */
  | { readonly kind: 'program' }
  /** The proxy answers itself, as it should or because it must. */
  | { readonly kind: 'reply'; readonly decision: Decision; readonly status: number | null; readonly location: string | null; readonly refusal: Refusal | null }
  | { readonly kind: 'forward'; readonly decision: Decision; readonly targets: readonly Target[]; readonly request: HttpRequest };

export const reply = (decision: Decision, status: number | null, refusal: Refusal | null, location: string | null = null): Answer => ({ kind: 'reply', decision, status, location, refusal });

export const leastCommonMultiple = (one: number, other: number): number => {
  let [a, b] = [one, other];
  while (b > 0) [a, b] = [b, a % b];
  return (one / a) * other;
};

/**
 * The endpoints of one backend with equal shares of `weight`. All weights of an answer have to be whole numbers: `scale`
 * is a multiple of every backend's number of endpoints.
 */
export function shares(endpoints: readonly EndpointView[], weight: number, scale: number, backend: Pick<Target, 'backendService' | 'backendPort' | 'mirrors'>, request: BackendRequest): readonly Target[] {
  const { backendService, backendPort, mirrors } = backend;
  return endpoints.map((endpoint) => ({ backendService, backendPort, mirrors, weight: (weight * scale) / endpoints.length, to: { endpoint, request } }));
}
