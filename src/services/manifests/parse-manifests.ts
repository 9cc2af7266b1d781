/** From text or values to the objects that are in them: lists are opened, what an object is is not asked. */
import type { Problem } from '../app-error.js';
import { plainDataProblems } from '../plain-data.js';
import { parseJsonText } from './parse-json-text.js';
import { repeatedFields } from './repeated-fields.js';
import { LineFinder, readChunk, splitStream, type Path, type YamlChunk } from './yaml-documents.js';
import { isFields } from '../../domain/values/fields.js';

export type ManifestLanguage = 'yaml' | 'json';

/** Where something stands in a text: in which of its parts, and how to get there. */
export interface Place {
  readonly chunk: number;
  readonly path: Path;
}

/** Plain data: it can be handed from one thread to another. */
export interface ManifestDocument {
  /** `null` where it can't be kept. */
  readonly object: unknown;
  /** 0-based number of the document, or of the item where the input is one list. */
  readonly document: number;
  /** What is said of keys that its text has twice; of the first document where the text holds many. */
  readonly repeated?: readonly string[];
  /** Why the object can't be kept at all. */
  readonly unkeepable: readonly Problem[];
  readonly place: Place;
}

export interface ParsedManifests {
  readonly documents: readonly ManifestDocument[];
  /** Every place where the text can not be read. A caller that wants all or nothing looks here first. */
  readonly errors: readonly Problem[];
}

/** `spec.ports[0].nodePort` → `['spec', 'ports', 0, 'nodePort']`; brackets may hold keys as well. */
export const parsePath = (path: string): Path =>
  [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => (match[1] === undefined ? match[0] : /^\d+$/.test(match[1]) ? Number(match[1]) : match[1]));

/** The items of a `List` or `PodList` may leave out what the list says of them all. */
function withTypeOf(list: Readonly<Record<string, unknown>>, item: unknown): unknown {
  const kind = String(list['kind']).replace(/List$/, '');
  if (kind === '' || !isFields(item) || item['kind'] !== undefined || item['apiVersion'] !== undefined) return item;
  return { apiVersion: list['apiVersion'], kind, ...item };
}

interface Located {
  readonly object: unknown;
  readonly path: Path;
}

/** Lists in lists are opened this deep; deeper ones are no objects. */
const MAX_LISTS = 10;

/** Opens arrays and lists, and those inside of them. Paths are extended by `concat`: a list that grows by a spread keeps room for sixteen more. */
function flatten({ object, path }: Located, depth = 0): readonly Located[] {
  if (depth > MAX_LISTS) return [{ object, path }];
  if (Array.isArray(object)) return object.flatMap((item: unknown, index) => flatten({ object: item, path: path.concat(index) }, depth + 1));
  if (!isFields(object) || typeof object['kind'] !== 'string' || !object['kind'].endsWith('List')) return [{ object, path }];
  if (object['items'] === null) return []; // a template that had nothing to list
  if (!Array.isArray(object['items'])) return [{ object, path }];
  return object['items'].flatMap((item: unknown, index) => flatten({ object: withTypeOf(object, item), path: path.concat('items', index) }, depth + 1));
}

const NONE: readonly never[] = Object.freeze([]);

/** @param alone whether the value is all that there is: then its items are counted */
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
  /** Characters of text. */
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

/** 1-based lines of places in a text; `undefined` where one can't be told. JSON is read as the YAML that it is. */
export function linesOf(text: string, language: ManifestLanguage, places: readonly Place[]): readonly (number | undefined)[] {
  const chunks = chunksOf(text, language);
  const finder = new LineFinder();
  return places.map(({ chunk, path }) => {
    const found = chunks[chunk];
    return found && finder.find(found, path);
  });
}
