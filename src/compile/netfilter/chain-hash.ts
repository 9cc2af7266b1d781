import { hash as digestOf } from 'node:crypto';

export const HASH_LENGTH = 16;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The first 16 digits of the SHA-256 in base 32: five hexadecimal digits are four of them. @source RFC 4648 §6 */
export function chainHash(text: string): string {
  const digest = digestOf('sha256', text, 'hex');
  let hash = '';
  for (let offset = 0; hash.length < HASH_LENGTH; offset += 5) {
    const bits = Number.parseInt(digest.slice(offset, offset + 5), 16);
    hash += BASE32.charAt(bits >>> 15) + BASE32.charAt((bits >>> 10) & 31) + BASE32.charAt((bits >>> 5) & 31) + BASE32.charAt(bits & 31);
  }
  return hash;
}
