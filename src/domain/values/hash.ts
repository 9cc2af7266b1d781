/**
 * FNV-1a over UTF-16 code units, 32 bits: a stable choice of names, ports and MACs, not a security measure.
 *
 * @source https://www.rfc-editor.org/rfc/rfc9923 (FNV)
 */
export function fnv1a(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Spreads the bits of a 32-bit number, so that neighbours get far apart. @source MurmurHash3 `fmix32` */
export function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
