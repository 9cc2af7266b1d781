import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Lets `server` end in order; to be called before it listens.
 *
 * @returns what ends it: no more connections come in, what is under way is answered, and then the connections are cut.
 *   Node itself would wait, until they time out, for those too on which nothing was asked, as browsers open some to have them
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
