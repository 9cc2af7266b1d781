/** Names for objects that controllers create. No other object of the kind in the namespace has the name. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { endpointSliceRef } from '../object-refs.js';
import { generatedName } from './generated-name.js';

/** @param owner `kind/namespace/name` of the object that gets the pod */
export const freePodName = (state: ClusterState, base: string, owner: string, namespace: string): string =>
  generatedName(base, owner, state.nextOrdinal(), (candidate) => state.podFacts(namespace, candidate) !== undefined);

/** @param owner `kind/namespace/name` of the object whose endpoints the slice holds */
export const freeSliceName = (state: ClusterState, base: string, owner: string, namespace: string): string =>
  generatedName(base, owner, state.nextOrdinal(), (name) => state.facts(endpointSliceRef({ namespace, name })) !== undefined);
