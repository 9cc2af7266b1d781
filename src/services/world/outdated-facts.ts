import { defaultObject } from '../../domain/cluster/default-object.js';
import { extractFacts } from '../../domain/cluster/extract-facts.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { factKindOf, refOfFacts } from '../../domain/cluster/index/fact-ref.js';
import { refKey, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { validateObject } from '../../domain/cluster/validate-object.js';

/** Stored before its kind was modelled, or before facts of Ingresses had a time of creation. */
const isOutdated = (facts: Facts): boolean =>
  (facts.kind === 'Other' ? factKindOf({ group: facts.group, kind: facts.objectKind }) !== 'Other' : facts.kind === 'Ingress' && !('createdAt' in facts));

/** Extracts outdated facts again, from the objects. An object that would be refused now keeps those that it has. */
export async function upToDate(facts: readonly Facts[], load: (refs: readonly ObjectRef[]) => Promise<ReadonlyMap<string, KubeObject>>): Promise<readonly Facts[]> {
  const outdated = facts.filter(isOutdated).map(refOfFacts);
  if (outdated.length === 0) return facts;
  const bodies = await load(outdated);
  return facts.map((one) => {
    const body = isOutdated(one) ? bodies.get(refKey(refOfFacts(one))) : undefined;
    const judged = body && validateObject(body);
    return judged?.errors.length === 0 ? extractFacts(defaultObject(judged.object), one.ordinal) : one;
  });
}
