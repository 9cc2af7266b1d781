import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { answerSocket } from './answer-socket.js';
import { answerUnreadable } from './unreadable-request.js';

/**
 * The field in which Node keeps whether a request offers another protocol. Java's client, for one, offers HTTP/2 with its
 * first request (`Upgrade: h2c`), and a server that does not want it goes on in HTTP/1.1; but Node takes any offer as soon as
 * somebody listens for upgrades. Here only a WebSocket is one.
 *
 * @source RFC 9110 §7.8
 */
const ONLY_WEBSOCKET: PropertyDescriptor & ThisType<IncomingMessage & { offers?: boolean | null }> = {
  get() {
    return this.offers === true && (this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket');
  },
  set(offers: boolean | null) {
    this.offers = offers;
  },
};

/**
 * A server whose requests and answers have the application's prototypes from the start. Express gives every one of them
 * its prototype as it comes in, unless it has it already; an object whose prototype was changed outlives the collections
 * of the young, and with it all that hangs on the request. A collection took 4 ms then, and takes one now.
 */
export function createHttpServer(app: Express): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  Object.defineProperty(AppRequest.prototype, 'upgrade', ONLY_WEBSOCKET);
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  return createServer({ IncomingMessage: AppRequest, ServerResponse: AppResponse, requireHostHeader: false }, app)
    .on('checkExpectation', app)
    .on('connect', ({ url = '/' }: IncomingMessage, socket: Duplex) => answerSocket(socket, 'BAD_REQUEST', 'CONNECT asks for a proxy, and this is none.', url))
    .on('clientError', answerUnreadable);
}
