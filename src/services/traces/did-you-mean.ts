import type { ClusterState } from '../../domain/cluster/draft.js';
import type { WorkloadFacts } from '../../domain/cluster/facts.js';
import type { Problem } from '../app-error.js';

type NamedKind = 'pod' | 'service' | 'node' | 'deployment';

/** Names that a message offers. */
const MOST = 3;

/** A problem that names what is missing, and what may have been meant: a name near it, or the same name in another namespace. */
export function missing(view: ClusterState, kind: NamedKind, namespace: string | null, name: string, path: string): Problem {
  const meant = [...view.similarNames(kind, namespace, name), ...(namespace === null ? [] : elsewhere(view, kind, namespace, name))].slice(0, MOST);
  const full = namespace === null ? name : `${namespace}/${name}`;
  const noNamespace = namespace !== null && !view.hasNamespace(namespace) ? `; there is no namespace "${namespace}"` : '';
  const owned = kind === 'pod' && namespace !== null ? view.firstPodOf('Deployment', namespace, name) : undefined;
  const workload = owned ? `; there is a Deployment of that name, whose first pod is ${owned.namespace}/${owned.name}` : '';
  const hint = meant.length > 0 ? `; did you mean ${meant.join(' or ')}?` : '';
  return { path, message: `there is no ${kind} ${full}${noNamespace}${workload}${hint}` };
}

/** A problem of a workload that no pod is found of. @param kind as the user writes it */
export function noPodOf(view: ClusterState, kind: string, namespace: string, name: string, path: string): Problem {
  if (view.workload(kind as WorkloadFacts['kind'], namespace, name)) return { path, message: `${kind} ${namespace}/${name} has no pod` };
  return kind === 'Deployment' ? missing(view, 'deployment', namespace, name, path) : { path, message: `there is no ${kind} ${namespace}/${name}` };
}

/** Where else one of exactly this name is, in order of creation of the namespaces. */
function elsewhere(view: ClusterState, kind: NamedKind, namespace: string, name: string): readonly string[] {
  const isThere = (other: string): boolean => {
    switch (kind) {
      case 'pod': return view.pod(other, name) !== undefined;
      case 'service': return view.service(other, name) !== undefined;
      case 'deployment': return view.workload('Deployment', other, name) !== undefined;
      case 'node': return false;
    }
  };
  return Array.from(view.namespaces(), (each) => each.name).filter((other) => other !== namespace && isThere(other)).map((other) => `${other}/${name}`);
}
