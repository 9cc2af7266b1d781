/**
 * The pods of a StatefulSet, with the fields that follow from their names.
 *
 * @source kubernetes/kubernetes pkg/controller/statefulset/stateful_set_utils.go
 */
import type { PodObject, StatefulSetObject } from '../object-shapes.js';
import { podOf } from './owned-objects.js';
import { REVISION_LABEL } from './revisions.js';

const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

const ORDINAL_NAME = /^(.*)-(\d+)$/;

/** The ordinal in the pod's name; `undefined` if the name is not one of the set. */
export function ordinalOf(set: string, pod: string): number | undefined {
  const [, parent, ordinal] = ORDINAL_NAME.exec(pod) ?? [];
  return parent === set && ordinal !== undefined ? Number(ordinal) : undefined;
}

export const identityLabels = (name: string, ordinal: number): Readonly<Record<string, string>> => ({
  [POD_INDEX_LABEL]: String(ordinal),
  [POD_NAME_LABEL]: name,
});

export function statefulPod(set: StatefulSetObject, ordinal: number, revision: string): PodObject {
  const { template, serviceName, volumeClaimTemplates = [] } = set.spec;
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = podOf(set, template, name);
  const volumes = claimedVolumes(volumeClaimTemplates, name, (template.spec['volumes'] as readonly { readonly name?: string }[] | undefined) ?? []);
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...identityLabels(name, ordinal), [REVISION_LABEL]: revision } },
    spec: { ...pod.spec, hostname: name, ...(serviceName && { subdomain: serviceName }), ...(volumes.length > 0 && { volumes }) },
  };
}

/** The pod's volumes, with one for each claim template; such a volume replaces one of the same name in the pod template. */
function claimedVolumes(
  claims: NonNullable<StatefulSetObject['spec']['volumeClaimTemplates']>,
  pod: string,
  volumes: readonly { readonly name?: string }[],
): readonly object[] {
  const claimed = claims.map(({ metadata }) => metadata?.name ?? '');
  return [
    ...claimed.map((name) => ({ name, persistentVolumeClaim: { claimName: `${name}-${pod}` } })),
    ...volumes.filter(({ name }) => !claimed.includes(name ?? '')),
  ];
}
