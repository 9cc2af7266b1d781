import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from '../../src/rest/http/create-http-server.js';

const app = express().get('/', (req, res) => { res.json({ host: req.hostname }); });
const server = createHttpServer(app);
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('requests and responses have the application\'s prototypes from the beginning', async () => {
  const seen: { readonly req: IncomingMessage; readonly res: ServerResponse; readonly before: readonly unknown[] }[] = [];
  server.prependListener('request', (req, res) => { seen.push({ req, res, before: [Object.getPrototypeOf(req), Object.getPrototypeOf(res)] }); });
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await answer.json()).toEqual({ host: '127.0.0.1' });
  expect(seen).toHaveLength(1);
  const { req, res, before } = seen[0]!;
  expect(before[0]).toBe(app.request);
  expect(before[1]).toBe(app.response);
  expect(Object.getPrototypeOf(req)).toBe(app.request);
  expect(Object.getPrototypeOf(res)).toBe(app.response);
});
