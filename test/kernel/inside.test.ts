/**
 * Compares the text of the inside views with the output of the tools of this machine in a lab, byte by byte. Needs root,
 * namespaces and iptables; if they are missing, it prints that nothing was compared.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labPrefix, namespaceName } from '../../src/render/lab/lab-names.js';
import { Lab, type LabFlow } from './live/lab.js';
import { questionOf } from './live/model-side.js';
import { everyRule } from './live/own-cases.js';
import { canBuild } from './live/can-build.js';
import { savedRules } from './live/compare-rules.js';
import { Product } from './live/product.js';

const isPossible = canBuild('ip', 'bridge', 'iptables-restore', 'ss', 'python3');
if (!isPossible) {
  process.stderr.write(
    '\n!!! SKIPPED: the inside views were not compared with the tools: this needs root, network namespaces, iproute2, iptables and python3\n',
  );
}

const NAME = `inside-${process.pid}`;
const cluster = everyRule();
const NODES = ['node-1', 'node-2'];
const PODS = ['default/client', 'default/web-1', 'default/web-2', 'default/loopback', 'default/fenced', 'default/mapped', 'other/guest'];
const MACHINES = [...NODES.map((name) => [`node:${name}`, `nodes/${name}`] as const), ...PODS.map((name) => [`pod:${name}`, `pods/${name}`] as const)];
const CONNTRACK = 'conntrack -L';
const AGEING = [CONNTRACK, 'ip neigh', 'bridge fdb'];
const hasConntrack = spawnSync('conntrack', ['--version']).status === 0;
const FLOW: LabFlow = { from: 'pod:default/client', to: '10.96.1.6', port: 80, protocol: 'tcp', sourcePort: 43210 };

describe.skipIf(!isPossible)('the views print what the tools print in a lab', () => {
  let product: Product;
  let lab: Lab;
  let trace: string;
  const printed = new Map<string, string>();
  const prints = (id: string, ...command: string[]): string =>
    execFileSync('ip', ['netns', 'exec', `${labPrefix(NAME)}${namespaceName(id)}`, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).replaceAll(labPrefix(NAME), '');
  const shows = (path: string, what: string, query = ''): Promise<string> => product.get(`/${NAME}/${path}/${what}${query}`, 'text/plain');
  const lines = (text: string): string[] => text.split('\n').toSorted();
  /** The text without timeouts, since some seconds pass between the two outputs. */
  const timeless = (text: string): string => text.replaceAll(/^(\S+ +\d+) \d+/gm, '$1 N');

  beforeAll(async () => {
    product = await Product.open();
    await product.create(NAME, cluster);
    lab = new Lab(await product.lab(NAME));
    await lab.up();
    await lab.ask(FLOW);
    // All at once, since the entries of a flow expire within seconds.
    for (const [id] of MACHINES) {
      for (const tool of AGEING) {
        if (tool !== CONNTRACK || (hasConntrack && id.startsWith('node:'))) printed.set(`${id} ${tool}`, prints(id, ...tool.split(' ')));
      }
    }
    trace = (await product.trace(NAME, questionOf(FLOW))).id!;
  }, 120_000);
  afterAll(async () => {
    await lab.down();
    await product.close();
  }, 60_000);

  test.each(MACHINES)('%s: ip addr', async (id, path) => expect(await shows(path, 'interfaces')).toBe(prints(id, 'ip', 'addr')));
  test.each(MACHINES)('%s: ip route', async (id, path) => expect(await shows(path, 'routes')).toBe(prints(id, 'ip', 'route')));
  test.each(MACHINES)('%s: ss -ltnu', async (id, path) => expect(lines(await shows(path, 'sockets'))).toEqual(lines(prints(id, 'ss', '-ltnu'))));
  test.each(MACHINES)('%s: ip neigh, after a flow', async (id, path) =>
    expect(lines(await shows(path, 'neighbours', `?trace=${trace}`))).toEqual(lines(printed.get(`${id} ip neigh`)!)),
  );
  test.each(MACHINES)('%s: bridge fdb, after a flow', async (id, path) => {
    const groupless = printed.get(`${id} bridge fdb`)!.split('\n').filter((line) => !line.startsWith('33:33:')).join('\n');
    expect(lines(await shows(path, 'fdb', `?trace=${trace}`))).toEqual(lines(groupless));
  });
  test.each(NODES)('%s: iptables-restore takes the rules, and iptables-save prints them', async (node) => {
    const rules = await shows(`nodes/${node}`, 'rules');
    execFileSync('ip', ['netns', 'exec', `${labPrefix(NAME)}node.${node}`, 'iptables-restore', '--test'], { input: rules });
    expect(rules).toBe(savedRules(NAME, node).replace(/^\*raw\n[\s\S]*?COMMIT\n/m, (table) => (table.includes('packetwalk-hold') ? '' : table)));
    expect(rules.split('\n').length).toBeGreaterThan(100);
  });
  test.skipIf(!hasConntrack).each(NODES)('%s: conntrack -L, after a flow', async (node) => {
    // The lab's client resets the connection when its tables have been read; the model's entry is as the handshake leaves it.
    const open = timeless(printed.get(`node:${node} ${CONNTRACK}`)!).replace(/SYN_RECV|CLOSE/, 'ESTABLISHED').replace(' mark=', ' [ASSURED] mark=');
    expect(lines(timeless(await shows(`nodes/${node}`, 'conntrack', `?trace=${trace}`)))).toEqual(lines(open));
  });
});
