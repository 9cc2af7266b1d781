import { defaultObject } from '../../domain/cluster/default-object.js';
import { extractFacts } from '../../domain/cluster/extract-facts.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { factKindOf, refOfFacts } from '../../domain/cluster/index/fact-ref.js';
import { refKey, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { validateObject } from '../../domain/cluster/validate-object.js';

/**
 * Facts of kinds that were not modelled yet when they were stored are taken from the objects once more. What was stored
 * unjudged, and would be refused now, stays without a part in the network.
 */
export async function upToDate(facts: readonly Facts[], load: (refs: readonly ObjectRef[]) => Promise<ReadonlyMap<string, KubeObject>>): Promise<readonly Facts[]> {
  const outdated = facts.filter((one) => one.kind === 'Other' && factKindOf({ group: one.group, kind: one.objectKind }) !== 'Other').map(refOfFacts);
  if (outdated.length === 0) return facts;
  const bodies = await load(outdated);
  return facts.map((one) => {
    const body = one.kind === 'Other' ? bodies.get(refKey(refOfFacts(one))) : undefined;
    const judged = body && validateObject(body);
    return judged?.errors.length === 0 ? extractFacts(defaultObject(judged.object), one.ordinal) : one;
  });
}
