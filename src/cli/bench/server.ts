/** The whole server in a process that the benchmark forks; it reports its CPU time and memory on request. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import express from 'express';
import pino from 'pino';
import { createApp } from '../../app.js';
import { createServices } from '../../create-services.js';
import { LOCAL_VIEWER } from '../../services/local-viewer.js';
import type { Order, Ready, Report } from './messages.js';

/** Milliseconds between two measurements of the event loop. */
const RESOLUTION = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();

const [databaseUrl = '', cluster = '', firstQuestion = ''] = process.argv.slice(2);
const started = performance.now();
const services = await createServices({ databaseUrl, now: () => new Date().toISOString(), randomId: randomUUID });
if (firstQuestion !== '') await services.traces.run(LOCAL_VIEWER, cluster, JSON.parse(firstQuestion));
const opened = performance.now() - started;

const logger = pino({ level: 'silent' });
let ready: object = {};
const { server } = await createApp(services, {
  config: { host: '127.0.0.1', allowOpen: false, allowedHosts: [] }, logger,
  extend: (extended) => {
    // The baseline: the same middleware and body, and a ready object as the response.
    extended.post('/baseline', express.json(), (_req, res) => { res.json(ready); });
    extended.put('/baseline', express.json({ limit: '10mb' }), (req, res) => {
      ready = req.body as object;
      res.sendStatus(204);
    });
  },
});
await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });

process.on('message', ({ id, do: what }: Order) => {
  if (what === 'exit') process.exit(0);
  if (what === 'collect') for (let round = 0; round < 4; round += 1) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const blocked = delay.max / 1e6 - RESOLUTION;
  delay.reset();
  process.send!({ id, cpu: user + system, resident: process.memoryUsage.rss(), blocked } satisfies Report);
});
process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, opened } satisfies Ready);
