import { mix } from '../../domain/values/hash.js';

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

const DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/**
 * The buffer in which the text is built. A string that is concatenated from many parts takes more memory, and an import
 * creates a uid for each pod.
 */
const text36 = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');

/** Writes the lowest bits of `word` as hexadecimal digits. */
function writeHex(word: number, start: number, digits: number): void {
  for (let index = 0; index < digits; index += 1) text36[start + index] = DIGITS[(word >>> (4 * (digits - 1 - index))) & 15] as number;
}

/** A UUID in the form of version 4 that is a hash of `text`, with four lanes of 32 bits that differ in multiplier and rotation. */
export function uuidOf(text: string): string {
  let a = 0x1e3779b9;
  let b = 0x243f6a88;
  let c = 0x37e15162;
  let d = 0x6a09e667;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(rotate(a ^ unit, 5), 0x2c1b3c6d);
    b = Math.imul(rotate(b ^ unit, 9), 0x297a2d39);
    c = Math.imul(rotate(c ^ unit, 13), 0x1b873593);
    d = Math.imul(rotate(d ^ unit, 17), 0x27d4eb2f);
  }
  const version = mix(b);
  const variant = mix(c);
  writeHex(mix(a ^ d), 0, 8);
  writeHex(version >>> 16, 9, 4);
  writeHex((version & 0x0fff) | 0x4000, 14, 4);
  writeHex(((variant >>> 16) & 0x3fff) | 0x8000, 19, 4);
  writeHex(variant, 24, 4);
  writeHex(mix(d), 28, 8);
  return text36.toString('latin1');
}
