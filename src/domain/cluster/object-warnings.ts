/** What the API server accepts with a warning. */
import type { Container, Pod, PodSpec } from './kinds/pod.js';
import type { KubeObject } from './objects.js';
import { groupOf } from './objects.js';

/**
 * Two containers that want one port: the second one gets no socket.
 *
 * @source k8s.io/kubernetes `pkg/api/pod/warnings.go`
 */
function duplicatePorts({ containers }: PodSpec, path: string): readonly string[] {
  const first = new Map<string, string>();
  return containers.flatMap((container: Container, index) => (container.ports ?? []).flatMap(({ containerPort, protocol = 'TCP' }, position) => {
    const place = `${path}.containers[${index}].ports[${position}]`;
    const key = `${protocol}/${containerPort}`;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, place);
    return earlier === undefined ? [] : [`${place}: duplicate port definition with ${earlier}`];
  }));
}

const NONE: readonly string[] = [];

/** @param object one that `validateObject` found no errors in */
export function objectWarnings(object: KubeObject): readonly string[] {
  const group = groupOf(object.apiVersion);
  if (group === '' && object.kind === 'Pod') {
    const { spec } = object as unknown as Pod;
    const [only] = spec.containers;
    return spec.containers.length === 1 && (only?.ports ?? []).length < 2 ? NONE : duplicatePorts(spec, 'spec');
  }
  const template = group === 'apps' || group === 'batch' ? (object['spec'] as { readonly template?: { readonly spec: PodSpec } }).template : undefined;
  return template ? duplicatePorts(template.spec, 'spec.template.spec') : NONE;
}
