/** Stopping the server while it is in use: running requests are answered, and other connections do not delay it. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApp, type App } from '../src/app.js';
import { fakeServices } from './support/fake-services.js';

let app: App;
let answer: () => void;
beforeEach(async () => {
  const asked = new Promise<void>((resolve) => { answer = resolve; });
  app = await createApp(fakeServices(() => ({})), {
    config: { host: '127.0.0.1', allowOpen: false, allowedHosts: [] },
    logger: pino({ level: 'silent' }),
    extend: (express) => express.get('/slow', async (_req, res) => {
      await asked;
      res.end('done');
    }),
  });
  await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => void vi.useRealTimers());

async function open(text: string): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined); // it may be reset
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return socket;
}

async function whole(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => void (text += String(data)));
  await once(socket, 'close');
  return text;
}

test('a running request is answered before the server ends', async () => {
  const socket = await open('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(app.server, 'request');
  const text = whole(socket);
  let hasEnded = false;
  const closed = app.close().then(() => { hasEnded = true; });
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(hasEnded).toBe(false);
  answer();
  expect(await text).toMatch(/^HTTP\/1\.1 200 OK.*done$/s);
  await closed;
});

const SILENT = [
  { what: 'asks nothing', text: '' },
  { what: 'does not come to its end', text: 'GET /healthz HTTP/1.1\r\nHost: local' },
  { what: 'stays open for the next request', text: 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n' },
  {
    what: 'answers no goodbye',
    text: 'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  },
];

test(`the server stops without waiting for a connection that ${SILENT.map(({ what }) => what).join(', ')}`, async () => {
  const cut: Promise<string>[] = [];
  for (const { text } of SILENT) {
    const connected = once(app.server, 'connection');
    const socket = await open(text);
    await connected;
    if (text.endsWith('\r\n\r\n')) await once(socket, 'data');
    cut.push(whole(socket));
  }
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const closed = app.close();
  vi.runOnlyPendingTimers();
  await closed;
  for (const text of await Promise.all(cut)) expect(text).not.toContain('HTTP/1.1');
});
