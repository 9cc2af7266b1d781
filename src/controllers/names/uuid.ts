const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** Spreads every bit over the word. @source MurmurHash3, finalizer of 32 bits */
function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** A table, because an import makes a uid a pod. */
const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex16 = (bits: number): string => `${HEX_OF_BYTE[(bits >>> 8) & 255]}${HEX_OF_BYTE[bits & 255]}`;
const hex32 = (bits: number): string => hex16(bits >>> 16) + hex16(bits);

/** A UUID that looks random (version 4) and is a hash of `text`: four lanes of 32 bits, each with its own multiplier and rotation. */
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
  const version = avalanche(b);
  const variant = avalanche(c);
  return `${hex32(avalanche(a ^ d))}-${hex16(version >>> 16)}-${hex16((version & 0x0fff) | 0x4000)}-${hex16(((variant >>> 16) & 0x3fff) | 0x8000)}-${hex16(variant)}${hex32(avalanche(d))}`;
}
