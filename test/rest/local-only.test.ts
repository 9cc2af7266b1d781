import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createApp } from '../../src/app.js';
import { presentTrace } from '../../src/render/json/present-trace.js';
import { fakeServices } from '../support/fake-services.js';
import { expectProblem, fakeClient } from '../support/rest-client.js';
import { isLoopbackHost } from '../../src/config.js';

const headersOf = ({ host, origin }: { host: string; origin?: string }) => ({ Host: host, ...(origin !== undefined && { Origin: origin }) });

describe('on loopback, without authentication', async () => {
  const client = await fakeClient({ host: 'packetwalk.internal', allowOpen: false, allowedHosts: [] });

  test.each([
    { host: '127.0.0.1:4000' },
    { host: 'localhost' },
    { host: 'LOCALHOST:4000' },
    { host: '[::1]:4000' },
    { host: 'lab.localhost:4000' },
    { host: 'packetwalk.internal:4000' },
    { host: 'localhost:4000', origin: 'http://localhost:4000' },
    { host: '127.0.0.1:4000', origin: 'http://localhost:3000' },
  ])('Host $host, Origin $origin is allowed', async (row) => {
    expect((await client.send('get', '/healthz', { headers: headersOf(row) })).status).toBe(200);
  });

  test.each([
    { host: 'evil.example' },
    { host: 'evil.example:4000' },
    { host: '192.168.1.5:4000' },
    { host: '127.0.0.1.evil.example' },
    { host: 'localhost.evil.example' },
    { host: 'evil.example', origin: 'http://evil.example' },
    { host: 'localhost:4000', origin: 'https://evil.example' },
    { host: 'localhost:4000', origin: 'null' },
    { host: 'localhost:4000', origin: 'file://' },
    { host: 'localhost:4000', origin: 'http://localhost.evil.example' },
    { host: 'localhost:4000', origin: 'http://localhost@evil.example' },
  ])('Host $host, Origin $origin is refused', async (row) => {
    const response = await client.send('get', '/api/v1/clusters', { headers: headersOf(row) });
    expectProblem(response, 'FORBIDDEN');
  });
});

describe('with ALLOW_OPEN and no list of hosts', async () => {
  const client = await fakeClient({ host: '0.0.0.0', allowOpen: true, allowedHosts: [] });

  test.each([
    { host: 'lab.example:4000', status: 200 },
    { host: 'lab.example:4000', origin: 'http://lab.example:4000', status: 200 },
    { host: 'lab.example:443', origin: 'https://lab.example', status: 200 },
    { host: 'lab.example:4000', origin: 'http://other.example:4000', status: 403 },
    { host: 'lab.example:4000', origin: 'http://lab.example:5000', status: 403 },
    { host: 'lab.example:4000', origin: 'http://localhost:4000', status: 403 },
    { host: 'lab.example:4000', origin: 'null', status: 403 },
  ])('Host $host, Origin $origin: $status', async ({ status, ...row }) => {
    expect((await client.send('get', '/healthz', { headers: headersOf(row) })).status).toBe(status);
  });
});

describe('with ALLOW_OPEN and a list of hosts', async () => {
  const client = await fakeClient({ host: '0.0.0.0', allowOpen: true, allowedHosts: ['lab.example', '192.168.1.5'] });

  test.each([
    { host: '127.0.0.1:4000', status: 200 },
    { host: 'LAB.example:4000', status: 200 },
    { host: '192.168.1.5:4000', status: 200 },
    { host: 'lab.example:4000', origin: 'http://lab.example:4000', status: 200 },
    { host: 'evil.example:4000', status: 403 },
    { host: 'evil.example:4000', origin: 'http://evil.example:4000', status: 403 },
    { host: 'lab.example.evil.example', status: 403 },
    { host: 'lab.example:4000', origin: 'http://evil.example', status: 403 },
  ])('Host $host, Origin $origin: $status', async ({ status, ...row }) => {
    expect((await client.send('get', '/healthz', { headers: headersOf(row) })).status).toBe(status);
  });

  test('the refusal of a Host names the allowed ones', async () => {
    const { body } = await client.send('get', '/healthz', { headers: { Host: 'evil.example' } });
    expect(body.detail).toBe('The Host evil.example is not this server: use localhost or lab.example or 192.168.1.5.');
  });
});

test.each([
  { host: '127.0.0.1', is: true }, { host: '127.255.255.254', is: true }, { host: '::1', is: true }, { host: '[::1]', is: true }, { host: 'localhost', is: true },
  { host: 'localhost.', is: true }, { host: '0.0.0.0', is: false }, { host: '::', is: false }, { host: '127.0.0.256', is: false }, { host: '1127.0.0.1', is: false }, { host: 'example.com', is: false },
])('$host is loopback: $is', ({ host, is }) => {
  expect(isLoopbackHost(host)).toBe(is);
});

describe('WebSockets', async () => {
  const services = fakeServices(presentTrace);
  const { server, close } = await createApp(services, { config: { host: '127.0.0.1', allowOpen: false, allowedHosts: [] }, logger: pino({ level: 'silent' }) });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(async () => {
    await close();
    server.close();
  });

  const connect = (headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const { port } = server.address() as AddressInfo;
      const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { headers });
      socket.on('open', () => {
        socket.close();
        resolve('open');
      });
      socket.on('unexpected-response', (_req, response) => resolve(String(response.statusCode)));
      socket.on('error', (error) => resolve(error.message));
    });

  test.each([
    { headers: {}, result: 'open' },
    { headers: { Origin: 'http://localhost:4000' }, result: 'open' },
    { headers: { Origin: 'http://evil.example' }, result: '403' },
    { headers: { Host: 'evil.example' }, result: '403' },
  ])('$headers: $result', async ({ headers, result }) => {
    expect(await connect(headers as Record<string, string>)).toBe(result);
  });
});
