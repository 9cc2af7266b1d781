/** Requests and responses over HTTP are JSON. */
import type { IncomingMessage } from 'node:http';

/** The media types from which Apollo chooses. */
const ANSWERS = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];

/**
 * Media types that a page of another site can send without a preflight; Apollo refuses them as possible CSRF.
 *
 * @source Fetch §2.2.2, CORS-safelisted request-header
 */
const SIMPLE = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/** The parts of a request that concern media types. */
interface Asked extends Pick<IncomingMessage, 'method' | 'headers'> {
  accepts(types: string[]): string | false;
  /** `null` if there is no body. */
  is(types: string[]): string | false | null;
}

interface MediaTypeProblem {
  readonly status: 406 | 415;
  readonly code: 'NOT_ACCEPTABLE' | 'UNSUPPORTED_MEDIA_TYPE';
  readonly message: string;
}

/**
 * Must be called before the operation is executed: Apollo checks `Accept` only when it has the result, after a mutation has
 * taken effect.
 *
 * @returns the error for the client; `null` if the server can read the request and the client can read the response
 * @source GraphQL over HTTP, "Body": 406, and stop processing the request
 */
export function mediaTypeProblem(req: Asked): MediaTypeProblem | null {
  const { accept, 'content-type': contentType } = req.headers;
  if (accept && !req.accepts(ANSWERS)) {
    return { status: 406, code: 'NOT_ACCEPTABLE', message: `Nothing here is ${accept}: there is application/json, application/graphql-response+json.` };
  }
  if (req.method === 'POST' && contentType && req.is(['application/json', ...SIMPLE]) === false) {
    return { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: `The content type ${contentType} is not read here: send application/json.` };
  }
  return null;
}
