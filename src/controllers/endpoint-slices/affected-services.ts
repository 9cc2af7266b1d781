/** Finds the services whose endpoints a request may have changed. */
import type { Facts, NodeFacts, PodFacts, ServiceFacts } from '../../domain/cluster/facts.js';
import { ZONE_LABEL } from '../../domain/cluster/zone-label.js';
import type { Reconciliation } from '../reconciliation.js';
import { changesShares } from './zone-shares.js';

/** Services with a selector, in order of creation. */
export function affectedServices({ draft, touched }: Reconciliation): readonly ServiceFacts[] {
  const services = new Map<string, ServiceFacts>();
  /** Label sets that have been looked up; the pods of one workload share theirs. */
  const asked = new Set<string>();
  let sharesChange = false;

  function add(namespace: string, name: string): void {
    const service = draft.serviceFacts(namespace, name);
    if (service?.selector) services.set(`${namespace}/${name}`, service);
  }

  function addServicesOf({ namespace, labels }: PodFacts): void {
    const key = `${namespace}/${JSON.stringify(labels)}`;
    if (asked.has(key)) return;
    asked.add(key);
    for (const service of draft.servicesSelecting(namespace, labels)) add(service.namespace, service.name);
  }

  for (const { before, after } of touched) {
    if (changesShares(nodeOf(before), nodeOf(after))) sharesChange = true;
    for (const facts of [before, after]) {
      if (facts?.kind === 'Service') add(facts.namespace, facts.name);
      else if (facts?.kind === 'EndpointSlice' && facts.managed && facts.service !== null) add(facts.namespace, facts.service);
      else if (facts?.kind === 'Pod') addServicesOf(facts);
    }
    if (after?.kind !== 'Node' || before?.kind !== 'Node' || after.labels[ZONE_LABEL] === before.labels[ZONE_LABEL]) continue;
    for (const { namespace, name } of draft.podsOnNode(after.name)) {
      const pod = draft.podFacts(namespace, name);
      if (pod) addServicesOf(pod);
    }
  }
  if (sharesChange) for (const { namespace, name } of draft.servicesWithTopologyHints()) add(namespace, name);
  return [...services.values()].sort((a, b) => a.ordinal - b.ordinal);
}

const nodeOf = (facts: Facts | undefined): NodeFacts | undefined => (facts?.kind === 'Node' ? facts : undefined);
