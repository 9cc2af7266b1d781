import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, isValueNode, Kind, type GraphQLFormattedError } from 'graphql';
import { AppError, type Problem } from '../services/app-error.js';

export interface GraphqlLog {
  error(details: object, message: string): void;
}

/** Codes of errors that are passed on unchanged: the document, its variables or the viewer's access are at fault, and the message says how. */
const TOLD_AS_THEY_ARE: Readonly<Record<string, true>> = {
  GRAPHQL_PARSE_FAILED: true, GRAPHQL_VALIDATION_FAILED: true, BAD_REQUEST: true, OPERATION_RESOLUTION_FAILURE: true,
  PERSISTED_QUERY_NOT_SUPPORTED: true, UNAUTHENTICATED: true, FORBIDDEN: true, TOO_MANY_REQUESTS: true,
  METHOD_NOT_ALLOWED: true, NOT_ACCEPTABLE: true, UNSUPPORTED_MEDIA_TYPE: true,
};

/**
 * Formats an error for the client, with the fields of REST's problem documents in `extensions`. Any error that is not a
 * refusal is a bug, of which the client gets no details, since they are logged.
 */
export function formatError(log: GraphqlLog, formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path, message } = formatted;
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  const cause = unwrapResolverError(error);
  if (cause instanceof AppError) {
    const { code, errors } = cause;
    return { message: cause.message, ...place, extensions: errors.length === 0 ? { code } : { code, errors } };
  }
  const code = codeOfStatus(cause) ?? formatted.extensions?.['code'];
  if (message === GIVEN_UP) return { message: TOO_MANY_REPETITIONS, ...place, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };
  if (message === TOO_MANY_PROBLEMS) return { message: FURTHER_PROBLEMS, ...place, extensions: { code: 'BAD_USER_INPUT' } };
  if (code === 'BAD_USER_INPUT' || isAboutInput(cause, code === 'GRAPHQL_VALIDATION_FAILED')) {
    return { message, ...place, extensions: { code: 'BAD_USER_INPUT', errors: [inputProblem(message)] } };
  }
  if (typeof code === 'string' && TOLD_AS_THEY_ARE[code]) return { message, ...place, extensions: { code } };
  log.error({ err: cause, path }, 'GraphQL: internal error');
  return { message: 'Something went wrong inside Packetwalk; the log has the details.', ...place, extensions: { code: 'INTERNAL' } };
}

/** What graphql-js reports, without a reason, after 500,000 comparisons of fields with the same response name. */
const GIVEN_UP = 'Validation aborted.';
const TOO_MANY_REPETITIONS =
  'The document has the same fields, or fragments, too often to check that they fit together (500,000 comparisons): name each once, or ask in several documents.';

/** What graphql-js reports after fifty problems with variables. */
const TOO_MANY_PROBLEMS = 'Too many errors processing variables, error limit reached. Execution aborted.';
const FURTHER_PROBLEMS = 'The variables have more problems than these: only the first 50 are told.';

/** Apollo gives all refusals over HTTP the code BAD_REQUEST; only the status distinguishes them. */
const CODES_BY_STATUS: Readonly<Record<number, string>> = { 405: 'METHOD_NOT_ALLOWED', 406: 'NOT_ACCEPTABLE', 415: 'UNSUPPORTED_MEDIA_TYPE' };

function codeOfStatus(cause: unknown): string | undefined {
  const { status } = (cause instanceof GraphQLError ? (cause.extensions['http'] ?? {}) : {}) as { readonly status?: number };
  return status === undefined ? undefined : CODES_BY_STATUS[status];
}

/** graphql-js's message for a variable that cannot be coerced. Groups: variable, path below it, reason. */
const BELOW_VARIABLE = /^Variable "\$(\w+)" got invalid value .*? at "\1([\w.[\]]*)"; (.*)$/s;
const WHOLE_VARIABLE = /^Variable "\$\w+" got invalid value .*; (.*)$/s;

/** The same problem, in the form that REST reports it for a body. */
function inputProblem(text: string): Problem {
  const [, , place = '', message] = BELOW_VARIABLE.exec(text) ?? [];
  return { path: place.replace(/^\./, ''), message: message ?? WHOLE_VARIABLE.exec(text)?.[1] ?? text };
}

/**
 * Is the client's input at fault? graphql-js detects some bad values only during execution, such as a null variable for a
 * non-null argument. Its error then points at a value or a variable definition; errors of resolvers point at a field or at
 * nothing. During validation an error at a variable definition is about the document, not about a value.
 */
const isAboutInput = (cause: unknown, validating: boolean): boolean =>
  cause instanceof GraphQLError &&
  cause.nodes !== undefined &&
  cause.nodes.every((node) => isValueNode(node) || (node.kind === Kind.VARIABLE_DEFINITION && !validating));

/** A refusal before any resolver has run, with its HTTP status. */
export function refusalError({ code, message }: AppError): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: code === 'UNAUTHENTICATED' ? 401 : 403 } } });
}
