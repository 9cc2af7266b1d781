/** A Kubernetes object as it is stored and returned. The fields other than `metadata` are typed by each kind's schema. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** The cluster's revision of the last change. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly [field: string]: unknown;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Names one object of a cluster. Two API versions of a kind are one kind. */
export interface ObjectRef {
  /** API group, `''` for the core group. */
  readonly group: string;
  readonly kind: string;
  /** `''` for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** API group of an apiVersion: `''` of `v1`, `apps` of `apps/v1`. */
export const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');

export const refOf = (object: KubeObject): ObjectRef => ({
  group: groupOf(object.apiVersion),
  kind: object.kind,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
});

/**
 * A map key, unique in a cluster: none of the parts contains a `/`. `join` makes a flat string; a template literal would
 * make a tree of its parts, which a map would keep in memory.
 */
export const refKey = ({ group, kind, namespace, name }: ObjectRef): string => [group, kind, namespace, name].join('/');
