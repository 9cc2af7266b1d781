import type { ClusterState } from '../domain/cluster/draft.js';
import type { ObjectRef } from '../domain/cluster/objects.js';

const NAMED_KINDS: Readonly<Record<string, Parameters<ClusterState['similarNames']>[0]>> = {
  '/Pod': 'pod',
  '/Service': 'service',
  '/Node': 'node',
  'apps/Deployment': 'deployment',
};

/** Names that a message offers. */
const MOST = 3;

/** What may have been meant by a name that is not there: a name near it, or the very same in another namespace, as `namespace/name`. */
export function nearestNames(state: ClusterState, ref: ObjectRef): readonly string[] {
  const { group, kind, namespace, name } = ref;
  const known = NAMED_KINDS[`${group}/${kind}`];
  const similar = known ? state.similarNames(known, namespace === '' ? null : namespace, name) : [];
  return [...similar, ...elsewhere(state, ref)].slice(0, MOST);
}

/** In order of creation of the namespaces. */
function elsewhere(state: ClusterState, ref: ObjectRef): readonly string[] {
  if (ref.namespace === '') return [];
  const others = Array.from(state.namespaces(), ({ name }) => name).filter((namespace) => namespace !== ref.namespace);
  return others.filter((namespace) => state.facts({ ...ref, namespace }) !== undefined).map((namespace) => `${namespace}/${ref.name}`);
}
