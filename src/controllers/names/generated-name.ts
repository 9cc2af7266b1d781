import { fnv1a } from '../../domain/values/hash.js';

/** No vowels, no digits that look like letters: no words come out. @source k8s.io/apimachinery `util/rand.SafeEncodeString` */
export const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
/** A generated name is a DNS label; what is too long is cut before the suffix. @source k8s.io/apiserver `names.SimpleNameGenerator` */
const MAX_LENGTH = 63;

/** Every character of `text` (digits, as a rule) as one of the safe alphabet. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let index = 0; index < text.length; index += 1) encoded += SAFE_ALPHABET[text.charCodeAt(index) % SAFE_ALPHABET.length];
  return encoded;
}

/** Five safe characters, a hash of `text`. */
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
 * `base` and five characters, a hash of who owns the name and of `ordinal`.
 *
 * @param isTaken is asked about each candidate; a name that exists is never given twice
 */
export function generatedName(base: string, owner: string, ordinal: number, isTaken: (name: string) => boolean): string {
  const stem = base.slice(0, MAX_LENGTH - SUFFIX_LENGTH);
  for (let attempt = 0; ; attempt += 1) {
    const name = stem + safeSuffix(`${owner}/${ordinal}/${attempt}`);
    if (!isTaken(name)) return name;
  }
}
