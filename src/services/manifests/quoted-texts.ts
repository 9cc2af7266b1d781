/** Quoted texts that go on too far left for YAML, as the generators of CustomResourceDefinitions write them. */
import { CST, Lexer } from 'yaml';

/** Columns. */
const FAR_IN = 100;
/** Characters; expressions that repeat a group run out of stack on long text. */
const MAX_QUOTED = 20_000;

/** What a quoted text goes on with behind its first quote, up to its end. */
const REST: ReadonlyMap<string, RegExp> = new Map([['"', /[^"\\]*(?:\\[\s\S][^"\\]*)*"/y], ["'", /[^']*(?:''[^']*)*'/y]]);

/** Tokens that stand for no character of the text. */
const MARKS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

interface Place {
  readonly start: number;
  /** Behind its closing quote. */
  readonly end: number;
}

/** The first quoted text in which YAML sees an end before its closing quote. */
function findBroken(text: string): Place | undefined {
  let start = 0;
  let previous = '';
  for (const token of new Lexer().lex(text)) {
    const rest = previous === CST.SCALAR ? undefined : REST.get(token.charAt(0)); // a block scalar may begin with a quote
    if (rest) {
      rest.lastIndex = start + 1;
      const found = rest.exec(text)?.[0];
      if (found === undefined) return undefined;
      if (found.length + 1 > token.length) return { start, end: start + 1 + found.length };
    }
    if (!MARKS.has(token)) start += token.length;
    previous = token;
  }
  return undefined;
}

/**
 * The library of Kubernetes' tools lets a quoted text go on at any column, where YAML wants it further in than its key. How
 * far in it is makes no difference to the text, so it is moved far in. No line is added or taken away.
 *
 * @returns `undefined` where there is no such text
 */
export function moveQuotedTextsIn(text: string): string | undefined {
  const parts: string[] = [];
  let rest = text;
  // What follows a text is read by itself: its lines begin keys or items, or are no YAML in the end either.
  for (let broken = findBroken(rest); broken && broken.end - broken.start <= MAX_QUOTED; broken = findBroken(rest)) {
    parts.push(rest.slice(0, broken.start), rest.slice(broken.start, broken.end).replaceAll('\n', `\n${' '.repeat(FAR_IN)}`));
    rest = rest.slice(broken.end);
  }
  return parts.length === 0 ? undefined : parts.join('') + rest;
}
