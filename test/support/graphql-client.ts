import { endWith } from '../../src/rest/http/respond.js';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { createGraphqlServer, GRAPHQL_PATH, type GraphqlServerOptions } from '../../src/graphql/server.js';
import type { Services } from '../../src/services/use-cases/services.js';
import type { Viewer } from '../../src/services/use-cases/viewer.js';

export interface Answer {
  readonly status: number;
  readonly data: any; // a test reads what its query asked for
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly errors?: readonly { readonly path: string; readonly message: string }[] };
  }[];
}

export interface GraphqlClient {
  readonly url: string;
  readonly server: Server;
  readonly logged: object[];
  query(query: string, variables?: object, operationName?: string): Promise<Answer>;
  webSocket(): Client;
  close(): Promise<void>;
}

export const LOCAL: Viewer = { id: 'local', name: 'local' };

/** The GraphQL server alone, on a port of its own. */
export async function startGraphql(services: Services, options: Partial<GraphqlServerOptions> = {}): Promise<GraphqlClient> {
  const logged: object[] = [];
  const graphql = await createGraphqlServer(services, {
    viewerOf: () => LOCAL,
    endWith,
    noWebSocket: (_req, socket) => void socket.end('HTTP/1.1 404 Not Found\r\n\r\n'),
    log: { error: (details) => void logged.push(details) },
    ...options,
  });
  const server = createServer(express().use(GRAPHQL_PATH, graphql.handler));
  graphql.attachWebSocket(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${GRAPHQL_PATH}`;
  const clients: Client[] = [];
  return {
    url, server, logged,
    query: async (query, variables, operationName) => {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables, operationName }) });
      const { data, errors } = (await response.json()) as Partial<Answer>;
      return { status: response.status, data: data ?? null, errors: errors ?? [] };
    },
    webSocket: () => {
      const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) await client.dispose();
      await graphql.closeWebSockets();
      await graphql.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
