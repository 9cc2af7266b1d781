/** Maximum width of the text, in columns. */
export const COLUMNS = 100;

/**
 * Breaks `text` at spaces into lines of at most `COLUMNS`, each with its indent.
 *
 * @param first indent of the first line
 * @param rest indent of the other lines, e.g. spaces
 */
export function wrap(text: string, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    let left = word;
    if (!isEmpty && line.length + 1 + left.length > COLUMNS) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    // A word longer than a line is split: a list of labels between two labels, a long DNS name anywhere.
    while (isEmpty && line.length + left.length > COLUMNS) {
      const whole = COLUMNS - line.length;
      const comma = left.lastIndexOf(',', whole - 1);
      const room = comma < 0 ? whole : comma + 1;
      lines.push(line + left.slice(0, room));
      left = left.slice(room);
      line = rest;
    }
    line += isEmpty ? left : ` ${left}`;
    isEmpty = false;
  }
  lines.push(line);
  return lines.map((each) => each.trimEnd());
}

/** `── title ─────────` over the full width. */
export function ruled(title: string, stroke: string): string[] {
  const [head = '', ...more] = wrap(title, `${stroke}${stroke} `, '   ');
  return [head.length + 1 < COLUMNS ? `${head} ${stroke.repeat(COLUMNS - head.length - 1)}` : head, ...more];
}
