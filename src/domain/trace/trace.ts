import type { ConntrackEntry } from '../datapath/conntrack.js';
import type { FdbEntry } from '../datapath/fdb.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { NetnsId } from '../datapath/netns.js';
import type { NeighbourEntry } from '../datapath/neighbours.js';
import type { Frame } from '../packet/packet.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { ClientOutcome, Disposition, Verdict } from './disposition.js';
import type { Step } from './step.js';

export interface Leg {
  readonly disposition: Disposition;
  readonly steps: readonly Step[];
}

/** An address translation on the way there. */
export interface Translation {
  readonly type: 'DNAT' | 'SNAT';
  readonly netns: NetnsId;
  readonly hook: string;
  /** `ip:port` */
  readonly before: string;
  readonly after: string;
  /** Index into the forward leg's steps. */
  readonly step: number;
}

export interface Connection {
  readonly role: 'DNS' | 'CLIENT' | 'PROXY';
  readonly disposition: Disposition;
  readonly forward: Leg;
  /** `null` where nothing comes back. */
  readonly return: Leg | null;
  /** The leg of `payloadBytes` bytes on the open connection, if asked for. */
  readonly data: Leg | null;
  readonly translations: readonly Translation[];
  readonly conntrack: readonly { readonly netns: NetnsId; readonly entry: ConntrackEntry }[];
  readonly neighboursLearned: readonly { readonly netns: NetnsId; readonly entry: NeighbourEntry }[];
  readonly fdbLearned: readonly { readonly netns: NetnsId; readonly bridge: InterfaceName; readonly entry: FdbEntry }[];
}

/** A frame as a capture on `interface` shows it (not promiscuous). `packet`: one number for all appearances of a packet, ARP included. */
export interface CapturedFrame {
  readonly packet: number;
  readonly netns: NetnsId;
  readonly interface: InterfaceName;
  readonly direction: 'tx' | 'rx';
  readonly frame: Frame;
  /** A copy that a bridge flooded to a port off the path. */
  readonly flooded: boolean;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
  /** `connections/0/forward/14` */
  readonly step: string;
  readonly fix: string;
}

export interface Backend {
  readonly ip: Ipv4;
  readonly port: number;
  /** `namespace/name`, `null` for an endpoint without a pod. */
  readonly pod: string | null;
  readonly node: string | null;
}

/** The request that a proxy sends to its backend. */
export interface BackendRequest {
  readonly host: string;
  readonly path: string;
  /** The client's headers, and those by which the proxy identifies the client. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The result of an HTTP request. Names of objects are `namespace/name`. */
export interface HttpResult {
  /** `null`: no answer came. 200 stands for whatever a program other than a proxy answers. */
  readonly status: number | null;
  readonly ingress: string | null;
  readonly rule: string | null;
  readonly backendService: string | null;
  /** Of the Service. */
  readonly backendPort: number | null;
  readonly gateway: string | null;
  /** The HTTPRoute. */
  readonly route: string | null;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly path: string;
  /** Location of a redirect, which is not followed. */
  readonly location: string | null;
  readonly tls: { readonly serverName: string; readonly certificate: string } | null;
  readonly backendRequest: BackendRequest | null;
  /** Services that get a copy. */
  readonly mirrors: readonly string[];
}

export interface Path {
  /** Exact fraction among all paths, e.g. `1/2`. */
  readonly weight: string;
  readonly backend: Backend | null;
  readonly disposition: Disposition;
  readonly reason: Reason | null;
  readonly clientSees: { readonly outcome: ClientOutcome; readonly from: string | null; readonly afterSeconds: number };
  readonly seenByServer: { readonly source: string; readonly destination: string } | null;
  readonly seenByClient: { readonly peer: string } | null;
  /** Only for a trace to a URL. */
  readonly http: HttpResult | null;
  readonly connections: readonly Connection[];
  /** Captured frames in order, flooded copies included; `null` if not asked for. */
  readonly frames: readonly CapturedFrame[] | null;
}

/** The answer to one question, before it is given an id. */
export interface Trace<Request> {
  readonly request: Request;
  readonly revision: number;
  /** For a LIVE trace, the live state before the flow, on which the answer depends too. */
  readonly live?: { readonly stateRevision: number; readonly clockSeconds: number };
  readonly verdict: Verdict;
  readonly warnings: readonly string[];
  readonly totalPaths: number;
  readonly truncated: boolean;
  readonly paths: readonly Path[];
}
