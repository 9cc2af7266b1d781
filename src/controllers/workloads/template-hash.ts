import { byText } from '../../domain/values/by-text.js';
import { fnv1a } from '../../domain/values/hash.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { safeEncode } from '../names/generated-name.js';
import type { PodTemplate } from '../object-shapes.js';

/** Tells the pods of one ReplicaSet of a Deployment from those of the others. */
export const HASH_LABEL = 'pod-template-hash';

/**
 * A short name for what a template says, in Kubernetes' form: 32 bits of FNV, the decimal digits in the safe alphabet.
 *
 * @param collisions how many other templates have turned out to have the same hash
 * @source kubernetes/kubernetes pkg/controller `ComputeHash`
 */
export const templateHash = (template: PodTemplate, collisions = 0): string =>
  safeEncode(String(fnv1a(collisions === 0 ? canonicalJson(template) : `${canonicalJson(template)}/${collisions}`)));

/** Whether two templates are the same but for the hash label. @source kubernetes/kubernetes pkg/controller/deployment/util `EqualIgnoreHash` */
export const sameTemplate = (a: PodTemplate, b: PodTemplate): boolean => deepEqual(withoutHash(a), withoutHash(b));

export const withHash = (template: PodTemplate, hash: string): PodTemplate => ({
  ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [HASH_LABEL]: hash } },
});

function withoutHash({ metadata = {}, spec }: PodTemplate): object {
  const { [HASH_LABEL]: _hash, ...labels }: Readonly<Record<string, string>> = metadata.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
}

/** JSON with the keys of every object in order, so that equal values are equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => byText(a, b)));
  });
}
