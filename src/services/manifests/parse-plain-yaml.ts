/**
 * A reader of the YAML that manifests are mostly written in: block mappings and sequences of scalars and literal text.
 * It reads some hundred times what the whole language costs to read, and knows its limits: whatever it isn't sure of,
 * it leaves to the full parser. It never reads anything differently from that.
 */

/** Not of the subset, or not YAML: the full parser will tell. */
const UNSURE = Symbol('unsure');
type Unsure = typeof UNSURE;

interface Reader {
  readonly lines: readonly string[];
  next: number;
}

const MAX_DEPTH = 64;
/** Expressions that repeat a group run out of stack on long text. */
const MAX_NUMBERED = 100;

/** White space that ends no line and that YAML takes for content. */
const OTHER_SPACE = /[^\S\n\t ]/;
const BLANK = /^ *(?:#.*)?$/;
const KEY = /^([A-Za-z_][\w./-]*|"[\w./ -]+"):(?: +|$)/;
/** Printable ASCII that begins like nothing else. */
const PLAIN_TEXT = /^(?:[A-Za-z_/^$(\\]|\.[A-Za-z])[ -~]*$/;
/** In it a mapping or a comment would begin. */
const NOT_IN_PLAIN_TEXT = /: |:$| #/;
/** Whatever a version of YAML reads as something else than text. */
const RESERVED = /^(?:true|false|null|y|n|yes|no|on|off|\.inf|\.nan)$/i;
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
/** Addresses, blocks, versions and quantities: they begin like numbers and are none. */
const NUMBERED_TEXT = /^\d+(?:(?:\.\d+){2,}(?:\/\d+)?|[kKMGTP]i?|m?s|[mh]|%)$/;
const CONTROL = /\p{Cc}/u;
/** What JSON reads otherwise, or not at all. */
const NOT_OF_JSON = /\\[^"\\/bfnrt]/;

function parseQuoted(text: string): unknown {
  if (text.length < 2 || !text.endsWith(text.charAt(0)) || CONTROL.test(text)) return UNSURE;
  if (text.startsWith('\'')) {
    const inner = text.slice(1, -1);
    return inner.replaceAll('\'\'', '').includes('\'') ? UNSURE : inner.replaceAll('\'\'', '\'');
  }
  if (!text.startsWith('"') || NOT_OF_JSON.test(text)) return UNSURE;
  try {
    return JSON.parse(text);
  } catch {
    return UNSURE;
  }
}

function parseScalar(text: string): unknown {
  if (PLAIN_TEXT.test(text)) {
    if (text === 'true' || text === 'false') return text === 'true';
    if (text === 'null') return null;
    return RESERVED.test(text) || NOT_IN_PLAIN_TEXT.test(text) ? UNSURE : text;
  }
  if (INTEGER.test(text)) return Number(text);
  if (text.length <= MAX_NUMBERED && NUMBERED_TEXT.test(text)) return text;
  if (text === '{}') return {};
  if (text === '[]') return [];
  return parseQuoted(text);
}

/**
 * A scalar that may go on in the lines that stand further right than what it belongs to: these are joined by spaces,
 * quoted or not.
 *
 * @param indent column of what the scalar belongs to
 * @source YAML 1.2.2 §7.3
 */
function parseFolded(reader: Reader, first: string, indent: number): unknown {
  const parts = [first];
  for (; reader.next < reader.lines.length; reader.next += 1) {
    const line = reader.lines[reader.next] ?? '';
    if (BLANK.test(line) || line.search(/[^ ]/) <= indent) break;
    parts.push(line.trim());
  }
  return parseScalar(parts.join(' '));
}

/**
 * The lines of a text that keeps its line breaks, from where the reader stands.
 *
 * @param header `|`, or `|-` for a text without the last of them
 * @param indent column of what the text belongs to
 * @source YAML 1.2.2 §8.1.2
 */
function parseLiteral(reader: Reader, header: '|' | '|-', indent: number): unknown {
  const inner = (reader.lines[reader.next] ?? '').search(/[^ ]/);
  if (inner <= indent) return UNSURE;
  const margin = ' '.repeat(inner);
  const found: string[] = [];
  for (; reader.next < reader.lines.length; reader.next += 1) {
    const line = reader.lines[reader.next] ?? '';
    if (/^ *$/.test(line)) {
      if (line.length > inner) return UNSURE;
      found.push('');
    } else if (line.startsWith(margin)) {
      found.push(line.slice(inner));
    } else {
      break;
    }
  }
  const text = found.join('\n');
  if (text.includes('\t') || /^ *#/.test(reader.lines[reader.next] ?? '')) return UNSURE;
  return `${text.replace(/\n+$/, '')}${header === '|' ? '\n' : ''}`;
}

/** @param text what stands in the first line, not empty */
const parseText = (reader: Reader, text: string, indent: number): unknown =>
  (text === '|' || text === '|-' ? parseLiteral(reader, text, indent) : parseFolded(reader, text, indent));

/** Moves to the next line with content. @returns its indentation, -1 at the end */
function indentOfNext(reader: Reader): number {
  for (; reader.next < reader.lines.length; reader.next += 1) {
    const line = reader.lines[reader.next] ?? '';
    if (!BLANK.test(line)) return line.search(/[^ ]/);
  }
  return -1;
}

/** What stands in the lines after a key, or nothing. A sequence may stand as far left as its key. */
function parseNested(reader: Reader, indent: number, depth: number): unknown {
  const inner = indentOfNext(reader);
  const line = (reader.lines[reader.next] ?? '').slice(Math.max(inner, 0));
  if (inner === indent && line.startsWith('- ')) return parseSequence(reader, indent, depth + 1);
  if (inner <= indent) return null;
  if (line.startsWith('- ') || KEY.test(line)) return parseBlock(reader, inner, depth + 1);
  reader.next += 1;
  return parseText(reader, line.trimEnd(), indent);
}

/** @param text the line of an entry from its key on; @param indent column of the key */
function parseEntry(reader: Reader, text: string, indent: number, depth: number, into: Record<string, unknown>): Unsure | undefined {
  const match = KEY.exec(text);
  if (!match) return UNSURE;
  const key = (match[1] ?? '').replaceAll('"', '');
  if (Object.hasOwn(into, key) || key === '__proto__' || (RESERVED.test(key) && match[1] === key)) return UNSURE;
  const rest = text.slice(match[0].length).trimEnd();
  reader.next += 1;
  const value = rest === '' ? parseNested(reader, indent, depth) : parseText(reader, rest, indent);
  // What is further in than a scalar's key goes on with the scalar.
  if (value === UNSURE || (rest !== '' && indentOfNext(reader) > indent)) return UNSURE;
  into[key] = value;
  return undefined;
}

/** @param first the first entry's text where it stands behind a `- ` */
function parseMapping(reader: Reader, indent: number, depth: number, first?: string): unknown {
  const mapping: Record<string, unknown> = {};
  let text: string | undefined = first ?? (reader.lines[reader.next] ?? '').slice(indent);
  while (text !== undefined) {
    if (parseEntry(reader, text, indent, depth, mapping) === UNSURE) return UNSURE;
    const found = indentOfNext(reader);
    if (found > indent) return UNSURE;
    const line = found === indent ? (reader.lines[reader.next] ?? '') : undefined;
    text = line === undefined || line.startsWith('- ', indent) ? undefined : line.slice(indent);
  }
  return mapping;
}

function parseItem(reader: Reader, text: string, indent: number, depth: number): unknown {
  if (KEY.test(text)) return parseMapping(reader, indent + 2, depth + 1, text);
  reader.next += 1;
  const value = parseText(reader, text.trimEnd(), indent);
  return indentOfNext(reader) > indent ? UNSURE : value;
}

function parseSequence(reader: Reader, indent: number, depth: number): unknown {
  if (depth > MAX_DEPTH) return UNSURE;
  const sequence: unknown[] = [];
  while (indentOfNext(reader) === indent) {
    const line = reader.lines[reader.next] ?? '';
    if (!line.startsWith('- ', indent)) break;
    const text = line.slice(indent + 2);
    if (text.startsWith(' ') || text.startsWith('-')) return UNSURE;
    const item = parseItem(reader, text, indent, depth);
    if (item === UNSURE) return UNSURE;
    sequence.push(item);
  }
  return sequence;
}

function parseBlock(reader: Reader, indent: number, depth: number): unknown {
  if (depth > MAX_DEPTH) return UNSURE;
  const line = reader.lines[reader.next] ?? '';
  return line.startsWith('- ', indent) ? parseSequence(reader, indent, depth) : parseMapping(reader, indent, depth);
}

/** @returns the document's value, `undefined` where the full parser has to be asked */
export function parsePlainYaml(text: string): unknown {
  if (OTHER_SPACE.test(text)) return undefined;
  const lines = text.split('\n');
  const reader: Reader = { lines, next: lines[0]?.trimEnd() === '---' ? 1 : 0 };
  if (indentOfNext(reader) !== 0) return undefined;
  const value = parseBlock(reader, 0, 0);
  return value === UNSURE || indentOfNext(reader) !== -1 ? undefined : value;
}
