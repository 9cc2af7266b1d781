/**
 * The use-cases, as REST and GraphQL call them: parse → one call here → present. One implementation behind both.
 * Every call asks `access` first. All refusals are `AppError`.
 */
import type { KubeObject, ObjectRef } from '../domain/cluster/objects.js';
import type { ClusterSettings } from '../domain/cluster/settings.js';
import type { DnsRecord, Rcode, RecordType } from '../domain/dns/dns-record.js';
import type { CapturedFrame, Trace } from '../domain/trace/trace.js';
import type { ClusterState } from '../domain/cluster/draft.js';
import type { Machine } from '../domain/datapath/machine.js';
import type { Network, Netns } from '../domain/datapath/netns.js';
import type { EntryCounts } from '../domain/walk/limit-tables.js';
import type { Reachability } from './reachability/reachability.js';
import type { AppError, Problem } from './app-error.js';
import type { TraceRequest } from './traces/trace-request.js';

export interface Viewer {
  readonly id: string;
  readonly name: string;
}

export interface ClusterSummary {
  readonly id: string;
  readonly owner: string;
  readonly revision: number;
  /** RFC 3339 */
  readonly createdAt: string;
  readonly settings: ClusterSettings;
  readonly counts: { readonly nodes: number; readonly namespaces: number; readonly pods: number; readonly services: number; readonly endpointslices: number; readonly deployments: number; readonly others: number };
}

/** The typed routes' kinds, by their plural. */
export const TYPED_KINDS = {
  nodes: { group: '', version: 'v1', kind: 'Node', namespaced: false },
  namespaces: { group: '', version: 'v1', kind: 'Namespace', namespaced: false },
  pods: { group: '', version: 'v1', kind: 'Pod', namespaced: true },
  services: { group: '', version: 'v1', kind: 'Service', namespaced: true },
  endpointslices: { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', namespaced: true },
  deployments: { group: 'apps', version: 'v1', kind: 'Deployment', namespaced: true },
  ingresses: { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', namespaced: true },
  gateways: { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'Gateway', namespaced: true },
  httproutes: { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'HTTPRoute', namespaced: true },
  networkpolicies: { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy', namespaced: true },
} as const;
export type PluralKind = keyof typeof TYPED_KINDS;

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** Only names that begin so, in the namespace named beside it where the kind is in namespaces. */
  readonly namePrefix?: string | undefined;
  /** 1–5,000, default 500. */
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
}

export interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly continue: string | null;
}

/** Conditions on a write: the ETags of the headers `If-Match` and `If-None-Match` without quotes, or `*`. */
export interface WriteConditions {
  readonly ifMatch?: readonly string[] | undefined;
  readonly ifNoneMatch?: readonly string[] | undefined;
}

export interface WriteOptions extends WriteConditions {
  readonly dryRun?: boolean | undefined;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore' | undefined;
  /** What is said of fields that the text of the body has twice; they are judged as unknown ones are. */
  readonly repeated?: readonly string[] | undefined;
}

/** How an object is deleted. */
export interface DeleteOptions extends WriteOptions {
  /** Of a pod: 0 or nothing removes it at once; more makes it terminate until it is deleted once more. */
  readonly gracePeriodSeconds?: number | undefined;
  /** What it owns: `Orphan` stays, otherwise it goes along. */
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
}

/** Pods by `namespace/name`. */
export interface DrainResult {
  readonly revision: number;
  readonly node: KubeObject;
  readonly evicted: readonly string[];
  readonly staying: readonly string[];
  readonly warnings: readonly string[];
}

export interface ManifestOptions extends WriteOptions {
  /** Of the objects that name none, as that of a kubectl context: `default` where nothing is said. */
  readonly namespace?: string | undefined;
}

export interface ApplyOptions extends ManifestOptions {
  /** Deletes what was applied before, has the labels of `labelSelector`, and is not applied now. */
  readonly prune?: boolean | undefined;
  /** Required with `prune`, refused without. */
  readonly labelSelector?: string | undefined;
}

export interface WriteResult {
  readonly revision: number;
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

export interface ApplyResult {
  readonly revision: number;
  readonly objects: readonly { readonly apiVersion: string; readonly kind: string; readonly namespace: string | null; readonly name: string; readonly action: 'created' | 'configured' | 'unchanged' | 'deleted' }[];
  readonly warnings: readonly string[];
}

/** Manifests as they came in: text to parse, as it is or in UTF-8, or values parsed already. */
export type ManifestInput = { readonly yaml: string } | { readonly json: unknown } | { readonly language: 'yaml' | 'json'; readonly bytes: Uint8Array };

export interface ClusterService {
  create(viewer: Viewer, input: unknown): Promise<ClusterSummary>;
  list(viewer: Viewer): Promise<readonly ClusterSummary[]>;
  /** `cluster` is an id or a name. @throws NOT_FOUND with the nearest name. */
  get(viewer: Viewer, cluster: string): Promise<ClusterSummary>;
  /** A JSON merge patch of the settings. */
  patch(viewer: Viewer, cluster: string, patch: unknown, options?: WriteOptions): Promise<ClusterSummary>;
  delete(viewer: Viewer, cluster: string, options?: WriteOptions): Promise<void>;
}

/** A question from one object to others, answered from memory. */
export type Relation =
  | { readonly of: 'Node'; readonly to: 'Pod'; readonly name: string }
  | { readonly of: 'Service'; readonly to: 'Pod' | 'EndpointSlice'; readonly namespace: string; readonly name: string }
  | { readonly of: 'Deployment'; readonly to: 'Pod'; readonly namespace: string; readonly name: string }
  | { readonly of: 'Pod'; readonly to: 'Service'; readonly namespace: string; readonly name: string };

export interface ObjectService {
  /** For each relation the objects it leads to, in order of creation; see `relatedRefs` in objects/related-refs.ts. For loaders. */
  related(viewer: Viewer, cluster: string, relations: readonly Relation[]): Promise<readonly (readonly ObjectRef[])[]>;
  list(viewer: Viewer, cluster: string, kind: PluralKind, options: ListOptions): Promise<ObjectList>;
  /** How many objects all pages of a list have together; none of them is read whose labels the index has. */
  count(viewer: Viewer, cluster: string, kind: PluralKind, options: Omit<ListOptions, 'limit' | 'continue'>): Promise<number>;
  get(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string): Promise<KubeObject>;
  /** Many at once, in the order asked for, `null` where missing: one read however many. For loaders. */
  getMany(viewer: Viewer, cluster: string, refs: readonly ObjectRef[]): Promise<readonly (KubeObject | null)[]>;
  /** `body` is the Kubernetes object or the kind's shorthand. */
  create(viewer: Viewer, cluster: string, kind: PluralKind, body: unknown, options?: WriteOptions): Promise<WriteResult>;
  replace(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string, body: unknown, options?: WriteOptions): Promise<WriteResult>;
  patch(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string, patch: unknown, options?: WriteOptions): Promise<WriteResult>;
  /** The object as it was; of a pod that terminates, as it is. */
  delete(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string, options?: DeleteOptions): Promise<WriteResult>;
  /** Cordons a node and evicts its pods: all of it, or nothing where a pod may not go. `request` is as `drainRequestSchema` says. */
  drain(viewer: Viewer, cluster: string, node: string, request: unknown, options?: WriteOptions): Promise<DrainResult>;
  apply(viewer: Viewer, cluster: string, input: ManifestInput, options?: ApplyOptions): Promise<ApplyResult>;
  deleteManifests(viewer: Viewer, cluster: string, input: ManifestInput, options?: ManifestOptions): Promise<ApplyResult>;
  /** Everything as multi-document YAML, beginning with the `packetwalk.dev/v1` Cluster document. */
  export(viewer: Viewer, cluster: string): Promise<string>;
}

/** A trace as it is given to a client: recorded ones have an id. */
export interface TraceRecord {
  /** `null`: not kept. */
  readonly id: string | null;
  readonly cluster: string;
  readonly createdAt: string;
  readonly trace: Trace<TraceRequest>;
  /** Where `expect` was asked for: what differs, empty when met. */
  readonly differences: readonly { readonly field: string; readonly expected: string; readonly actual: string }[] | null;
}

export interface TraceListItem {
  readonly id: string;
  /** Its place in the list. */
  readonly sequence: number;
  readonly createdAt: string;
  readonly revision: number;
  readonly request: TraceRequest;
  readonly verdict: string;
}

/** One path, for a form that shows one. */
export interface ShownPath {
  /** From 0; a trace that lacks it is refused. */
  readonly path: number;
  /** Its frames are needed, also where the request doesn't include them. */
  readonly frames: boolean;
}

export interface TraceService {
  /**
   * Runs synchronously once the cluster is open; records when asked to.
   *
   * @param input as `TraceRequest`, its defaults left out or not
   * @param shown what of it will be shown
   * @throws AppError BAD_REQUEST or UNPROCESSABLE with every problem
   */
  run(viewer: Viewer, cluster: string, input: unknown, shown?: ShownPath): Promise<TraceRecord>;
  /** Newest first. */
  list(viewer: Viewer, cluster: string, options: { readonly limit?: number | undefined; readonly continue?: string | undefined }): Promise<{ readonly items: readonly TraceListItem[]; readonly continue: string | null }>;
  count(viewer: Viewer, cluster: string): Promise<number>;
  /** The presented JSON as it was recorded, without frames. */
  get(viewer: Viewer, cluster: string, id: string): Promise<object>;
  /** Many at once, in the order asked for, `null` where missing: one read however many. For loaders. */
  getMany(viewer: Viewer, cluster: string, ids: readonly string[]): Promise<readonly (object | null)[]>;
  /** By id alone, for GraphQL. */
  find(viewer: Viewer, id: string): Promise<object | null>;
  frames(viewer: Viewer, cluster: string, id: string, path: number, flooded: boolean): Promise<readonly object[]>;
  /** Many at once, in the order asked for, `null` where the trace is missing, a refusal where its path is: one read however many. For loaders. */
  framesMany(viewer: Viewer, cluster: string, asked: readonly FramesOfPath[]): Promise<readonly (readonly object[] | AppError | null)[]>;
}

/** A capture of one path of a recorded trace. */
export interface FramesOfPath {
  readonly id: string;
  readonly path: number;
  /** With the copies that are off the path. */
  readonly flooded: boolean;
}

/** What packets have left behind in a cluster, in numbers. */
export interface StateSummary {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Of the cluster. */
  readonly revision: number;
  /** Raised by whatever changes the state: LIVE traces, time, a reset, changes of the cluster that take something away. */
  readonly stateRevision: number;
  /** Since the last reset. */
  readonly clockSeconds: number;
  readonly entries: EntryCounts;
  /** Entries of all kinds that are kept together. */
  readonly limit: number;
}

/** The state after something was done to it, and what was sent meanwhile. */
export interface StateChange extends StateSummary {
  readonly frames: readonly CapturedFrame[];
  /** There were more frames. */
  readonly truncated: boolean;
}

export interface StateService {
  get(viewer: Viewer, cluster: string): Promise<StateSummary>;
  /** Forgets all of it; the clock begins anew. */
  reset(viewer: Viewer, cluster: string): Promise<StateSummary>;
  /** Lets time go by: `{ "seconds" }`. */
  advance(viewer: Viewer, cluster: string, input: unknown): Promise<StateChange>;
  /** Lets a node say that an address is its own now (gratuitous ARP): `{ "node", "ip" }`. */
  announce(viewer: Viewer, cluster: string, input: unknown): Promise<StateChange>;
}

/** What a namespace looks like from inside; `tables` are those after a recorded trace, where one was named, else the live ones. */
export interface InsideView {
  readonly netns: Netns;
  readonly network: Network;
  readonly state: ClusterState;
  readonly tables: { readonly neighbours: readonly object[]; readonly fdb: readonly object[]; readonly conntrack: readonly object[] };
}

export interface InsideService {
  /** `id` as `node:<name>` or `pod:<namespace>/<name>`. @throws NOT_FOUND */
  look(viewer: Viewer, cluster: string, id: string, trace: string | undefined): Promise<InsideView>;
  /** Only the tables, after a recorded trace: it has them of machines, too, that are gone. @throws NOT_FOUND */
  tablesAfter(viewer: Viewer, cluster: string, id: string, trace: string): Promise<InsideView['tables']>;
}

export interface DnsRequest {
  /** With or without a last dot. */
  readonly name: string;
  /** A, but for a pod that doesn't say: A and AAAA side by side, as programs ask. */
  readonly type?: RecordType | undefined;
  /** `namespace/name`: whose resolver looks the name up, by its search path; else the cluster's DNS is asked for the name as it is. */
  readonly pod?: string | undefined;
}

export interface DnsLookup {
  readonly rcode: Rcode;
  readonly answers: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  /** Every query that is sent, in order; the answer is that of the one which decided. */
  readonly queries: readonly {
    readonly name: string;
    readonly type: RecordType;
    /** `null`: the resolver of the nodes' network. */
    readonly server: string | null;
    readonly rcode: Rcode;
    /** The records' data, with the type where it isn't the one asked for. */
    readonly answers: readonly string[];
  }[];
  /** What the pod's resolv.conf says. */
  readonly resolver: { readonly nameservers: readonly string[]; readonly search: readonly string[]; readonly options: readonly string[] } | null;
  readonly warnings: readonly string[];
}

export interface DnsService {
  /**
   * @param question as `DnsRequest`
   * @param further what is wrong with the question already, as it was asked
   * @throws AppError BAD_REQUEST or UNPROCESSABLE with every problem
   */
  lookUp(viewer: Viewer, cluster: string, question: object, further?: readonly Problem[]): Promise<DnsLookup>;
}

/** A cluster's Linux written out in full. */
interface LabView {
  readonly name: string;
  readonly revision: number;
  readonly machines: readonly Machine[];
}

export interface LabService {
  /** @throws UNPROCESSABLE for a cluster that no single machine could hold */
  writeOut(viewer: Viewer, cluster: string): Promise<LabView>;
}

export type ClusterEvent = { readonly cluster: string; readonly revision: number; readonly changed: readonly ObjectRef[]; readonly truncated: boolean };

export interface ReachabilityService {
  /**
   * Reads the world at once; computes in turns with other requests.
   *
   * @param input as `ReachabilityRequest`, its defaults left out or not
   * @throws AppError BAD_REQUEST or UNPROCESSABLE with every problem
   */
  ask(viewer: Viewer, cluster: string, input: unknown): Promise<Reachability>;
}

export interface Services {
  readonly clusters: ClusterService;
  readonly objects: ObjectService;
  readonly traces: TraceService;
  readonly inside: InsideService;
  readonly reachability: ReachabilityService;
  readonly dns: DnsService;
  readonly lab: LabService;
  readonly state: StateService;
  /** In-process subscriptions; a viewer sees only its own clusters. */
  readonly events: {
    clusterChanged(viewer: Viewer, cluster: string): AsyncIterableIterator<ClusterEvent>;
    traceRecorded(viewer: Viewer, cluster: string): AsyncIterableIterator<{ readonly id: string; readonly cluster: string; readonly trace: object }>;
  };
  readonly ready: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

export type { CapturedFrame };
