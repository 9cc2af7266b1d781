const DASHES: readonly number[] = [8, 13, 18, 23];
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** 0–15, −1 for anything but 0–9 and a–f. */
function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/**
 * Writes a UUID as four words, most significant first.
 *
 * @returns `false`, with the words undefined, when `text` is not a UUID in lower case, which alone comes back the same
 * @source RFC 9562 §4
 */
export function writeUid(text: string, words: Int32Array, start: number): boolean {
  if (text.length !== 36) return false;
  let word = 0;
  let digits = 0;
  for (let index = 0; index < 36; index += 1) {
    const code = text.charCodeAt(index);
    if (index === DASHES[0] || index === DASHES[1] || index === DASHES[2] || index === DASHES[3]) {
      if (code !== 45) return false;
      continue;
    }
    const value = nibble(code);
    if (value < 0) return false;
    word = (word << 4) | value;
    digits += 1;
    if (digits % 8 === 0) words[start + digits / 8 - 1] = word;
  }
  return true;
}

const hexOf = (half: number): string => `${HEX[(half >>> 8) & 255] ?? ''}${HEX[half & 255] ?? ''}`;

export function readUid(words: Int32Array, start: number): string {
  const [a, b, c, d] = [words[start] ?? 0, words[start + 1] ?? 0, words[start + 2] ?? 0, words[start + 3] ?? 0];
  return `${hexOf(a >>> 16)}${hexOf(a)}-${hexOf(b >>> 16)}-${hexOf(b)}-${hexOf(c >>> 16)}-${hexOf(c)}${hexOf(d >>> 16)}${hexOf(d)}`;
}
