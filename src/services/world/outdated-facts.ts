import { defaultObject } from '../../domain/cluster/default-object.js';
import { extractFacts } from '../../domain/cluster/extract-facts.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { factKindOf, refOfFacts } from '../../domain/cluster/index/fact-ref.js';
import { refKey, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { validateObject } from '../../domain/cluster/validate-object.js';

/** Were the facts stored before their kind was modelled, or before those of Ingresses had a creation time? */
const isOutdated = (facts: Facts): boolean =>
  (facts.kind === 'Other' ? factKindOf({ group: facts.group, kind: facts.objectKind }) !== 'Other' : facts.kind === 'Ingress' && !('createdAt' in facts));

/** Extracts outdated facts again, from the objects. An object that is no longer valid keeps its old facts. */
export async function refreshOutdatedFacts(facts: readonly Facts[], load: (refs: readonly ObjectRef[]) => Promise<ReadonlyMap<string, KubeObject>>): Promise<readonly Facts[]> {
  const outdated = facts.filter(isOutdated).map(refOfFacts);
  if (outdated.length === 0) return facts;
  const bodies = await load(outdated);
  return facts.map((one) => {
    const body = isOutdated(one) ? bodies.get(refKey(refOfFacts(one))) : undefined;
    const judged = body && validateObject(body);
    return judged?.errors.length === 0 ? extractFacts(defaultObject(judged.object), one.ordinal) : one;
  });
}
