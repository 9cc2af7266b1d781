/** What the use-cases ask of the database. `persistence` implements it; nothing here knows how. */
import type { ObjectCounts } from '../domain/cluster/draft.js';
import type { Facts, PodFacts } from '../domain/cluster/facts.js';
import type { PodRow } from '../domain/cluster/index/pod-row.js';
import type { KubeObject, ObjectRef } from '../domain/cluster/objects.js';
import type { ClusterSettings } from '../domain/cluster/settings.js';

/** A cluster as it is stored beside its objects. */
export interface ClusterRecord {
  readonly id: string;
  readonly owner: string;
  readonly settings: ClusterSettings;
  readonly revision: number;
  /** One above every ordinal ever given. */
  readonly nextOrdinal: number;
  readonly counts: ObjectCounts;
  /** RFC 3339 */
  readonly createdAt: string;
}

/** Where a text is in a spool. */
export interface BodyPlace {
  readonly at: number;
  /** Bytes. */
  readonly length: number;
}

/**
 * Texts that wait for a commit, which may be those of a hundred thousand objects: outside of the heap, where the garbage
 * collector would copy them, and past a few not in memory at all.
 */
export interface BodySpool {
  /** @throws AppError UNAVAILABLE where there is no more room */
  add(text: string): BodyPlace;
  /** In UTF-8. The bytes are valid until the next call of it. */
  read(places: readonly BodyPlace[]): readonly Uint8Array[];
  /** Gives back what it holds. It is of no use afterwards. */
  close(): void;
}

export interface ObjectWrite {
  readonly ref: ObjectRef;
  /** Where the object is, as JSON, as it is stored. */
  readonly body: BodyPlace;
  readonly facts: Facts;
}

/** One change of a cluster, all of it or nothing. */
export interface ClusterWrite {
  /** The cluster as it is afterwards; its revision is one above the stored one. */
  readonly cluster: ClusterRecord;
  /** Whose `resourceVersion` is the cluster's revision. */
  readonly puts: readonly ObjectWrite[];
  /** Has the bodies of `puts`. */
  readonly bodies: BodySpool;
  readonly removals: readonly ObjectRef[];
  /** For the log of changes. */
  readonly change: { readonly at: string; readonly actor: string; readonly summary: object };
}

/** A place in a list, in order of namespace and name. */
export interface ObjectPlace {
  readonly namespace: string;
  readonly name: string;
}

export interface PageQuery {
  readonly group: string;
  readonly kind: string;
  /** Only of this namespace. */
  readonly namespace?: string | undefined;
  /** Only names that begin so; beside a namespace, where the kind is in namespaces. */
  readonly namePrefix?: string | undefined;
  /** Only what comes after. */
  readonly after?: ObjectPlace | undefined;
  readonly limit: number;
}

/** Some of a cluster's facts; either list may be empty. */
export interface FactsBatch {
  readonly pods: readonly PodRow[];
  readonly others: readonly Exclude<Facts, PodFacts>[];
}

export interface WorldStore {
  saveUser(user: { readonly id: string; readonly name: string }): Promise<void>;
  clusters(): Promise<readonly ClusterRecord[]>;
  /**
   * Commits a change; a cluster of revision 1 is new.
   *
   * @throws AppError CONFLICT when another process has changed the cluster in between
   */
  commit(write: ClusterWrite): Promise<void>;
  deleteCluster(id: string): Promise<void>;
  /** A place for the bodies of one change. */
  spool(): BodySpool;
  /** The facts of all objects of a cluster, in batches; those of a kind in order of creation. */
  facts(clusterId: string): AsyncIterable<FactsBatch>;
  /** By `refKey`; what does not exist is missing. */
  objects(clusterId: string, refs: readonly ObjectRef[]): Promise<ReadonlyMap<string, KubeObject>>;
  page(clusterId: string, query: PageQuery): Promise<readonly KubeObject[]>;
  /** How many objects all pages have together. */
  count(clusterId: string, query: Omit<PageQuery, 'after' | 'limit'>): Promise<number>;
  /** All objects of a cluster, in batches, in order of creation. */
  everyObject(clusterId: string): AsyncIterable<readonly KubeObject[]>;
  /** Whether the database answers. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** What packets have left behind in a cluster, as one value. */
export interface StateStore {
  /** @returns `null` where none was saved */
  load(clusterId: string): Promise<object | null>;
  /** Replaces the former one. Of several that wait at the same time the last one counts. */
  save(state: { readonly clusterId: string; readonly body: object }): Promise<void>;
}

/** A recorded trace without its steps. */
export interface TraceSummary {
  readonly id: string;
  readonly clusterId: string;
  /** RFC 3339 */
  readonly createdAt: string;
  readonly revision: number;
  readonly request: object;
  readonly verdict: string;
}

export interface ListedTrace extends TraceSummary {
  /** Raised with every trace that is saved, of whatever cluster. */
  readonly sequence: number;
}

export interface RecordedTrace extends TraceSummary {
  /** The presented trace. */
  readonly body: object;
  /** Of each path. */
  readonly frames: readonly (readonly object[])[];
}

export interface TraceStore {
  /** Keeps the newest 1,000 of a cluster. */
  save(trace: RecordedTrace): Promise<void>;
  /** Newest first; `before` is the sequence of a trace: only older ones. */
  list(clusterId: string, limit: number, before: number | undefined): Promise<readonly ListedTrace[]>;
  count(clusterId: string): Promise<number>;
  /** By id alone: of whatever cluster. */
  find(id: string): Promise<RecordedTrace | undefined>;
  findMany(ids: readonly string[]): Promise<readonly RecordedTrace[]>;
  /** As `findMany`, without the frames, which may be a hundred times as much. */
  bodies(ids: readonly string[]): Promise<readonly Pick<RecordedTrace, 'id' | 'clusterId' | 'body'>[]>;
  /** @throws AppError NOT_FOUND */
  load(clusterId: string, id: string): Promise<RecordedTrace>;
}
