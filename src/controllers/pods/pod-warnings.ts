import type { ClusterState } from '../../domain/cluster/draft.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import type { PodSpec, PodTemplate } from '../object-shapes.js';
import { hostPortsOf } from './host-ports.js';

/**
 * Containers of a pod share one port space. Two that want one port are accepted, the later one gets no socket.
 *
 * @source kubernetes/kubernetes pkg/api/pod `warningsForPodSpecAndMeta`
 */
export function portConflictWarnings({ containers }: PodSpec, specPath = 'spec'): readonly string[] {
  if (containers.length < 2 && (containers[0]?.ports?.length ?? 0) < 2) return [];
  const warnings: string[] = [];
  const firstUse = new Map<string, string>();
  containers.forEach(({ ports = [] }, containerIndex) => ports.forEach(({ containerPort, protocol = 'TCP' }, portIndex) => {
    const key = `${protocol}/${containerPort}`;
    const path = `${specPath}.containers[${containerIndex}].ports[${portIndex}]`;
    const earlier = firstUse.get(key);
    if (earlier === undefined) firstUse.set(key, path);
    else {
      warnings.push(
        `${path}: duplicate port definition with ${earlier}: the containers of a pod share one network namespace, so only the first gets a socket on ${containerPort}/${protocol}`,
      );
    }
  }));
  return warnings;
}

/** The pod that the object is, or that it makes; those of a workload are not told of again. */
function specOf({ kind, metadata: { ownerReferences = [] }, spec }: KubeObject): PodSpec | undefined {
  if (ownerReferences.length > 0) return undefined;
  return kind === 'Pod' ? (spec as PodSpec) : (spec as { readonly template?: PodTemplate } | undefined)?.template?.spec;
}

/**
 * The network of the node is forbidden by both Pod Security Standards that a namespace can enforce. The API server then
 * refuses such pods; here they run.
 *
 * @source https://kubernetes.io/docs/concepts/security/pod-security-standards "Host Namespaces", "Host Ports"
 */
export function podSecurityWarnings(state: ClusterState, object: KubeObject): readonly string[] {
  const level = state.namespaceLabels(object.metadata.namespace ?? '')?.['pod-security.kubernetes.io/enforce'];
  const spec = level === 'baseline' || level === 'restricted' ? specOf(object) : undefined;
  if (!spec) return [];
  const ports = hostPortsOf({ spec }).map(({ port }) => port);
  const what = spec.hostNetwork ? 'with hostNetwork' : ports.length > 0 ? `with hostPort ${ports.join(', ')}` : null;
  return what === null ? [] : [`its namespace enforces the Pod Security Standard ${level}, by which the API server refuses pods ${what}; here they run`];
}
