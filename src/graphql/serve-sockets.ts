import type { IncomingMessage } from 'node:http';
import { CloseCode, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { tooDeepAt } from '../services/json-nesting.js';
import { TOO_DEEP } from '../services/plain-data.js';
import type { GraphqlLog } from './format-error.js';

/** Milliseconds between two pings, which is also the time that a client has to answer one. */
const KEEP_ALIVE = 12_000;

/** The protocol's state of a connection. */
interface SocketExtra {
  readonly request: IncomingMessage;
}

/**
 * Serves the protocol on every WebSocket that `sockets` accepts. The function of graphql-ws for this prints every error of a
 * client to the console. Here such a connection is closed with a code and a reason, and only bugs are logged.
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

/** Is the error about a message that only a server may send? graphql-ws reports it like a bug; it refuses unknown messages itself. */
const isOfServers = (error: unknown): boolean => error instanceof Error && error.message.startsWith('Unexpected message of type ');

/** Sends to the client; if it is already gone, that is not an error. */
const send = (socket: WebSocket, text: string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });

/** Ends the connection if the client no longer answers pings. @returns a function that stops the pings */
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
