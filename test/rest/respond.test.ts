import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endWith } from '../../src/rest/http/respond.js';

const TEXTS = {
  'no character': '',
  'ASCII': '{"name":"web"}',
  'characters that Latin-1 has too': '{"name":"café ÿ"}',
  'characters beyond it': '{"name":"日本 → ok"}',
  'pairs of surrogates': '{"name":"🛰"}',
  'a megabyte of ASCII': 'a'.repeat(1_200_000),
  'a megabyte with one character that is none': `${'a'.repeat(1_200_000)}é`,
};

describe('a response', () => {
  let server: Server;
  let text = '';
  beforeAll(async () => {
    server = createServer(express().get('/', (_req, res) => { endWith(res, text); }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => { server.close(); });

  it.each(Object.entries(TEXTS))('is the text in UTF-8, with its length: %s', async (_what, sent) => {
    text = sent;
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-length')).toBe(String(bytes.length));
    expect(bytes.equals(Buffer.from(sent))).toBe(true);
  });
});
