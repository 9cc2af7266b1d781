/** Formats objects as a stream of YAML documents. Hand-written for speed: an export of a large cluster spends most of its time here. */
import { isFields, type Fields } from '../../domain/values/fields.js';

/** The usual order of an object's fields; others follow in their own order, and `status` comes last. */
const OBJECT_ORDER = ['apiVersion', 'kind', 'metadata', 'spec'];
const METADATA_ORDER = ['name', 'generateName', 'namespace', 'labels', 'annotations'];

/** Words that some version of YAML does not read as text. */
const RESERVED = /^(y|n|yes|no|on|off|true|false|null|~)$/i;
const PLAIN = /^[A-Za-z_/][\w./@-]*(?:[ :][\w./@-]+)*$/;

/** Longer text is not matched as a whole, since regular expressions that repeat a group run out of stack. */
const MAX_PLAIN = 1000;

const isPlain = (text: string): boolean => text.length <= MAX_PLAIN && PLAIN.test(text) && !RESERVED.test(text);

const isSpace = (character: string | undefined): boolean => character === undefined || character === ' ' || character === '\n';

/** Can multi-line text be a plain block scalar? It must not need escapes, and have no indentation or trailing blanks. */
function isBlock(text: string): boolean {
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  if (!text.includes('\n') || isSpace(text[0]) || isSpace(text[end - 1])) return false;
  return !/[^\n\x20-\x7e\u00a1-\u1fff\u2030-\ud7ff\ue000-\ufefe]/.test(text);
}

function formatText(text: string, indent: string): string {
  if (isPlain(text)) return text;
  if (isBlock(text)) {
    const kept = text.endsWith('\n');
    const lines = (kept ? text.slice(0, -1) : text).split('\n');
    return `${kept ? '|' : '|-'}\n${lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}`;
  }
  // JSON's strings are YAML's double-quoted ones.
  return JSON.stringify(text);
}

/** A value after `key:` or `-`, with the separator before it. */
function formatValue(value: unknown, indent: string): string {
  if (typeof value === 'string') return ` ${formatText(value, `${indent}  `)}`;
  if (Array.isArray(value)) return value.length === 0 ? ' []' : `\n${formatList(value, indent)}`;
  if (isFields(value)) {
    const fields = formatFields(Object.entries(value), `${indent}  `);
    return fields === '' ? ' {}' : `\n${indent}  ${fields}`;
  }
  return ` ${JSON.stringify(value ?? null)}`;
}

/** A key, as text on one line. */
const formatKey = (key: string): string => (isPlain(key) ? key : JSON.stringify(key));

/** Fields on lines of their own, the first at the current position. */
function formatFields(entries: readonly (readonly [string, unknown])[], indent: string): string {
  const lines: string[] = [];
  for (const [key, value] of entries) if (value !== undefined) lines.push(`${formatKey(key)}:${formatValue(value, indent)}`);
  return lines.join(`\n${indent}`);
}

/** A list item: the first line of nested fields or a nested list is on the line of its `-`. */
function formatItem(item: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(item) && item.length > 0) return ` ${formatList(item, inner).slice(inner.length)}`;
  const fields = isFields(item) ? formatFields(Object.entries(item), inner) : '';
  return fields === '' ? formatValue(item, indent) : ` ${fields}`;
}

const formatList = (list: readonly unknown[], indent: string): string => list.map((item) => `${indent}-${formatItem(item, indent)}`).join('\n');

function ordered(value: Fields, first: readonly string[], last: readonly string[] = []): readonly (readonly [string, unknown])[] {
  const rest = Object.keys(value).filter((key) => !first.includes(key) && !last.includes(key));
  return [...first, ...rest, ...last].filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key]] as const);
}

/** One object as one YAML document, without `---`. */
export function formatManifest(object: object): string {
  const entries = ordered(object as Fields, OBJECT_ORDER, ['status']).map(([key, value]): readonly [string, unknown] =>
    key === 'metadata' && isFields(value) ? [key, Object.fromEntries(ordered(value, METADATA_ORDER))] : [key, value]);
  return `${formatFields(entries, '')}\n`;
}
