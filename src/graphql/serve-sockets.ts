import type { IncomingMessage } from 'node:http';
import { CloseCode, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { tooDeepAt } from '../services/json-nesting.js';
import { TOO_DEEP } from '../services/plain-data.js';
import type { GraphqlLog } from './format-error.js';

/** Milliseconds between two pings, and that a client has to answer one. */
const KEEP_ALIVE = 12_000;

/** What the protocol knows of a connection. */
interface SocketExtra {
  readonly request: IncomingMessage;
}

/**
 * Speaks the protocol on every WebSocket that `sockets` accepts. graphql-ws brings a function for this; it writes whatever
 * a client sends wrong to the console. Here such a connection is closed with the code that says why, and only a bug is logged.
 */
export function serveSockets(options: ServerOptions<Record<string, unknown>, SocketExtra>, sockets: WebSocketServer, log: GraphqlLog): void {
  const protocol = makeServer(options);
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => undefined); // ws closes it itself: 1009 for a message over the limit, 1007 for text that is no UTF-8, …
    const stopPinging = keepAlive(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (listen) => void socket.on('message', (data) => {
          const text = String(data);
          if (tooDeepAt(text) !== null) return socket.close(CloseCode.BadRequest, TOO_DEEP);
          listen(text).catch((error: unknown) => {
            if (isOfServers(error)) return socket.close(CloseCode.BadRequest, 'Only servers send such a message');
            log.error({ err: error }, 'GraphQL: a message over a WebSocket failed');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        }),
      },
      { request },
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'GraphQL: a WebSocket did not close in order'));
    });
  });
}

/** Messages that no protocol knows graphql-ws refuses itself; those that only a server sends it takes for a bug. */
const isOfServers = (error: unknown): boolean => error instanceof Error && error.message.startsWith('Unexpected message of type ');

/** A client that is gone gets nothing, which is no failure. */
const send = (socket: WebSocket, text: string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });

/** Ends a connection whose client answers no ping any more. @returns what ends the pings */
function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => void (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, KEEP_ALIVE);
  return () => clearInterval(timer);
}
