/** The labels of pods that a workload of another project would make. */
import { isFields } from '../../values/fields.js';
import type { Labels } from '../label-selector.js';
import { isKubernetesGroup } from '../kinds/kubernetes-kinds.js';
import { groupOf, type KubeObject } from '../objects.js';

const labelsOf = (metadata: unknown): readonly Labels[] => {
  const labels = isFields(metadata) && isFields(metadata['labels']) ? Object.entries(metadata['labels']) : [];
  return labels.length > 0 && labels.every(([, value]) => typeof value === 'string') ? [Object.fromEntries(labels) as Labels] : [];
};

/**
 * @source argoproj.io `Rollout.spec.template`, monitoring.coreos.com `Prometheus.spec.podMetadata`,
 *   elasticsearch.k8s.elastic.co `NodeSet.podTemplate`
 */
function templatesIn(value: unknown): readonly Labels[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: readonly [string, unknown]) => {
    const own =
      key === 'podMetadata'
        ? labelsOf({ labels: isFields(inner) ? inner['labels'] : null })
        : ['template', 'podTemplate'].includes(key) && isFields(inner)
          ? labelsOf(inner['metadata'])
          : [];
    return [...own, ...templatesIn(inner)];
  });
}

/** One set of labels for each pod template in the object. Definitions of kinds and Kubernetes' own kinds have none that makes pods by itself. */
export const foreignPods = ({ apiVersion, spec }: KubeObject): readonly Labels[] => (isKubernetesGroup(groupOf(apiVersion)) ? [] : templatesIn(spec));
