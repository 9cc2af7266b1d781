/** Finds the objects in text or values: lists are unpacked, objects are not validated. */
import type { Problem } from '../app-error.js';
import { plainDataProblems } from '../plain-data.js';
import { parseJsonText } from './parse-json-text.js';
import { repeatedFields } from './repeated-fields.js';
import { LineFinder, readChunk, splitStream, type Path, type YamlChunk } from './yaml-documents.js';
import { isFields } from '../../domain/values/fields.js';

export type ManifestLanguage = 'yaml' | 'json';

/** A place in a text: the part, and the path within it. */
export interface Place {
  readonly chunk: number;
  readonly path: Path;
}

/** Plain data: it can be handed from one thread to another. */
export interface ManifestDocument {
  /** `null` if it cannot be stored. */
  readonly object: unknown;
  /** 0-based number of the document, or of the item if the input is a single list. */
  readonly document: number;
  /** Warnings about duplicate keys; those of a whole text are on its first document. */
  readonly repeated?: readonly string[];
  /** Why the object cannot be stored. */
  readonly unkeepable: readonly Problem[];
  readonly place: Place;
}

export interface ParsedManifests {
  readonly documents: readonly ManifestDocument[];
  /** All syntax errors of the text. */
  readonly errors: readonly Problem[];
}

/** `spec.ports[0].nodePort` → `['spec', 'ports', 0, 'nodePort']`; brackets may hold keys as well. */
export const parsePath = (path: string): Path =>
  [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => (match[1] === undefined ? match[0] : /^\d+$/.test(match[1]) ? Number(match[1]) : match[1]));

/** Items of a typed list such as `PodList` may omit apiVersion and kind. */
function withTypeOf(list: Readonly<Record<string, unknown>>, item: unknown): unknown {
  const kind = String(list['kind']).replace(/List$/, '');
  if (kind === '' || !isFields(item) || item['kind'] !== undefined || item['apiVersion'] !== undefined) return item;
  return { apiVersion: list['apiVersion'], kind, ...item };
}

interface Located {
  readonly object: unknown;
  readonly path: Path;
}

/** Depth to which nested lists are unpacked. */
const MAX_LISTS = 10;

/** Unpacks arrays and lists, nested ones too. Paths are extended by `concat`, since arrays made by a spread reserve extra memory. */
function flatten({ object, path }: Located, depth = 0): readonly Located[] {
  if (depth > MAX_LISTS) return [{ object, path }];
  if (Array.isArray(object)) return object.flatMap((item: unknown, index) => flatten({ object: item, path: path.concat(index) }, depth + 1));
  if (!isFields(object) || typeof object['kind'] !== 'string' || !object['kind'].endsWith('List')) return [{ object, path }];
  if (object['items'] === null) return []; // a template with an empty loop
  if (!Array.isArray(object['items'])) return [{ object, path }];
  return object['items'].flatMap((item: unknown, index) => flatten({ object: withTypeOf(object, item), path: path.concat('items', index) }, depth + 1));
}

const NONE: readonly never[] = Object.freeze([]);

/** @param alone whether the value is the whole input: then its items are numbered */
function documentsOf(value: unknown, chunk: number, alone: boolean): readonly ManifestDocument[] {
  return flatten({ object: value, path: [] }).map(({ object, path }, item) => {
    const unkeepable = plainDataProblems(object);
    const place = { chunk, path };
    const document = alone ? item : chunk;
    return unkeepable.length > 0 ? { object: null, document, unkeepable, place } : { object, document, unkeepable: NONE, place };
  });
}

export const fromValue = (value: unknown): readonly ManifestDocument[] => documentsOf(value, 0, true);

const chunksOf = (text: string, language: ManifestLanguage): readonly YamlChunk[] => (language === 'yaml' ? splitStream(text) : [{ text, firstLine: 0 }]);

function readJson({ text }: YamlChunk): ReturnType<typeof readChunk> {
  const { value, problem } = parseJsonText(text) as { readonly value?: unknown; readonly problem?: Problem };
  if (problem) return { problems: [problem] };
  const repeated = repeatedFields(text, value);
  return { value, ...(repeated.length > 0 && { repeated }) };
}

function withRepeated(documents: readonly ManifestDocument[], repeated: readonly string[] | undefined): readonly ManifestDocument[] {
  const [first, ...others] = documents;
  return first && repeated ? [{ ...first, repeated }, ...others] : documents;
}

interface ParsedPart extends ParsedManifests {
  /** Length of the text in characters. */
  readonly size: number;
}

/** Reads a text part by part, in order. */
export function* eachPart(text: string, language: ManifestLanguage): Generator<ParsedPart> {
  const chunks = chunksOf(text, language);
  for (const [index, chunk] of chunks.entries()) {
    const read = language === 'yaml' ? readChunk(chunk) : readJson(chunk);
    const size = chunk.text.length;
    if (read.problems) yield { size, documents: [], errors: read.problems.map((problem) => ({ ...problem, document: index })) };
    else yield { size, documents: withRepeated(documentsOf(read.value, index, chunks.length === 1), read.repeated), errors: [] };
  }
}

export function parseManifests(text: string, language: ManifestLanguage): ParsedManifests {
  const parts = [...eachPart(text, language)];
  return { documents: parts.flatMap(({ documents }) => documents), errors: parts.flatMap(({ errors }) => errors) };
}

/** 1-based lines of places in a text; `undefined` if unknown. JSON is read as YAML, of which it is a subset. */
export function linesOf(text: string, language: ManifestLanguage, places: readonly Place[]): readonly (number | undefined)[] {
  const chunks = chunksOf(text, language);
  const finder = new LineFinder();
  return places.map(({ chunk, path }) => {
    const found = chunks[chunk];
    return found && finder.find(found, path);
  });
}
