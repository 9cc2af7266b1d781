/** Text that a shell reads. Names come from users: nothing of theirs is ever read as anything but a word. */

const PLAIN = /^[\w./:@%+=,-]+$/;

/** One word, whatever is in it. @source POSIX shell, 2.2.2 */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** What stands behind `#`: of one line, whatever is in it. */
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
