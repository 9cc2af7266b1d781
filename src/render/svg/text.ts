/** Breaks text into lines without measuring fonts: the font is fixed-width, with characters at most 0.6 em wide. */
import { fill, type Colour } from './palette.js';

export const FONT_SIZE = 12;
export const LINE_HEIGHT = 16;
const EM_PER_CHARACTER = 0.61;
export const FONT_FAMILY = 'ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', \'Liberation Mono\', monospace';

export const textWidth = (text: string, size = FONT_SIZE): number => Math.ceil(Array.from(text).length * size * EM_PER_CHARACTER);
export const columnsIn = (width: number, size = FONT_SIZE): number => Math.max(8, Math.floor(width / (size * EM_PER_CHARACTER)));

const NOT_XML = /[\p{Cc}\p{Cs}\ufffe\uffff]+/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** @source XML 1.0 §2.2 */
export const escapeXml = (text: string): string => text.replace(NOT_XML, ' ').replace(/[&<>"]/g, (character) => ENTITIES[character]!);

/** Splits a word that is too long for a line: after a separator, if there is one behind the first third. */
function parts(word: string, columns: number): string[] {
  const broken: string[] = [];
  let left = Array.from(word);
  while (left.length > columns) {
    const separator = left.slice(0, columns).findLastIndex((character) => '/.-:_'.includes(character));
    const room = separator >= columns / 3 ? separator + 1 : columns;
    broken.push(left.slice(0, room).join(''));
    left = left.slice(room);
  }
  return [...broken, left.join('')];
}

/** @returns at least one line, none longer than `columns` */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((each) => parts(each, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (Array.from(longer).length <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

interface TextStyle {
  readonly colour?: Colour;
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** @param y of the baseline */
export function textElement(x: number, y: number, text: string, { colour = 'ink', size = FONT_SIZE, bold = false, anchor = 'start' }: TextStyle = {}): string {
  const attributes = [
    ...(anchor === 'start' ? [] : [`text-anchor="${anchor}"`]), ...(size === FONT_SIZE ? [] : [`font-size="${size}"`]), ...(bold ? ['font-weight="bold"'] : []),
  ];
  return `<text x="${x}" y="${y}" ${[fill(colour), ...attributes].join(' ')}>${escapeXml(text)}</text>`;
}
