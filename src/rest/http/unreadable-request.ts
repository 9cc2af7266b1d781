import type { Duplex } from 'node:stream';
import { presentProblem, PROBLEM_MEDIA_TYPE, PROBLEM_TYPES, type ProblemCode } from '../problem.js';

const UNREADABLE: readonly [ProblemCode, string] = ['BAD_REQUEST', 'This is no HTTP/1.1 request: its first line, a header or the framing of its body cannot be read.'];

/** By the codes of Node's errors. */
const CAUSES: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers are over the limit of 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'The request did not come to its end in time.'],
};

/** An answer to this connection is under way already: another one would end up in the middle of it. */
const isAnswering = (socket: Duplex): boolean => (socket as { readonly _httpMessage?: { readonly headersSent: boolean } | null })._httpMessage?.headersSent === true;

/** Answers what never becomes a request, and so passes no middleware; the connection ends with it. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const [code, detail] = CAUSES[error.code ?? ''] ?? UNREADABLE;
  const { status, title } = PROBLEM_TYPES[code];
  const body = JSON.stringify(presentProblem(code, detail, '/'));
  const answer = `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  socket.end(answer, () => socket.destroy());
}
