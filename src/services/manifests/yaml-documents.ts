/** YAML text as its documents. Each is parsed by itself, so that a long stream is never held as syntax trees at once. */
import { Composer, isCollection, isMap, isNode, Lexer, LineCounter, Parser, visit, YAMLParseError, type CST, type Document, type ParsedNode } from 'yaml';
import type { Problem } from '../app-error.js';
import { MAX_TEXT_DEPTH, TOO_DEEP } from '../plain-data.js';
import { KUBERNETES_SCHEMA } from './kubernetes-yaml.js';
import { parseCleanYaml } from './parse-clean-yaml.js';
import { moveQuotedTextsIn } from './quoted-texts.js';

/** One document of a stream. */
export interface YamlChunk {
  readonly text: string;
  /** 0-based line of the stream at which the chunk begins. */
  readonly firstLine: number;
}

export type Path = readonly (string | number)[];

/** Aliases that one document may use; more are a way to make a small text large. */
const MAX_ALIASES = 100;

const isBlank = (text: string): boolean => !/^[^\S\n]*[^\s#]/m.test(text);

/** Before a `---`, and after a `...`: no content can begin a line with one. @source YAML 1.2.2 §9.1.2, c-forbidden */
const BOUNDARY = /^(?=---(?:\s|$))|(?<=^\.\.\.[ \t]*(?:#.*)?\n)/m;

/** Cuts a stream into its documents. All line breaks become those of Unix; documents without content are left out. @source YAML 1.2.2 §5.4 */
export function splitStream(stream: string): readonly YamlChunk[] {
  const text = stream.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  // A directive belongs to the document after the next `---`.
  if (/^%/m.test(text)) return [{ text, firstLine: 0 }];
  const chunks: YamlChunk[] = [];
  let firstLine = 0;
  for (const part of text.split(BOUNDARY)) {
    if (!isBlank(part.replace(/^---/, '').replace(/^\.\.\./m, ''))) chunks.push({ text: part, firstLine });
    firstLine += part.split('\n').length - 1;
  }
  return chunks;
}

interface Syntax {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** What is nested more deeply than anything that can be kept. */
class TooDeep extends Error {}

/** @throws TooDeep */
function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_TEXT_DEPTH) throw new TooDeep();
  }
  yield* parser.end();
}

/** @throws TooDeep */
function parseText(text: string): Syntax {
  const lines = new LineCounter();
  const composer = new Composer({ prettyErrors: false, schema: KUBERNETES_SCHEMA });
  const [document, second] = composer.compose(tokensOf(text, lines), true, text.length);
  if (!document) throw new TypeError('the composer was told to make a document in any case');
  if (second) document.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', 'where there is a directive (%) there can be one document only'));
  return { document: document as Document.Parsed, lines };
}

/** What is no YAML all the same is no YAML where it was written. @throws TooDeep */
function parseChunk({ text }: YamlChunk): Syntax {
  const asItIs = parseText(text);
  if (!isBroken(asItIs)) return asItIs;
  const moved = moveQuotedTextsIn(text);
  const syntax = moved === undefined ? asItIs : parseText(moved);
  return isBroken(syntax) ? asItIs : syntax;
}

const isBroken = ({ document }: Syntax): boolean => document.errors.some(({ code }) => code !== 'DUPLICATE_KEY');

/** Goes down a path as far as it leads. */
function nodeAt(root: ParsedNode | null, path: Path): ParsedNode | undefined {
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

function parseIfFlat(chunk: YamlChunk): Syntax | undefined {
  try {
    return parseChunk(chunk);
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

/** Keeps the syntax tree that was asked for last: problems come document by document. */
export class LineFinder {
  #chunk: YamlChunk | undefined;
  #syntax: Syntax | undefined;

  /** 1-based line of a field in the stream, of the nearest field above it where it isn't there. */
  find(chunk: YamlChunk, path: Path): number | undefined {
    if (this.#chunk !== chunk) [this.#chunk, this.#syntax] = [chunk, parseIfFlat(chunk)];
    const offset = this.#syntax && nodeAt(this.#syntax.document.contents, path)?.range[0];
    return offset === undefined || !this.#syntax ? undefined : chunk.firstLine + this.#syntax.lines.linePos(offset).line;
  }
}

/** The API server's words for a key that is there twice. */
function repetition(text: string, offset: number, line: number): string {
  const key = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^\s:][^:\n]*))/.exec(text.slice(offset));
  return `line ${line}: key ${JSON.stringify((key?.[1] ?? key?.[2] ?? key?.[3] ?? '').trim())} already set in map`;
}

/** Of a text that is no YAML because it is to become some, its many errors have one cause: what is written where the first of them is. */
function templateIn({ text, firstLine }: YamlChunk, line: number): readonly Problem[] | undefined {
  const action = /\{\{.*?\}\}/.exec(text.split('\n')[line - 1] ?? '')?.[0];
  return action === undefined ? undefined : [{ path: '', message: `not valid YAML, but a template (${action}): render it first, as helm template does`, line: firstLine + line }];
}

/** Where keys are maps or lists, which Kubernetes refuses: JSON has no such keys. @source sigs.k8s.io/yaml `goyaml.v2/decode.go` */
function collectionKeys(document: Document.Parsed): readonly number[] {
  const found: number[] = [];
  visit(document, { Pair: (_, { key }) => { if (isCollection(key)) found.push((key as ParsedNode).range[0]); } });
  return found;
}

/** What an exception of the parser means to the one who wrote the text. */
function explain(error: unknown): string {
  if (error instanceof TooDeep) return TOO_DEEP;
  if (error instanceof ReferenceError) return `not valid YAML: ${error.message}`;
  throw error;
}

type ReadChunk =
  /** `repeated`: what is said of keys that are there twice, of which the last one counts. */
  | { readonly value: unknown; readonly repeated?: readonly string[]; readonly problems?: undefined }
  | { readonly problems: readonly Problem[] };

/** A document's value, or every place where the text is not YAML. */
export function readChunk(chunk: YamlChunk): ReadChunk {
  const value = parseCleanYaml(chunk.text);
  if (value !== undefined) return { value };
  try {
    const { document, lines } = parseChunk(chunk);
    const places = document.errors.map(({ code, message, pos: [offset] }) => ({ code, message, offset, ...lines.linePos(offset) }));
    const problems = places.filter(({ code }) => code !== 'DUPLICATE_KEY');
    const wrong = problems.length > 0 ? problems : collectionKeys(document).map((offset) => ({ message: 'invalid map key: a key is a text', ...lines.linePos(offset) }));
    if (wrong.length > 0) return { problems: templateIn(chunk, wrong[0]!.line) ?? wrong.map(({ message, line, col }) => ({ path: '', message: `not valid YAML: ${message}`, line: chunk.firstLine + line, column: col })) };
    const repeated = places.map(({ offset, line }) => repetition(chunk.text, offset, chunk.firstLine + line));
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, ...(repeated.length > 0 && { repeated }) };
  } catch (error) {
    return { problems: [{ path: '', message: explain(error), line: chunk.firstLine + 1 }] };
  }
}
