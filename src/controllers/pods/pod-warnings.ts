import type { PodSpec } from '../object-shapes.js';

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
