/** From text or values to the objects that are in them: lists are opened, what an object is is not asked. */
import type { Problem } from '../app-error.js';
import type { ManifestInput } from '../types.js';
import { parseYamlDocuments } from './yaml-documents.js';

export interface ManifestDocument {
  readonly object: unknown;
  /** 0-based number of the document, or of the item where the input is one list. */
  readonly document: number;
  /** 1-based line of a field's path, as problems write it; `undefined` for what did not come as text. */
  readonly line: (path: string) => number | undefined;
}

export interface ParsedManifests {
  readonly documents: readonly ManifestDocument[];
  readonly errors: readonly Problem[];
}

type Path = readonly (string | number)[];

interface Source {
  readonly value: unknown;
  readonly line: (path: Path) => number | undefined;
}

/** A value in the input, and the way to it. */
interface Located {
  readonly object: unknown;
  readonly path: Path;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `spec.ports[0].nodePort` → `['spec', 'ports', 0, 'nodePort']`; brackets may hold keys as well. */
export const parsePath = (path: string): Path =>
  [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => (match[1] === undefined ? match[0] : /^\d+$/.test(match[1]) ? Number(match[1]) : match[1]));

/** The items of a `List` or `PodList` may leave out what the list says of them all. */
function withTypeOf(list: Readonly<Record<string, unknown>>, item: unknown): unknown {
  const kind = String(list['kind']).replace(/List$/, '');
  if (kind === '' || !isObject(item) || item['kind'] !== undefined || item['apiVersion'] !== undefined) return item;
  return { apiVersion: list['apiVersion'], kind, ...item };
}

/** Opens arrays and lists, and those inside of them. */
function flatten({ object, path }: Located): readonly Located[] {
  if (Array.isArray(object)) return object.flatMap((item: unknown, index) => flatten({ object: item, path: [...path, index] }));
  if (!isObject(object) || typeof object['kind'] !== 'string' || !object['kind'].endsWith('List') || !Array.isArray(object['items'])) return [{ object, path }];
  return object['items'].flatMap((item: unknown, index) => flatten({ object: withTypeOf(object, item), path: [...path, 'items', index] }));
}

function documentsOf(sources: readonly Source[]): readonly ManifestDocument[] {
  const alone = sources.length === 1;
  return sources.flatMap(({ value, line }, document) =>
    flatten({ object: value, path: [] }).map(({ object, path }, item) => ({ object, document: alone ? item : document, line: (field) => line([...path, ...parsePath(field)]) })));
}

/**
 * @returns the objects that could be read, in order, and every place where the text is not YAML. A caller that wants all
 *   or nothing looks at `errors` first.
 */
export function parseManifests(input: ManifestInput): ParsedManifests {
  if ('json' in input) return { documents: documentsOf([{ value: input.json, line: () => undefined }]), errors: [] };
  const { documents, errors } = parseYamlDocuments(input.yaml);
  return { documents: documentsOf(documents), errors };
}
