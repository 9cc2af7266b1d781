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
