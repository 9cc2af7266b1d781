import type { ObjectRef } from '../../domain/cluster/objects.js';

/** @source k8s.io/apiserver pkg/admission/plugin/namespace/lifecycle */
const IMMORTAL_NAMESPACES = new Set(['default', 'kube-system', 'kube-public']);

/** @returns the API server's error if the object must not be deleted, else `undefined` */
export const deletionProblem = ({ group, kind, name }: ObjectRef): string | undefined =>
  group === '' && kind === 'Namespace' && IMMORTAL_NAMESPACES.has(name)
    ? `namespaces ${JSON.stringify(name)} is forbidden: this namespace may not be deleted`
    : undefined;
