import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { answerSocket } from './answer-socket.js';
import { answerUnreadable } from './unreadable-request.js';

/**
 * The field in which Node stores whether a request offers another protocol. Java's client, for example, offers HTTP/2 with
 * its first request (`Upgrade: h2c`), which a server may ignore. But as soon as there is a listener for upgrades, Node treats
 * every offer as accepted. Here only a WebSocket counts as an upgrade.
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
 * A server whose requests and responses have the application's prototypes from the beginning. Otherwise Express would change
 * the prototype of each. An object with a changed prototype survives young-generation garbage collections, with everything
 * that the request refers to, so that such a collection took 4 ms instead of one.
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
