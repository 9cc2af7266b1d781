import { fnv1a } from '../../domain/values/hash.js';

/** Without vowels and digits that look like letters, so that no words are generated. @source k8s.io/apimachinery `util/rand.SafeEncodeString` */
export const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
/**
 * A generated name is a DNS label: a base that is too long is cut before the suffix is added.
 *
 * @source k8s.io/apiserver `names.SimpleNameGenerator`
 */
const MAX_LENGTH = 63;

/** Replaces each character of `text` (usually a digit) by one of the safe alphabet. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let index = 0; index < text.length; index += 1) encoded += SAFE_ALPHABET[text.charCodeAt(index) % SAFE_ALPHABET.length];
  return encoded;
}

/** A hash of `text` as five characters of the safe alphabet. */
function safeSuffix(text: string): string {
  let rest = fnv1a(text);
  rest = (Math.imul(rest ^ (rest >>> 15), 0x2c1b3c6d) ^ (rest >>> 13)) >>> 0;
  let suffix = '';
  for (let place = 0; place < SUFFIX_LENGTH; place += 1) {
    suffix += SAFE_ALPHABET[rest % SAFE_ALPHABET.length];
    rest = Math.floor(rest / SAFE_ALPHABET.length);
  }
  return suffix;
}

/**
 * `base` and a suffix of five characters, which is a hash of `owner` and `ordinal`.
 *
 * @param isTaken is called for each candidate until one is free
 */
export function generatedName(base: string, owner: string, ordinal: number, isTaken: (name: string) => boolean): string {
  const stem = base.slice(0, MAX_LENGTH - SUFFIX_LENGTH);
  for (let attempt = 0; ; attempt += 1) {
    const name = stem + safeSuffix(`${owner}/${ordinal}/${attempt}`);
    if (!isTaken(name)) return name;
  }
}
