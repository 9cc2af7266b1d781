/** Invalid or incomplete requests of clients: the server still answers the next request. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
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

/** The status of the response; 0 if the connection ends without one. */
async function statusOf(lines: readonly string[]): Promise<number> {
  const socket = await open(lines);
  const text = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    socket.once('close', () => resolve(''));
  });
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

/** All data until the server closes the connection. */
async function whole(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => void (text += String(data)));
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return text;
}

const isThere = async (): Promise<boolean> => (await statusOf(['GET /healthz HTTP/1.1', 'Host: 127.0.0.1'])) === 200;

describe('request targets that are not valid URLs', () => {
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

describe('a refused WebSocket whose client resets the connection does no harm', () => {
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

describe('an Upgrade to another protocol', () => {
  test('is ignored: the request is answered, and so is the next one on the connection', async () => {
    const h2c = ['Host: 127.0.0.1', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA'];
    const body = '{"query":"{ me { id } }"}';
    const socket = await open(['GET /healthz HTTP/1.1', ...h2c]);
    const text = whole(socket);
    await once(socket, 'data');
    socket.write(`POST /graphql HTTP/1.1\r\n${h2c.join('\r\n')}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await once(socket, 'data');
    socket.write('GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
    expect(await text).toMatch(/^HTTP\/1\.1 200 .*"status":"ok".*HTTP\/1\.1 200 .*"id":"local".*HTTP\/1\.1 200 .*"status":"ok"/s);
  });
});

describe('unusual requests that HTTP allows', () => {
  test.each([
    { what: 'HTTP/1.0 without a Host', lines: ['GET /healthz HTTP/1.0'], status: 200 },
    { what: 'the expectation that everybody meets', lines: ['GET /healthz HTTP/1.1', 'Host: 127.0.0.1', 'Expect: 100-continue'], status: 100 },
  ])('$what', async ({ lines, status }) => {
    expect(await statusOf(lines)).toBe(status);
  });
});

describe('a bad WebSocket message closes the socket with a reason, and nothing is printed', () => {
  test.each([
    { what: 'a message over the limit', send: (socket: WebSocket) => socket.send('x'.repeat(1_000_001)), code: 1009 },
    { what: 'text that is no UTF-8', send: (socket: WebSocket) => socket.send(Buffer.from([0xff]), { binary: false }), code: 1007 },
    { what: 'a message that is no JSON', send: (socket: WebSocket) => socket.send('{'), code: 4400 },
  ])('$what: $code', async ({ send, code }) => {
    const said = (['error', 'warn'] as const).map((level) => vi.spyOn(console, level));
    const socket = new WebSocket(`ws://127.0.0.1:${portOf()}/graphql`, 'graphql-transport-ws');
    socket.once('open', () => send(socket));
    const [closed] = (await once(socket, 'close')) as [number];
    expect(closed).toBe(code);
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

test.each([
  { what: 'an unknown method', text: 'FOO / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', code: 'BAD_REQUEST', status: 400 },
  { what: 'a path with bytes that are none', text: 'GET /\u00e9 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', code: 'BAD_REQUEST', status: 400 },
  { what: 'no Host', text: 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', code: 'BAD_REQUEST', status: 400 },
  {
    what: 'an expectation that nobody meets',
    text: 'POST /api/v1/clusters HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: foo\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
    code: 'EXPECTATION_FAILED', status: 417,
  },
  { what: 'a WebSocket where there is none', text: `GET /elsewhere HTTP/1.1\r\nHost: 127.0.0.1\r\n${UPGRADE.join('\r\n')}\r\n\r\n`, code: 'NOT_FOUND', status: 404 },
  {
    what: 'a WebSocket without a key', text: `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n${UPGRADE.slice(0, 3).join('\r\n')}\r\n\r\n`,
    code: 'BAD_REQUEST', status: 400,
  },
  { what: 'a WebSocket by POST', text: `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n${UPGRADE.join('\r\n')}\r\n\r\n`, code: 'BAD_REQUEST', status: 400 },
  { what: 'a proxy', text: 'CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: 10.0.0.1:80\r\n\r\n', code: 'BAD_REQUEST', status: 400 },
  { what: 'headers without end', text: `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, code: 'HEADERS_TOO_LARGE', status: 431 },
])('an invalid request is answered by a problem document: $what', async ({ text, code, status }) => {
  const socket = connect(portOf(), '127.0.0.1');
  socket.write(text);
  const [head = '', body = ''] = (await whole(socket)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*application/problem\\+json`, 's'));
  expect(JSON.parse(body)).toMatchObject({ type: `/problems/${code}`, status });
});
