/** Splits YAML text into its documents. Each is parsed separately, so that only one syntax tree is in memory at a time. */
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

/** Most aliases in one document, against texts that expand without bound. */
const MAX_ALIASES = 100;

const isBlank = (text: string): boolean => !/^[^\S\n]*[^\s#]/m.test(text);

/** A document ends before `---` and after `...`, which cannot begin a line of content. @source YAML 1.2.2 §9.1.2, c-forbidden */
const BOUNDARY = /^(?=---(?:\s|$))|(?<=^\.\.\.[ \t]*(?:#.*)?\n)/m;

/** Splits a stream into documents, with Unix line breaks and without empty documents. @source YAML 1.2.2 §5.4 */
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

/** The text is nested too deeply to be stored. */
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
  if (second) {
    document.errors.push(
      new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', 'where there is a directive (%) there can be one document only'),
    );
  }
  return { document: document as Document.Parsed, lines };
}

/** Parses a document; if that fails, again with its quoted texts indented. Errors are always those of the original text. @throws TooDeep */
function parseChunk({ text }: YamlChunk): Syntax {
  const asItIs = parseText(text);
  if (!isBroken(asItIs)) return asItIs;
  const moved = moveQuotedTextsIn(text);
  const syntax = moved === undefined ? asItIs : parseText(moved);
  return isBroken(syntax) ? asItIs : syntax;
}

const isBroken = ({ document }: Syntax): boolean => document.errors.some(({ code }) => code !== 'DUPLICATE_KEY');

/** Follows a path as far as it exists. */
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

/** Caches the last syntax tree, since problems come document by document. */
export class LineFinder {
  #chunk: YamlChunk | undefined;
  #syntax: Syntax | undefined;

  /** 1-based line of a field in the stream, or of its nearest existing ancestor. */
  find(chunk: YamlChunk, path: Path): number | undefined {
    if (this.#chunk !== chunk) [this.#chunk, this.#syntax] = [chunk, parseIfFlat(chunk)];
    const offset = this.#syntax && nodeAt(this.#syntax.document.contents, path)?.range[0];
    return offset === undefined || !this.#syntax ? undefined : chunk.firstLine + this.#syntax.lines.linePos(offset).line;
  }
}

/** The API server's message for a duplicate key. */
function repetition(text: string, offset: number, line: number): string {
  const key = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^\s:][^:\n]*))/.exec(text.slice(offset));
  return `line ${line}: key ${JSON.stringify((key?.[1] ?? key?.[2] ?? key?.[3] ?? '').trim())} already set in map`;
}

/** If the text is a template that is still to become YAML, its many errors have one cause: the template syntax at the first of them. */
function templateIn({ text, firstLine }: YamlChunk, line: number): readonly Problem[] | undefined {
  const action = /\{\{.*?\}\}/.exec(text.split('\n')[line - 1] ?? '')?.[0];
  return action === undefined
    ? undefined
    : [{ path: '', message: `not valid YAML, but a template (${action}): render it first, as helm template does`, line: firstLine + line }];
}

/** Finds keys that are maps or lists, which Kubernetes refuses, as JSON has no such keys. @source sigs.k8s.io/yaml `goyaml.v2/decode.go` */
function collectionKeys(document: Document.Parsed): readonly number[] {
  const found: number[] = [];
  visit(document, { Pair: (_, { key }) => { if (isCollection(key)) found.push((key as ParsedNode).range[0]); } });
  return found;
}

/** Turns an exception of the parser into a message for the text's author. */
function explain(error: unknown): string {
  if (error instanceof TooDeep) return TOO_DEEP;
  if (error instanceof ReferenceError) return `not valid YAML: ${error.message}`;
  throw error;
}

type ReadChunk =
  /** `repeated`: warnings about duplicate keys, of which the last counts. */
  | { readonly value: unknown; readonly repeated?: readonly string[]; readonly problems?: undefined }
  | { readonly problems: readonly Problem[] };

/** A document's value, or all its syntax errors. */
export function readChunk(chunk: YamlChunk): ReadChunk {
  const value = parseCleanYaml(chunk.text);
  if (value !== undefined) return { value };
  try {
    const { document, lines } = parseChunk(chunk);
    const places = document.errors.map(({ code, message, pos: [offset] }) => ({ code, message, offset, ...lines.linePos(offset) }));
    const problems = places.filter(({ code }) => code !== 'DUPLICATE_KEY');
    const wrong =
      problems.length > 0
        ? problems
        : collectionKeys(document).map((offset) => ({ message: 'invalid map key: a key is a text', ...lines.linePos(offset) }));
    if (wrong.length > 0) {
      return {
        problems:
          templateIn(chunk, wrong[0]!.line) ??
          wrong.map(({ message, line, col }) => ({ path: '', message: `not valid YAML: ${message}`, line: chunk.firstLine + line, column: col })),
      };
    }
    const repeated = places.map(({ offset, line }) => repetition(chunk.text, offset, chunk.firstLine + line));
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, ...(repeated.length > 0 && { repeated }) };
  } catch (error) {
    return { problems: [{ path: '', message: explain(error), line: chunk.firstLine + 1 }] };
  }
}
