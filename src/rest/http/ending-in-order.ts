import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Makes it possible to end `server` in order. Must be called before the server listens.
 *
 * @returns a function that ends it: no more connections are accepted, running requests are answered, and then the connections
 *   are closed. Node itself would also wait for unused connections, such as browsers open in advance, until they time out
 */
export function endingInOrder(server: Server): () => Promise<void> {
  let underWay = 0;
  let isEnding = false;
  let onAllAnswered = (): void => undefined;

  server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => {
    underWay += 1;
    if (isEnding) res.setHeader('Connection', 'close');
    res.once('close', () => {
      underWay -= 1;
      if (underWay === 0) onAllAnswered();
    });
  });

  return async () => {
    isEnding = true;
    const closed = new Promise<void>((resolve) => { server.close(() => resolve()); });
    if (underWay > 0) await new Promise<void>((resolve) => { onAllAnswered = resolve; });
    server.closeAllConnections();
    await closed;
  };
}
