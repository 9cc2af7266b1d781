/**
 * Runs the lab script on this machine: with socat instead of python3, and building and removing it repeatedly or
 * interrupted. Needs root, namespaces, iptables and socat; if they are missing, it prints that nothing was tested.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { labPrefix } from '../../src/render/lab/lab-names.js';
import { canBuild } from './live/can-build.js';
import { Product } from './live/product.js';

const isPossible = canBuild('ip', 'bridge', 'iptables-restore', 'python3', 'socat');
if (!isPossible) process.stderr.write('\n!!! SKIPPED: the lab script was not tried: this needs root, network namespaces, iproute2, iptables, python3 and socat\n');

const NAME = `script-${process.pid}`;
/** A namespace of another cluster, whose prefix begins like this cluster's. */
const FOREIGN = `pw.${NAME}x.mine`;
const TOOLS = ['sh', 'ip', 'bridge', 'iptables-restore', 'id', 'cut', 'sed', 'cat', 'grep', 'tr', 'sleep'];
const MANIFESTS = [
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'client' }, spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app' }] } },
  {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }] }] },
  },
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' },
    spec: {
      type: 'LoadBalancer', clusterIP: '10.96.1.1', selector: { app: 'web' },
      ports: [{ name: 'a', port: 80, targetPort: 8080 }, { name: 'b', port: 53, protocol: 'UDP' }],
    },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.10', ipMode: 'Proxy' }] } },
  },
];

describe.skipIf(!isPossible)('the lab script', () => {
  let folder: string;
  let product: Product;
  const namespaces = (): string[] =>
    execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.split(' ')[0]!)
      .filter((name) => name.startsWith(labPrefix(NAME)) || name === FOREIGN);
  const environment = (path: string): NodeJS.ProcessEnv => ({ PATH: join(folder, path) });
  /** @param path the folder in which the script finds its tools */
  const run = (path: string, ...args: string[]): { readonly status: number | null; readonly out: string } => {
    const { status, stdout, stderr } = spawnSync('sh', [join(folder, 'lab.sh'), ...args], { encoding: 'utf8', env: environment(path), timeout: 60_000, input: '' });
    return { status, out: stdout + stderr };
  };
  const toolbox = (name: string, tools: readonly string[]): void => {
    mkdirSync(join(folder, name));
    for (const tool of tools) symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(folder, name, tool));
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packetwalk-script-'));
    product = await Product.open();
    await product.create(NAME, { settings: { nodes: 1, dns: { replicas: 0 } }, manifests: MANIFESTS, cut: [] });
    writeFileSync(join(folder, 'lab.sh'), await product.lab(NAME));
    toolbox('without-python', [...TOOLS, 'socat']);
    toolbox('broken', [...TOOLS.filter((tool) => tool !== 'iptables-restore'), 'socat']);
    writeFileSync(join(folder, 'broken/iptables-restore'), '#!/bin/sh\nexit 1\n');
    chmodSync(join(folder, 'broken/iptables-restore'), 0o755);
    toolbox('neither', TOOLS);
    execFileSync('ip', ['netns', 'add', FOREIGN]);
  }, 60_000);
  afterEach(() => {
    run('without-python', 'down');
    expect(namespaces()).toEqual([FOREIGN]);
  });
  afterAll(async () => {
    execFileSync('ip', ['netns', 'delete', FOREIGN]);
    rmSync(folder, { recursive: true, force: true });
    await product.close();
  });

  test('listens with socat if there is no python3', () => {
    expect(run('without-python', 'up').status).toBe(0);
    expect(run('without-python', 'trace', 'default/client', 'tcp', '10.96.1.1', '80').out).toMatch(/pod:default\/web saw 10\.244\.0\.2:\d+/);
    expect(run('without-python', 'trace', 'default/client', 'udp', '10.96.1.1', '53').out).toContain('packetwalk');
    expect(run('without-python', 'trace', 'internet:198.51.100.10', 'tcp', '192.0.2.10', '80').out).toMatch(/pod:default\/web saw 10\.244\.0\.1:\d+/);
    expect(run('without-python', 'trace', 'default/client', 'tcp', '10.244.0.3', '81').status).not.toBe(0);
  }, 60_000);

  test('refuses to be built twice, and can be removed repeatedly, even while processes run in it', async () => {
    expect(run('without-python', 'up').status).toBe(0);
    const before = namespaces();
    expect(run('without-python', 'up')).toMatchObject({ status: 1, out: expect.stringContaining('already') as string });
    expect(namespaces()).toEqual(before);
    const shell = spawn('ip', ['netns', 'exec', `${labPrefix(NAME)}node.node-1`, 'sh', '-c', 'trap "" TERM; while :; do sleep 1; done'], { stdio: 'ignore' });
    const left = new Promise((resolve) => { shell.on('exit', (_code, signal) => resolve(signal)); });
    expect(run('without-python', 'down')).toMatchObject({ status: 0 });
    expect(run('without-python', 'down')).toMatchObject({ status: 0 });
    expect(await left).toBe('SIGKILL');
  }, 60_000);

  test('removes everything if building fails', () => {
    expect(run('broken', 'up').status).not.toBe(0);
    expect(namespaces()).toEqual([FOREIGN]);
    expect(run('broken', 'down').status).toBe(0);
  }, 60_000);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('removes everything if it is interrupted: %s', async (signal) => {
    const building = spawn('sh', [join(folder, 'lab.sh'), 'up'], { env: environment('without-python'), stdio: 'ignore' });
    const ended = new Promise((resolve) => { building.on('exit', resolve); });
    while (namespaces().length < 3) await new Promise((resolve) => { setTimeout(resolve, 2); });
    building.kill(signal);
    await ended;
    expect(building.exitCode).not.toBe(0);
    expect(namespaces()).toEqual([FOREIGN]);
  }, 60_000);

  test('removes what a killed build has left', async () => {
    const building = spawn('sh', [join(folder, 'lab.sh'), 'up'], { env: environment('without-python'), stdio: 'ignore' });
    while (namespaces().length < 3) await new Promise((resolve) => { setTimeout(resolve, 2); });
    const ended = new Promise((resolve) => { building.on('exit', resolve); });
    building.kill('SIGKILL');
    await ended;
    expect(run('without-python', 'down').status).toBe(0);
    expect(namespaces()).toEqual([FOREIGN]);
  }, 60_000);

  test('reports missing tools before it creates anything', () => {
    expect(run('neither', 'up')).toMatchObject({ status: 1, out: expect.stringContaining('python3 or socat') as string });
    expect(namespaces()).toEqual([FOREIGN]);
  });
});
