/** Quoting for the shell. Names come from users, and must never be read as anything but a word. */

const PLAIN = /^[\w./:@%+=,-]+$/;

/** Quotes any text as one word. @source POSIX shell, 2.2.2 */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** A comment after `#`, on one line whatever the text contains. */
export const shellComment = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '?');

/**
 * A command that reads `text` from a here-document, in which the shell expands nothing.
 *
 * @throws RangeError for a line that would end the document early
 */
export function hereDocument(command: string, text: string, delimiter = 'END'): string {
  const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
  if (lines.split('\n').includes(delimiter)) throw new RangeError(`a line of the document is its delimiter ${delimiter}`);
  return `${command} <<'${delimiter}'\n${lines}\n${delimiter}`;
}
