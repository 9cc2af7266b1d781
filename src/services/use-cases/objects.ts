import type { KubeObject, ObjectRef } from '../../domain/cluster/objects.js';
import type { PluralKind } from '../objects/typed-kinds.js';
import type { Viewer } from './viewer.js';

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** Lists only names that begin with it; for a namespaced kind `namespace` is required beside it. */
  readonly namePrefix?: string | undefined;
  /** 1–5,000, default 500. */
  readonly limit?: number | undefined;
  /** The token that the page before ended with. */
  readonly continue?: string | undefined;
}

export interface ObjectList {
  readonly items: readonly KubeObject[];
  /** Where the next page begins; `null` on the last page. */
  readonly continue: string | null;
}

/** Conditions on a write: the ETags of the headers `If-Match` and `If-None-Match` without quotes, or `*`. */
export interface WriteConditions {
  readonly ifMatch?: readonly string[] | undefined;
  readonly ifNoneMatch?: readonly string[] | undefined;
}

export interface WriteOptions extends WriteConditions {
  /** Answers as the write would, and writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Whether unknown fields are refused, reported as warnings, or dropped in silence. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore' | undefined;
  /** A message for each field that the text of the body has twice; judged as unknown fields are. */
  readonly repeated?: readonly string[] | undefined;
}

export interface DeleteOptions extends WriteOptions {
  /** For a pod: 0 or absent removes it at once; otherwise it terminates, and stays until it is deleted a second time. */
  readonly gracePeriodSeconds?: number | undefined;
  /** `Orphan` keeps the objects that the deleted one owns; otherwise they are deleted too. */
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
}

export interface ManifestOptions extends WriteOptions {
  /** The namespace of objects that name none, as that of a kubectl context; `default` if absent. */
  readonly namespace?: string | undefined;
}

export interface ApplyOptions extends ManifestOptions {
  /** Also deletes objects that were applied before, have the labels of `labelSelector`, and are not applied now. */
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
  readonly objects: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string | null;
    readonly name: string;
    readonly action: 'created' | 'configured' | 'unchanged' | 'deleted';
  }[];
  readonly warnings: readonly string[];
}

export interface DrainResult {
  readonly revision: number;
  readonly node: KubeObject;
  /** Pods, as `namespace/name`. */
  readonly evicted: readonly string[];
  /** Pods that a drain leaves where they are, as `namespace/name`. */
  readonly staying: readonly string[];
  readonly warnings: readonly string[];
}

/** Manifests as they arrived: text, bytes of UTF-8 text, or values that are parsed already. */
export type ManifestInput = { readonly yaml: string } | { readonly json: unknown } | { readonly language: 'yaml' | 'json'; readonly bytes: Uint8Array };

/** A question from one object to the objects related to it, answered from the index. */
export type Relation =
  | { readonly of: 'Node'; readonly to: 'Pod'; readonly name: string }
  | { readonly of: 'Service'; readonly to: 'Pod' | 'EndpointSlice'; readonly namespace: string; readonly name: string }
  | { readonly of: 'Deployment'; readonly to: 'Pod'; readonly namespace: string; readonly name: string }
  | { readonly of: 'Pod'; readonly to: 'Service'; readonly namespace: string; readonly name: string };

export interface ObjectService {
  list(viewer: Viewer, cluster: string, kind: PluralKind, options: ListOptions): Promise<ObjectList>;
  /** How many objects all pages of a list have together. Objects are read only if the index does not have their labels. */
  count(viewer: Viewer, cluster: string, kind: PluralKind, options: Omit<ListOptions, 'limit' | 'continue'>): Promise<number>;
  get(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string): Promise<KubeObject>;
  /** For loaders: many objects in one read, in the order of `refs`, `null` where one is missing. */
  getMany(viewer: Viewer, cluster: string, refs: readonly ObjectRef[]): Promise<readonly (KubeObject | null)[]>;
  /** For loaders: for each relation the objects it leads to, in order of creation; see `relatedRefs` in objects/related-refs.ts. */
  related(viewer: Viewer, cluster: string, relations: readonly Relation[]): Promise<readonly (readonly ObjectRef[])[]>;
  /** @param body the Kubernetes object, or the kind's shorthand */
  create(viewer: Viewer, cluster: string, kind: PluralKind, body: unknown, options?: WriteOptions): Promise<WriteResult>;
  replace(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string, body: unknown, options?: WriteOptions): Promise<WriteResult>;
  /** @param patch a JSON merge patch */
  patch(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string, patch: unknown, options?: WriteOptions): Promise<WriteResult>;
  /** @returns the object as it was; for a pod that only begins to terminate, as it is now */
  delete(viewer: Viewer, cluster: string, kind: PluralKind, namespace: string, name: string, options?: DeleteOptions): Promise<WriteResult>;
  /**
   * Cordons a node and evicts its pods; nothing is changed if one of them may not be evicted.
   *
   * @param request as `drainRequestSchema` says
   */
  drain(viewer: Viewer, cluster: string, node: string, request: unknown, options?: WriteOptions): Promise<DrainResult>;
  apply(viewer: Viewer, cluster: string, input: ManifestInput, options?: ApplyOptions): Promise<ApplyResult>;
  deleteManifests(viewer: Viewer, cluster: string, input: ManifestInput, options?: ManifestOptions): Promise<ApplyResult>;
  /** Every object as multi-document YAML, beginning with the `packetwalk.dev/v1` Cluster document. */
  export(viewer: Viewer, cluster: string): Promise<string>;
}
