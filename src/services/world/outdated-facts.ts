import { defaultObject } from '../../domain/cluster/default-object.js';
import { extractFacts } from '../../domain/cluster/extract-facts.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { factKindOf, refOfFacts } from '../../domain/cluster/index/fact-ref.js';
import { refKey, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { NO_NGINX_SETTINGS } from '../../domain/http/nginx-settings.js';
import { validateObject } from '../../domain/cluster/validate-object.js';

/** Were the facts stored before their kind was modelled, or before those of Ingresses had what annotations tell ingress-nginx? */
const isOutdated = (facts: Facts): boolean =>
  (facts.kind === 'Other' ? factKindOf({ group: facts.group, kind: facts.objectKind }) !== 'Other' : facts.kind === 'Ingress' && !('nginx' in facts));

/** Facts of an Ingress that can no longer be extracted, as if it had no annotations. */
const completed = (facts: Facts): Facts =>
  facts.kind === 'Ingress' && isOutdated(facts) ? { ...facts, createdAt: facts.createdAt ?? '', nginx: NO_NGINX_SETTINGS } : facts;

/** Extracts outdated facts again, from the objects. An object that is no longer valid keeps its old facts. */
export async function refreshOutdatedFacts(
  facts: readonly Facts[],
  load: (refs: readonly ObjectRef[]) => Promise<ReadonlyMap<string, KubeObject>>,
): Promise<readonly Facts[]> {
  const outdated = facts.filter(isOutdated).map(refOfFacts);
  if (outdated.length === 0) return facts;
  const bodies = await load(outdated);
  return facts.map((one) => {
    const body = isOutdated(one) ? bodies.get(refKey(refOfFacts(one))) : undefined;
    const judged = body && validateObject(body);
    return judged?.errors.length === 0 ? extractFacts(defaultObject(judged.object), one.ordinal) : completed(one);
  });
}
