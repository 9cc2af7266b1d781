import type { Duplex } from 'node:stream';
import type { ProblemCode } from '../problem.js';
import { answerSocket } from './answer-socket.js';

const UNREADABLE: readonly [ProblemCode, string] = [
  'BAD_REQUEST',
  'This is no HTTP/1.1 request: its first line, a header or the framing of its body cannot be read.',
];

/** Problems by the codes of Node's errors. */
const CAUSES: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers are over the limit of 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'The request did not come to its end in time.'],
};

/** Is a response already being sent on this connection? Another one would be written in the middle of it. */
const isAnswering = (socket: Duplex): boolean =>
  (socket as { readonly _httpMessage?: { readonly headersSent: boolean } | null })._httpMessage?.headersSent === true;

/** Answers data that Node cannot parse as a request, so that it passes no middleware, and closes the connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const [code, detail] = CAUSES[error.code ?? ''] ?? UNREADABLE;
  answerSocket(socket, code, detail, '/');
}
