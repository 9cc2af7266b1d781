import type { Duplex } from 'node:stream';
import { presentProblem, PROBLEM_MEDIA_TYPE, PROBLEM_TYPES, type ProblemCode } from '../problem.js';

/** Answers a request that passes no middleware with a problem document, and closes the connection. */
export function answerSocket(socket: Duplex, code: ProblemCode, detail: string, instance: string): void {
  const { status, title } = PROBLEM_TYPES[code];
  const body = JSON.stringify(presentProblem(code, detail, instance));
  socket.on('error', () => socket.destroy()); // a client that is gone before it has read why
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
