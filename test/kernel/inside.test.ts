/**
 * The inside views against the tools of this machine, in a lab: the same bytes. Needs root, namespaces and iptables;
 * elsewhere it says loudly that nothing was compared.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labPrefix, namespaceName } from '../../src/render/lab/lab-names.js';
import { Lab, type LabFlow } from './live/lab.js';
import { questionOf } from './live/model-side.js';
import { ownCases } from './live/own-cases.js';
import { Product } from './live/product.js';

const canBuild = process.getuid?.() === 0 && spawnSync('sh', ['-c', 'command -v ip bridge iptables-restore ss python3 && unshare --net true && test -e /proc/sys/net/netfilter'], { stdio: 'ignore' }).status === 0;
if (!canBuild) process.stderr.write('\n!!! SKIPPED: the inside views were not compared with the tools: this needs root, network namespaces, iproute2, iptables and python3\n');

const NAME = `inside-${process.pid}`;
const { cluster } = ownCases().find(({ name }) => name === 'own-rows')!;
const NODES = ['node-1', 'node-2'];
const PODS = ['client', 'web-1', 'web-2', 'loopback'];
const MACHINES = [...NODES.map((name) => [`node:${name}`, `nodes/${name}`] as const), ...PODS.map((name) => [`pod:default/${name}`, `pods/default/${name}`] as const)];
const FLOW: LabFlow = { from: 'pod:default/client', to: '10.96.1.6', port: 80, protocol: 'tcp', sourcePort: 43210 };

describe.skipIf(!canBuild)('as the tools print them', () => {
  let product: Product;
  let lab: Lab;
  let trace: string;
  const prints = (id: string, ...command: string[]): string =>
    execFileSync('ip', ['netns', 'exec', `${labPrefix(NAME)}${namespaceName(id)}`, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).replaceAll(labPrefix(NAME), '');
  const shows = (path: string, what: string, query = ''): Promise<string> => product.get(`/${NAME}/${path}/${what}${query}`, 'text/plain');
  const lines = (text: string): string[] => text.split('\n').toSorted();
  /** Seconds pass between two looks. */
  const timeless = (text: string): string => text.replaceAll(/^(\S+ +\d+) \d+/gm, '$1 N');

  beforeAll(async () => {
    product = await Product.open();
    await product.create(NAME, cluster);
    lab = new Lab(await product.lab(NAME));
    lab.up();
    await lab.ask(FLOW);
    trace = (await product.trace(NAME, questionOf(FLOW))).id!;
  }, 120_000);
  afterAll(async () => {
    lab.down();
    await product.close();
  }, 60_000);

  test.each(MACHINES)('%s: ip addr', async (id, path) => expect(await shows(path, 'interfaces')).toBe(prints(id, 'ip', 'addr')));
  test.each(MACHINES)('%s: ip route', async (id, path) => expect(await shows(path, 'routes')).toBe(prints(id, 'ip', 'route')));
  test.each(MACHINES)('%s: ss -ltnu', async (id, path) => expect(lines(await shows(path, 'sockets'))).toEqual(lines(prints(id, 'ss', '-ltnu'))));
  test.each(MACHINES)('%s: ip neigh, after a flow', async (id, path) => expect(lines(await shows(path, 'neighbours', `?trace=${trace}`))).toEqual(lines(prints(id, 'ip', 'neigh'))));
  test.each(MACHINES)('%s: bridge fdb, after a flow', async (id, path) => {
    const printed = prints(id, 'bridge', 'fdb').split('\n').filter((line) => !line.startsWith('33:33:')).join('\n');
    expect(lines(await shows(path, 'fdb', `?trace=${trace}`))).toEqual(lines(printed));
  });
  test.each(NODES)('%s: iptables-restore takes the rules, and iptables-save prints them', async (node) => {
    const rules = await shows(`nodes/${node}`, 'rules');
    execFileSync('ip', ['netns', 'exec', `${labPrefix(NAME)}node.${node}`, 'iptables-restore', '--test'], { input: rules });
    const printed = prints(`node:${node}`, 'iptables-save').split('\n').filter((line) => !line.startsWith('#')).join('\n').replaceAll(/\[\d+:\d+\]/g, '[0:0]');
    expect(rules).toBe(printed.replace(/^\*raw\n[\s\S]*?COMMIT\n/m, (table) => (table.includes('packetwalk-hold') ? '' : table)));
    expect(rules.split('\n').length).toBeGreaterThan(100);
  });
  test.skipIf(spawnSync('conntrack', ['--version']).status !== 0).each(NODES)('%s: conntrack -L, after a flow', async (node) => {
    // The lab's client resets the connection when its tables have been read; the model's entry is as the handshake leaves it.
    const printed = timeless(prints(`node:${node}`, 'conntrack', '-L')).replace(/SYN_RECV|CLOSE/, 'ESTABLISHED').replace(' mark=', ' [ASSURED] mark=');
    expect(lines(timeless(await shows(`nodes/${node}`, 'conntrack', `?trace=${trace}`)))).toEqual(lines(printed));
  });
});
