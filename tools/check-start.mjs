#!/usr/bin/env node
// Starts the server as `npm start` does, with a new database, runs the command line that it prints, and stops it gracefully.
// Once it says that it is ready, the demo cluster has to be complete.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A port that was free a moment ago: the server is asked before it prints where it listens. */
const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => resolve(free));
  });
});
const [entry = 'dist/main.js', cwd = process.cwd()] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'packetwalk-start-'));
if (entry === 'dist/main.js') execFileSync(process.execPath, ['tools/build.mjs'], { stdio: 'inherit' });
const server = spawn(process.execPath, [entry], {
  cwd,
  env: { ...process.env, PORT: String(port), LOG_LEVEL: 'silent', DATABASE_URL: `file:${join(folder, 'start.db')}` },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const fail = (message) => { throw new Error(message); };

async function printed() {
  let text = '';
  for await (const chunk of server.stdout) {
    text += chunk;
    if (/listening on \S+\n(?:curl .*\n)/.test(text)) return text;
  }
  return fail(`the server ended before it listened: ${text}`);
}

/** The demo cluster's revision as soon as the server is ready. */
async function revisionWhenReady() {
  const base = `http://127.0.0.1:${port}`;
  for (;;) {
    const answer = await fetch(`${base}/readyz`).catch(() => null);
    if (answer?.status === 200) return (await (await fetch(`${base}/api/v1/clusters/demo`)).json()).revision;
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

const timeout = setTimeout(() => { server.kill('SIGKILL'); fail('no answer within 60 s'); }, 60_000);
try {
  const revision = revisionWhenReady();
  const [, url, curl] = /listening on (\S+)\n(curl .*)\n/.exec(await printed());
  const health = await fetch(`${url}/healthz`);
  if (health.status !== 200) fail(`/healthz answers ${health.status}`);
  const demo = await (await fetch(`${url}/api/v1/clusters/demo`)).json();
  if (await revision !== demo.revision) fail(`it was ready when the demo cluster had revision ${await revision} of ${demo.revision}`);
  const trace = execFileSync('sh', ['-c', curl], { encoding: 'utf8' });
  if (!trace.startsWith('REACHABLE') || !trace.includes('KUBE-SERVICES') || trace.split('\n').some((line) => line.length > 100)) {
    fail(`the printed line does not print a trace worth reading:\n${trace}`);
  }
  const ended = new Promise((resolve) => { server.once('exit', (code) => resolve(code)); });
  server.kill('SIGTERM');
  const code = await ended;
  if (code !== 0) fail(`it stopped with ${code}`);
  console.log(`it listens, the curl line prints a trace of ${trace.split('\n').length} lines, and it stops in order`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  clearTimeout(timeout);
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
