import type { ClusterView } from '../../domain/cluster/view.js';
import type { Problem } from '../app-error.js';

/** A problem that names what is missing, and what may have been meant. */
export function missing(view: ClusterView, kind: 'pod' | 'service' | 'node' | 'deployment', namespace: string | null, name: string, path: string, also = ''): Problem {
  const similar = view.similarNames(kind, namespace, name);
  const full = namespace === null ? name : `${namespace}/${name}`;
  const noNamespace = namespace !== null && !view.hasNamespace(namespace) ? `; there is no namespace "${namespace}"` : '';
  const owned = kind === 'pod' && namespace !== null ? view.firstPodOf('Deployment', namespace, name) : undefined;
  const workload = owned ? `; there is a Deployment of that name, whose first pod is ${owned.namespace}/${owned.name}` : '';
  const hint = similar.length > 0 ? `; did you mean ${similar.join(' or ')}?` : '';
  return { path, message: `there is no ${kind} ${full}${also ? `, ${also}` : ''}${noNamespace}${workload}${hint}` };
}
