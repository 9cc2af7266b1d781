/** Limits how deep the brackets of a document may nest, before it is parsed. */
import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';

/**
 * The limit is far higher than the depth of a result or of a value that can be stored. graphql-js parses recursively: on a document
 * that is deep enough it overflows the stack with an unhelpful error, and a regular expression compiled near the end of the
 * stack crashes the process.
 */
const MAX_NESTING = 250;

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Documents with many brackets that have passed the check, newest last. Programs send the same ones repeatedly, and a check
 * costs a tenth of answering.
 */
const harmless = new Set<string>();
const MAX_REMEMBERED = 100;
const MAX_REMEMBERED_LENGTH = 20_000;

/** @returns the error for the client; `null` if the document may be parsed */
export function nestingProblem(query: string): GraphQLError | null {
  if (harmless.has(query) || !hasManyBrackets(query)) return null;
  if (!isTooDeep(query)) {
    remember(query);
    return null;
  }
  return new GraphQLError(`The document is nested too deeply: at most ${MAX_NESTING} brackets are open at once.`, {
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } },
  });
}

function remember(query: string): void {
  if (query.length > MAX_REMEMBERED_LENGTH) return;
  harmless.add(query);
  if (harmless.size > MAX_REMEMBERED) for (const oldest of harmless) return void harmless.delete(oldest);
}

/** A quick test that counts brackets in strings and comments too. Nearly every document passes it and needs no lexing. */
function hasManyBrackets(query: string): boolean {
  let count = 0;
  for (const _ of query.matchAll(/[{[(]/g)) if ((count += 1) > MAX_NESTING) return true;
  return false;
}

function isTooDeep(query: string): boolean {
  const lexer = new Lexer(new Source(query));
  let depth = 0;
  try {
    for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
      if (OPENING.has(kind)) depth += 1;
      else if (CLOSING.has(kind)) depth -= 1;
      if (depth > MAX_NESTING) return true;
    }
  } catch {
    // no token begins there: the parser says so, and it gets no deeper
  }
  return false;
}
