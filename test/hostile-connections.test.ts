/** What a client can send, or stop to send, in the middle of a request: the server answers the next one. */
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

const portOf = (): number => (server.http.address() as AddressInfo).port;
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];

async function open(lines: readonly string[]): Promise<Socket> {
  const socket = connect(portOf(), '127.0.0.1');
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** The status of the answer, 0 where the connection just ends. */
async function statusOf(lines: readonly string[]): Promise<number> {
  const socket = await open(lines);
  const text = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    socket.once('close', () => resolve(''));
  });
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

const isThere = async (): Promise<boolean> => (await statusOf(['GET /healthz HTTP/1.1', 'Host: 127.0.0.1'])) === 200;

describe('targets that are no URL', () => {
  test.each([
    { what: 'a WebSocket', target: '//', lines: UPGRADE, status: 404 },
    { what: 'a WebSocket', target: 'http://[', lines: UPGRADE, status: 404 },
    { what: 'a WebSocket', target: '/graphql//', lines: UPGRADE, status: 404 },
    { what: 'a WebSocket', target: '/graphql?a=[', lines: UPGRADE, status: 101 },
    { what: 'a page', target: '//', lines: ['Accept: text/html'], status: 200 },
    { what: 'a page', target: '/graphql//', lines: ['Accept: text/html'], status: 200 },
    { what: 'a page', target: '/graphql?a=[', lines: ['Accept: text/html'], status: 200 },
    { what: 'JSON', target: 'http://[', lines: [], status: 404 },
  ])('$what at $target: $status', async ({ target, lines, status }) => {
    expect(await statusOf([`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...lines])).toBe(status);
    expect(await isThere()).toBe(true);
  });
});

describe('a WebSocket that is refused to a client that resets the connection', () => {
  test.each([
    { why: 'a foreign Host', target: '/graphql', host: 'evil.example' },
    { why: 'an unknown path', target: '/elsewhere', host: '127.0.0.1' },
  ])('$why', async ({ target, host }) => {
    const closed = new Promise<void>((resolve) => server.http.once('upgrade', (_req, socket) => void socket.once('close', () => resolve())));
    const socket = await open([`GET ${target} HTTP/1.1`, `Host: ${host}`, ...UPGRADE]);
    socket.resetAndDestroy();
    await closed;
    expect(await isThere()).toBe(true);
  });
});
