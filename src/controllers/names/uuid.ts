const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** Spreads every bit over the word. @source MurmurHash3, finalizer of 32 bits */
function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** A UUID that looks random (version 4) and is a hash of `text`: four lanes of 32 bits, each with its own multiplier and rotation. */
export function uuidOf(text: string): string {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let d = 0x6a09e667;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(rotate(a ^ unit, 5), 0x2c1b3c6d);
    b = Math.imul(rotate(b ^ unit, 9), 0x297a2d39);
    c = Math.imul(rotate(c ^ unit, 13), 0x1b873593);
    d = Math.imul(rotate(d ^ unit, 17), 0x27d4eb2f);
  }
  const first = hex(avalanche(a ^ d));
  const second = hex(avalanche(b));
  const third = hex(((avalanche(c) & 0x3fffffff) | 0x80000000) >>> 0);
  const fourth = hex(avalanche(d));
  return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${third.slice(0, 4)}-${third.slice(4)}${fourth}`;
}
