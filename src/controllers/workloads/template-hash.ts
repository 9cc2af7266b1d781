import { byText } from '../../domain/values/by-text.js';
import { fnv1a } from '../../domain/values/hash.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { safeEncode } from '../names/generated-name.js';
import type { PodTemplate } from '../object-shapes.js';

/** The label by which each ReplicaSet of a Deployment selects its own pods. */
export const HASH_LABEL = 'pod-template-hash';

/**
 * A hash of the template in Kubernetes' form: 32 bits of FNV as decimal digits, encoded in the safe alphabet.
 *
 * @param collisions how many hashes of this template were already taken
 * @source kubernetes/kubernetes pkg/controller `ComputeHash`
 */
export const templateHash = (template: PodTemplate, collisions = 0): string =>
  safeEncode(String(fnv1a(collisions === 0 ? canonicalJson(template) : `${canonicalJson(template)}/${collisions}`)));

/** Are two templates equal except for the hash label? @source kubernetes/kubernetes pkg/controller/deployment/util `EqualIgnoreHash` */
export const sameTemplate = (a: PodTemplate, b: PodTemplate): boolean => deepEqual(withoutHash(a), withoutHash(b));

export const withHash = (template: PodTemplate, hash: string): PodTemplate => ({
  ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [HASH_LABEL]: hash } },
});

function withoutHash({ metadata = {}, spec }: PodTemplate): object {
  const { [HASH_LABEL]: _hash, ...labels }: Readonly<Record<string, string>> = metadata.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
}

/** JSON with the keys of every object sorted, so that equal values have equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => byText(a, b)));
  });
}
