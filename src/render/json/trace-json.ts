/** A trace as the API returns it: for REST, GraphQL, the database and the text renderer. */
import type { ClientOutcome, Disposition, Verdict } from '../../domain/trace/disposition.js';
import type { HttpResult } from '../../domain/trace/trace.js';
import type { FrameJson } from './packet-json.js';
import type { ConntrackJson, FdbJson, NeighbourJson, StepJson } from './step-json.js';

export interface LegJson {
  readonly disposition: Disposition;
  readonly steps: readonly StepJson[];
}

export interface TranslationJson {
  readonly type: 'DNAT' | 'SNAT';
  readonly netns: string;
  readonly hook: string;
  /** `ip:port` */
  readonly before: string;
  readonly after: string;
  /** `forward/9` */
  readonly step: string;
}

interface ConntrackAtJson extends ConntrackJson {
  readonly netns: string;
}
interface NeighbourAtJson extends NeighbourJson {
  readonly netns: string;
}
interface FdbAtJson extends FdbJson {
  readonly netns: string;
}

export interface ConnectionJson {
  readonly role: 'DNS' | 'CLIENT' | 'PROXY';
  readonly disposition: Disposition;
  readonly forward: LegJson;
  /** `null` where nothing comes back. */
  readonly return: LegJson | null;
  /** The leg of `payloadBytes` bytes on the open connection; only if asked for. */
  readonly data?: LegJson;
  readonly translations: readonly TranslationJson[];
  /** The entries that the connection left in conntrack tables. */
  readonly conntrack: readonly ConntrackAtJson[];
  readonly neighboursLearned: readonly NeighbourAtJson[];
  readonly fdbLearned: readonly FdbAtJson[];
}

interface ReasonJson {
  readonly code: string;
  readonly message: string;
  /** `connections/0/forward/14` */
  readonly step: string;
  readonly fix: string;
}

export interface BackendJson {
  readonly ip: string;
  readonly port: number;
  readonly pod: string | null;
  readonly node: string | null;
}

export interface ClientSeesJson {
  readonly outcome: ClientOutcome;
  readonly from: string | null;
  readonly afterSeconds: number;
}

export interface PathJson {
  /** Exact, among all paths. */
  readonly weight: string;
  /** The endpoint that a Service chose; `null` where none did. */
  readonly backend: BackendJson | null;
  readonly disposition: Disposition;
  readonly reason: ReasonJson | null;
  readonly clientSees: ClientSeesJson;
  readonly seenByServer: { readonly source: string; readonly destination: string } | null;
  readonly seenByClient: { readonly peer: string } | null;
  /** Only for a trace to a URL. */
  readonly http?: HttpResult;
  /** In order of time. */
  readonly connections: readonly ConnectionJson[];
  /** Only with `"include": ["frames"]`. */
  readonly frames?: readonly FrameJson[];
}

export interface DifferenceJson {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** The parts of a request that are used here. */
export interface RequestJson {
  readonly from: object;
  readonly to: object;
  readonly protocol: string;
  readonly ttl?: number;
  readonly payloadBytes?: number;
  readonly include: readonly string[];
}

export interface TraceJson<Request extends RequestJson = RequestJson> {
  /** `null` if it was not stored. */
  readonly id: string | null;
  readonly cluster: string;
  readonly revision: number;
  /** For a LIVE trace: the live state's revision before the flow, and its clock. */
  readonly stateRevision?: number;
  readonly clockSeconds?: number;
  readonly createdAt: string;
  readonly request: Request;
  readonly verdict: Verdict;
  readonly warnings: readonly string[];
  /** Were the expectations of the request met? Only if it had any. */
  readonly met?: boolean;
  /** What differs from the expectations. */
  readonly differences?: readonly DifferenceJson[];
  readonly totalPaths: number;
  readonly truncated: boolean;
  readonly paths: readonly PathJson[];
}
