/** Pieces of JSON text, equal to what `JSON.stringify` makes of the same values. */

/**
 * The same text in one piece. Engines join strings lazily; a piece that is used many times is better joined once.
 * Reading a character does that.
 */
export function inOnePiece(text: string): string {
  text.charCodeAt(0);
  return text;
}

/** What a JSON string may not hold as it is; lone surrogates are among it, so that pairs take the slow way too. */
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

export const writeString = (text: string): string => (NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`);

export const writeNullable = (text: string | null): string => (text === null ? 'null' : writeString(text));

/** Names that were written lately (places, interfaces, chains); emptied when full. */
const LIMIT = 4096;
const names = new Map<string, string>();

/** For names, which come again and again; a sentence would only fill the memory. */
export function writeName(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= LIMIT) names.clear();
  const written = inOnePiece(writeString(name));
  names.set(name, written);
  return written;
}

export const writeNullableName = (name: string | null): string => (name === null ? 'null' : writeName(name));

export function writeArray<T>(items: readonly T[], write: (item: T) => string): string {
  if (items.length === 0) return '[]';
  let text = `[${write(items[0]!)}`;
  for (let index = 1; index < items.length; index += 1) text += `,${write(items[index]!)}`;
  return `${text}]`;
}
