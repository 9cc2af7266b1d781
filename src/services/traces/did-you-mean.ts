import type { ClusterState } from '../../domain/cluster/draft.js';
import type { WorkloadFacts } from '../../domain/cluster/facts.js';
import type { Problem } from '../app-error.js';
import { nearestNames } from '../nearest-names.js';

const KINDS = {
  pod: { group: '', kind: 'Pod' },
  service: { group: '', kind: 'Service' },
  node: { group: '', kind: 'Node' },
  deployment: { group: 'apps', kind: 'Deployment' },
} as const;

/** The problem that something does not exist, with suggestions for what was meant. */
export function missing(view: ClusterState, kind: keyof typeof KINDS, namespace: string | null, name: string, path: string): Problem {
  const meant = nearestNames(view, { ...KINDS[kind], namespace: namespace ?? '', name });
  const full = namespace === null ? name : `${namespace}/${name}`;
  const noNamespace = namespace !== null && !view.hasNamespace(namespace) ? `; there is no namespace "${namespace}"` : '';
  const owned = kind === 'pod' && namespace !== null ? view.firstPodOf('Deployment', namespace, name) : undefined;
  const workload = owned ? `; there is a Deployment of that name, whose first pod is ${owned.namespace}/${owned.name}` : '';
  const hint = meant.length > 0 ? `; did you mean ${meant.join(' or ')}?` : '';
  return { path, message: `there is no ${kind} ${full}${noNamespace}${workload}${hint}` };
}

/** The problem that a workload has no pod, or does not exist. @param kind as the user writes it */
export function noPodOf(view: ClusterState, kind: string, namespace: string, name: string, path: string): Problem {
  if (view.workload(kind as WorkloadFacts['kind'], namespace, name)) return { path, message: `${kind} ${namespace}/${name} has no pod` };
  return kind === 'Deployment' ? missing(view, 'deployment', namespace, name, path) : { path, message: `there is no ${kind} ${namespace}/${name}` };
}
