/** YAML text as its documents. Each is parsed by itself, so that a long stream is never held as syntax trees at once. */
import { isCollection, isMap, isNode, LineCounter, parseDocument, Schema, type Document, type ParsedNode, type ScalarTag } from 'yaml';
import type { Problem } from '../app-error.js';
import { parsePlainYaml } from './parse-plain-yaml.js';

export interface YamlDocument {
  readonly value: unknown;
  /** 1-based line of a field of the document, of the nearest field above it where it isn't there. */
  readonly line: (path: readonly (string | number)[]) => number | undefined;
}

interface Chunk {
  readonly text: string;
  /** 0-based line of the stream at which the chunk begins. */
  readonly firstLine: number;
}

/** `0644` is octal to every Kubernetes tool, though no longer to YAML 1.2. */
const octal: ScalarTag = { identify: () => false, default: true, tag: 'tag:yaml.org,2002:int', test: /^0[0-7]+$/, resolve: (text) => Number.parseInt(text, 8) };

const schema = new Schema({ schema: 'core', merge: true, customTags: (tags) => [octal, ...tags] });

/** Aliases that one document may use; more are a way to make a small text large. */
const MAX_ALIASES = 100;

const isBlank = (text: string): boolean => !/^[^\S\n]*[^\s#]/m.test(text);

/**
 * Cuts a stream at its `---` lines. No content can begin a line with one.
 *
 * @source YAML 1.2.2 §9.1.2, c-forbidden
 */
function splitStream(text: string): readonly Chunk[] {
  // A directive belongs to the document after the next `---`.
  if (/^%/m.test(text)) return [{ text, firstLine: 0 }];
  const chunks: Chunk[] = [];
  let firstLine = 0;
  for (const part of text.split(/^(?=---(?:\s|$))/m)) {
    if (!isBlank(part.replace(/^---/, ''))) chunks.push({ text: part, firstLine });
    firstLine += part.split('\n').length - 1;
  }
  return chunks;
}

interface Syntax {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

function parseChunk({ text }: Chunk): Syntax {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false, schema }), lines };
}

/** Goes down a path as far as it leads. */
function nodeAt(root: ParsedNode | null, path: readonly (string | number)[]): ParsedNode | undefined {
  let node: unknown = root;
  let start: unknown = root;
  for (const part of path) {
    if (!isCollection(node)) break;
    const pair = isMap(node) ? node.items.find(({ key }) => String(key) === String(part)) : undefined;
    const next: unknown = pair ? pair.value : node.get(part, true);
    if (!pair && next === undefined) break;
    start = pair ? pair.key : next;
    node = next;
  }
  return isNode(start) ? (start as ParsedNode) : undefined;
}

/** Keeps the syntax tree that was asked for last: problems come document by document. */
class LineFinder {
  #chunk: Chunk | undefined;
  #syntax: Syntax | undefined;

  find(chunk: Chunk, path: readonly (string | number)[]): number | undefined {
    if (this.#chunk !== chunk) [this.#chunk, this.#syntax] = [chunk, parseChunk(chunk)];
    const offset = this.#syntax && nodeAt(this.#syntax.document.contents, path)?.range[0];
    return offset === undefined || !this.#syntax ? undefined : chunk.firstLine + this.#syntax.lines.linePos(offset).line;
  }
}

function readChunk(chunk: Chunk, finder: LineFinder): { readonly document: YamlDocument } | { readonly problems: readonly Problem[] } {
  const line: YamlDocument['line'] = (path) => finder.find(chunk, path);
  const plain = parsePlainYaml(chunk.text);
  if (plain !== undefined) return { document: { value: plain, line } };
  const { document, lines } = parseChunk(chunk);
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(({ code, message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { path: '', message: code === 'DUPLICATE_KEY' ? `duplicate key: ${message}` : `not valid YAML: ${message}`, line: chunk.firstLine + line, column: col };
      }),
    };
  }
  return { document: { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, line } };
}

/** What an exception of the parser means to the one who wrote the text. */
function explain(error: unknown): string {
  if (error instanceof RangeError) return 'nested too deeply';
  if (error instanceof ReferenceError) return `not valid YAML: ${error.message}`;
  throw error;
}

/** Empty documents are left out, and not counted. */
export function parseYamlDocuments(text: string): { readonly documents: readonly YamlDocument[]; readonly errors: readonly Problem[] } {
  const finder = new LineFinder();
  const documents: YamlDocument[] = [];
  const errors: Problem[] = [];
  for (const [index, chunk] of splitStream(text).entries()) {
    try {
      const read = readChunk(chunk, finder);
      if ('problems' in read) errors.push(...read.problems.map((problem) => ({ ...problem, document: index })));
      else documents.push(read.document);
    } catch (error) {
      errors.push({ path: '', message: explain(error), document: index, line: chunk.firstLine + 1 });
    }
  }
  return { documents, errors };
}
