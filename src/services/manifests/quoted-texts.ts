/** Multi-line quoted texts with too little indentation for YAML, as generators of CustomResourceDefinitions write them. */
import { CST, Lexer } from 'yaml';

/** Columns. */
const FAR_IN = 100;
/** In characters; regular expressions that repeat a group run out of stack on longer text. */
const MAX_QUOTED = 20_000;

/** The rest of a quoted text after its opening quote. */
const REST: ReadonlyMap<string, RegExp> = new Map([['"', /[^"\\]*(?:\\[\s\S][^"\\]*)*"/y], ["'", /[^']*(?:''[^']*)*'/y]]);

/** Tokens without characters in the text. */
const MARKS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

interface Place {
  readonly start: number;
  /** Position after its closing quote. */
  readonly end: number;
}

/** The first quoted text that YAML ends before its closing quote. */
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
 * Kubernetes' YAML library lets a quoted text continue at any column; YAML requires more indentation than its key. The
 * amount of indentation does not change the text, so the lines are indented far enough. The number of lines stays the same.
 *
 * @returns `undefined` where there is no such text
 */
export function moveQuotedTextsIn(text: string): string | undefined {
  const parts: string[] = [];
  let rest = text;
  // Each line after the text either begins a key or item, or is a syntax error anyway.
  for (let broken = findBroken(rest); broken && broken.end - broken.start <= MAX_QUOTED; broken = findBroken(rest)) {
    parts.push(rest.slice(0, broken.start), rest.slice(broken.start, broken.end).replaceAll('\n', `\n${' '.repeat(FAR_IN)}`));
    rest = rest.slice(broken.end);
  }
  return parts.length === 0 ? undefined : parts.join('') + rest;
}
