/** What goes over HTTP here is JSON, both ways. */
import type { IncomingMessage } from 'node:http';

/** Those that Apollo chooses from. */
const ANSWERS = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];

/** What a page of another site can send without being asked for leave: Apollo refuses it as that. @source Fetch §2.2.2, CORS-safelisted request-header */
const SIMPLE = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/** A request, with what its headers say of media types. */
interface Asked extends Pick<IncomingMessage, 'method' | 'headers'> {
  accepts(types: string[]): string | false;
  /** `null` where there is no body. */
  is(types: string[]): string | false | null;
}

interface MediaTypeProblem {
  readonly status: 406 | 415;
  readonly code: 'NOT_ACCEPTABLE' | 'UNSUPPORTED_MEDIA_TYPE';
  readonly message: string;
}

/**
 * Told before anything is run: Apollo sees that nobody can read its answer only when it has one, and a mutation would have
 * taken effect by then.
 *
 * @returns what to tell the client; `null` where its request can be read, and an answer too
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
