const DASHES: readonly number[] = [8, 13, 18, 23];
const DASH = 45;

/** 0–15, −1 for anything but 0–9 and a–f. */
function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

const codeOf = (value: number): number => (value < 10 ? 48 + value : 87 + value);

/**
 * Writes a UUID as four words, the most significant first.
 *
 * @returns `false`, and the words are undefined, if `text` is not a lower-case UUID: another text could not be restored exactly
 * @source RFC 9562 §4
 */
export function writeUid(text: string, words: Int32Array, start: number): boolean {
  if (text.length !== 36) return false;
  let word = 0;
  let digits = 0;
  for (let index = 0; index < 36; index += 1) {
    const code = text.charCodeAt(index);
    if (index === DASHES[0] || index === DASHES[1] || index === DASHES[2] || index === DASHES[3]) {
      if (code !== DASH) return false;
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

/** The position of each byte in the text. */
const PLACES: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const codes = Array.from({ length: 36 }, () => DASH);

/** Decoded from bytes, which gives a flat string: V8 keeps a concatenated one as a tree of its parts. */
export function readUid(words: Int32Array, start: number): string {
  for (let byte = 0; byte < 16; byte += 1) {
    const value = ((words[start + (byte >> 2)] ?? 0) >>> (24 - 8 * (byte & 3))) & 255;
    const place = PLACES[byte] ?? 0;
    codes[place] = codeOf(value >>> 4);
    codes[place + 1] = codeOf(value & 15);
  }
  return String.fromCharCode(...codes);
}
