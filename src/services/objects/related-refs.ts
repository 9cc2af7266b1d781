import { podRef } from '../../controllers/object-refs.js';
import type { ObjectRef } from '../../domain/cluster/objects.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import { TYPED_KINDS } from './typed-kinds.js';
import type { Relation } from '../use-cases/objects.js';

/**
 * The objects that `relation` leads to, in order of creation; none if the object it starts from does not exist.
 * A service leads to the pods its selector matches, or, without a selector, to those that its endpoint slices name.
 */
export function relatedRefs(state: ClusterState, relation: Relation): readonly ObjectRef[] {
  switch (relation.of) {
    case 'Node':
      return Array.from(state.podsOnNode(relation.name), podRef);
    case 'Deployment':
      return podsOfDeployment(state, relation.namespace, relation.name);
    case 'Pod': {
      const pod = state.podFacts(relation.namespace, relation.name);
      return pod ? state.servicesSelecting(pod.namespace, pod.labels).map(({ namespace, name }) => ({ group: '', kind: 'Service', namespace, name })) : [];
    }
    case 'Service':
      return relation.to === 'Pod' ? podsOfService(state, relation.namespace, relation.name) : slicesOfService(state, relation.namespace, relation.name);
  }
}

/** Through the ReplicaSets that it owns, or directly if it controls pods itself. */
function podsOfDeployment(state: ClusterState, namespace: string, name: string): readonly ObjectRef[] {
  const deployment = state.workload('Deployment', namespace, name);
  if (!deployment) return [];
  const owners = [deployment, ...state.workloadsOwnedBy(deployment.uid)];
  return owners.flatMap(({ uid }) => state.podsOwnedBy(uid)).map(podRef);
}

function podsOfService(state: ClusterState, namespace: string, name: string): readonly ObjectRef[] {
  const service = state.serviceFacts(namespace, name);
  if (!service) return [];
  if (service.selector) return state.podsMatching(namespace, service.selector).map(podRef);
  const names = state.slicesOf(namespace, name).flatMap(({ endpoints }) => endpoints.flatMap(({ pod }) => (pod === null ? [] : [pod])));
  return [...new Set(names)].map((pod) => podRef({ namespace, name: pod }));
}

const slicesOfService = (state: ClusterState, namespace: string, name: string): readonly ObjectRef[] =>
  state
    .slicesOf(namespace, name)
    .map((slice) => ({ group: TYPED_KINDS.endpointslices.group, kind: 'EndpointSlice', namespace: slice.namespace, name: slice.name }));
