/**
 * A reader of the YAML that manifests are mostly written in: block mappings and sequences of one-line scalars. It reads
 * some hundred times what the whole language costs to read, and knows its limits: whatever it isn't sure of, it leaves to
 * the full parser. It never reads anything differently from that.
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
const MAX_SCALAR = 1000;

const BLANK = /^ *(?:#.*)?$/;
const KEY = /^([A-Za-z_][\w./-]*|"[\w./ -]+"):(?: +|$)/;
/** Words with single spaces between them; none ends in a colon, none begins a comment. */
const PLAIN_TEXT = /^[A-Za-z_/][\w./@:-]*(?: [\w./@:-]+)*$/;
/** Whatever a version of YAML reads as something else than text. */
const RESERVED = /^(?:true|false|null|y|n|yes|no|on|off)$/i;
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
/** Addresses, blocks, versions and quantities: they begin like numbers and are none. */
const NUMBERED_TEXT = /^\d+(?:(?:\.\d+){2,}(?:\/\d+)?|[kKMGTP]i?|m|s|%)$/;
const DOUBLE_QUOTED = /^"([^"\\\p{Cc}]*)"$/u;
const SINGLE_QUOTED = /^'([^'\p{Cc}]*)'$/u;

function parseScalar(text: string): unknown {
  if (text.length > MAX_SCALAR) return UNSURE;
  if (PLAIN_TEXT.test(text)) {
    if (text === 'true' || text === 'false') return text === 'true';
    return RESERVED.test(text) || text.endsWith(':') || text.includes(': ') ? UNSURE : text;
  }
  if (INTEGER.test(text)) return Number(text);
  if (NUMBERED_TEXT.test(text)) return text;
  if (text === '{}') return {};
  if (text === '[]') return [];
  return DOUBLE_QUOTED.exec(text)?.[1] ?? SINGLE_QUOTED.exec(text)?.[1] ?? UNSURE;
}

/** Moves to the next line with content. @returns its indentation, -1 at the end */
function indentOfNext(reader: Reader): number {
  for (; reader.next < reader.lines.length; reader.next += 1) {
    const line = reader.lines[reader.next] ?? '';
    if (!BLANK.test(line)) return line.search(/[^ ]/);
  }
  return -1;
}

/** What follows a key without a value, or nothing. A sequence may stand as far left as its key. */
function parseNested(reader: Reader, indent: number, depth: number): unknown {
  const inner = indentOfNext(reader);
  if (inner > indent) return parseBlock(reader, inner, depth + 1);
  if (inner === indent && (reader.lines[reader.next] ?? '').startsWith('- ', indent)) return parseSequence(reader, indent, depth + 1);
  return null;
}

/** @param text the line of an entry from its key on; @param indent column of the key */
function parseEntry(reader: Reader, text: string, indent: number, depth: number, into: Record<string, unknown>): Unsure | undefined {
  const match = KEY.exec(text);
  if (!match) return UNSURE;
  const key = (match[1] ?? '').replaceAll('"', '');
  if (Object.hasOwn(into, key) || key === '__proto__' || (RESERVED.test(key) && match[1] === key)) return UNSURE;
  const rest = text.slice(match[0].length).trimEnd();
  reader.next += 1;
  const value = rest === '' ? parseNested(reader, indent, depth) : parseScalar(rest);
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
  const value = parseScalar(text.trimEnd());
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
  const lines = text.split('\n');
  const reader: Reader = { lines, next: lines[0]?.trimEnd() === '---' ? 1 : 0 };
  if (indentOfNext(reader) !== 0) return undefined;
  const value = parseBlock(reader, 0, 0);
  return value === UNSURE || indentOfNext(reader) !== -1 ? undefined : value;
}
