import { defaultObject } from '../../domain/cluster/default-object.js';
import { extractFacts } from '../../domain/cluster/extract-facts.js';
import { FOREIGN_ROUTES } from '../../domain/cluster/extract/foreign-routes.js';
import { FOREIGN_KINDS } from '../../domain/cluster/extract/foreign-selector.js';
import type { Facts, IngressFacts, OtherFacts } from '../../domain/cluster/facts.js';
import { factKindOf, refOfFacts } from '../../domain/cluster/index/fact-ref.js';
import { refKey, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { isNginxConfig } from '../../domain/http/nginx-config.js';
import { NO_NGINX_SETTINGS } from '../../domain/http/nginx-settings.js';
import { validateObject } from '../../domain/cluster/validate-object.js';

/** Does an Ingress lack anything of what annotations tell ingress-nginx? */
const lacksSettings = ({ nginx }: Partial<IngressFacts>): boolean => Object.keys(NO_NGINX_SETTINGS).some((setting) => !nginx || !(setting in nginx));

function isOutdatedOther({ group, objectKind, name, podSelector, routes, nginx }: OtherFacts): boolean {
  const kind = `${group}/${objectKind}`;
  if (factKindOf({ group, kind: objectKind }) !== 'Other') return true;
  return (podSelector === null && FOREIGN_KINDS.has(kind)) || (!routes && FOREIGN_ROUTES.has(kind)) || (kind === '/ConfigMap' && isNginxConfig(name) && !nginx);
}

/**
 * Were the facts stored before their kind was modelled or known to decide about traffic, or before an annotation of an
 * Ingress or the ConfigMap of ingress-nginx was modelled?
 */
const isOutdated = (facts: Facts): boolean => (facts.kind === 'Other' ? isOutdatedOther(facts) : facts.kind === 'Ingress' && lacksSettings(facts));

/** Facts of an Ingress that can no longer be extracted, as if it had none of the annotations that they lack. */
const completed = (facts: Facts): Facts =>
  facts.kind === 'Ingress' && isOutdated(facts)
    ? { ...facts, createdAt: facts.createdAt ?? '', nginx: { ...NO_NGINX_SETTINGS, ...facts.nginx } }
    : facts;

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
