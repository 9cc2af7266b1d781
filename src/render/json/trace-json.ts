/** A trace as the API gives it: what REST answers, GraphQL resolves, the database keeps and the text renderer reads. */
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
  /** The leg of `payloadBytes` bytes on the open connection; only where asked for. */
  readonly data?: LegJson;
  readonly translations: readonly TranslationJson[];
  /** What the connection left in the tables on its way. */
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
  /** Only where a URL was asked for. */
  readonly http?: HttpResult;
  /** In order of time. */
  readonly connections: readonly ConnectionJson[];
  /** Only where asked for with `"include": ["frames"]`. */
  readonly frames?: readonly FrameJson[];
}

export interface DifferenceJson {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** What `request` holds at least; the use-case's type of a request has it all. */
export interface RequestJson {
  readonly from: object;
  readonly to: object;
  readonly protocol: string;
  readonly ttl?: number;
  readonly payloadBytes?: number;
  readonly include: readonly string[];
}

export interface TraceJson<Request extends RequestJson = RequestJson> {
  /** `null`: not kept. */
  readonly id: string | null;
  readonly cluster: string;
  readonly revision: number;
  /** Of a flow that used the live state: its revision when the flow came, and its clock. */
  readonly stateRevision?: number;
  readonly clockSeconds?: number;
  readonly createdAt: string;
  readonly request: Request;
  readonly verdict: Verdict;
  readonly warnings: readonly string[];
  /** Were the expectations of the request met? Only where it had some. */
  readonly met?: boolean;
  /** What differs from the expectations. */
  readonly differences?: readonly DifferenceJson[];
  readonly totalPaths: number;
  readonly truncated: boolean;
  readonly paths: readonly PathJson[];
}
