/** Sequences of flows and changes of the cluster: a flow uses the entries that an earlier one has left. */
import { describe, expect, test } from 'vitest';
import { kindsOf, LiveLab, told } from '../../support/live-lab.js';
import { openServices } from '../../support/open-services.js';

const web = { service: 'default/web', port: 80 };
const sticky = { service: 'default/sticky', port: 80 };
const log = { service: 'default/log', port: 514 };
const via = (backend: string): object => ({ choice: { mode: 'FORCED', backend } });
const [WEB_1, WEB_2, LOG_1] = ['10.244.0.4:8080', '10.244.1.2:8080', '10.244.0.5:514'];

const open = async (): Promise<LiveLab> => LiveLab.open(await openServices());

describe('caches', () => {
  test('a second flow sends no ARP requests, and no frame is flooded', async () => {
    const lab = await open();
    const first = await lab.flow(web, via(WEB_2));
    expect(kindsOf(first)).toEqual(expect.arrayContaining(['ARP_REQUEST', 'BRIDGE_FLOOD']));
    const second = await lab.flow(web, { ...via(WEB_2), sourcePort: 40001 });
    expect(kindsOf(second)).not.toContain('ARP_REQUEST');
    expect(kindsOf(second)).not.toContain('BRIDGE_FLOOD');
    expect([told(first), told(second)]).toEqual(Array(2).fill('ACCEPTED: connected by default/web-2'));
  });

  test('neighbours and connections can be LIVE independently', async () => {
    const lab = await open();
    await lab.flow(web, { ...via(WEB_2), conntrack: 'FRESH' });
    expect(await lab.connections()).toEqual([]);
    expect(await lab.neighbours('pod:default/client')).toEqual(['10.244.0.1 dev eth0 lladdr 0a:58:0a:f4:00:01 REACHABLE']);
    await lab.reset();
    const cold = await lab.flow(web, { ...via(WEB_2), neighbours: 'COLD' });
    expect(kindsOf(cold)).toContain('ARP_REQUEST');
    expect(await lab.neighbours('pod:default/client')).toEqual([]);
    expect(await lab.connections()).toHaveLength(1);
  });

  test('a pod that is created again has empty tables', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    expect(await lab.neighbours('pod:default/client')).toHaveLength(1);
    await lab.deletePod('client');
    await lab.createPod('client');
    expect(await lab.neighbours('pod:default/client')).toEqual([]);
    expect((await lab.fdb('node:node-1')).join()).not.toContain('0a:58:0a:f4:00:02');
    expect(kindsOf(await lab.flow(web, via(WEB_2)))).toContain('ARP_REQUEST');
  });

  test('a flooded packet passes the rules once for each bridge port, even if no host accepts it', async () => {
    const lab = await open();
    await lab.flow({ ip: '10.244.0.4', port: 8080 });
    await lab.deletePod('web-1');
    const { steps } = (await lab.flow({ ip: '10.244.0.4', port: 8080 }, { payloadBytes: 10 })).paths[0]!.connections[0]!.forward;
    expect(steps.slice(-3).map(({ kind }) => kind)).toEqual(['BRIDGE_FLOOD', 'NETFILTER', 'DROP']);
    expect(steps.at(-2)).toMatchObject({ evidence: { chain: 'FORWARD', copies: 3 }, summary: expect.stringContaining('let the 3 copies pass') });
  });

  test('after a node\'s link was cut and restored, the node has no neighbours on it, and is reached again', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    const link = (state: string | null): Promise<void> =>
      lab.apply([{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-2', annotations: { 'packetwalk.dev/link': state } } }]);
    expect((await lab.neighbours('node:node-2')).filter((line) => line.includes('eth0'))).toHaveLength(1);
    await link('down');
    expect(told(await lab.flow(web, { ...via(WEB_2), sourcePort: 40001 }))).toBe('TIMED_OUT NODE_DOWN: timeout by default/web-2');
    await link('up');
    expect((await lab.neighbours('node:node-2')).filter((line) => line.includes('eth0'))).toEqual([]);
    expect(told(await lab.flow(web, { ...via(WEB_2), sourcePort: 40002 }))).toBe('ACCEPTED: connected by default/web-2');
  });
});

describe('an open connection', () => {
  test('the same addresses and ports are a segment of the open connection, without a new choice', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_1));
    const again = await lab.flow(web, { choice: { mode: 'SEEDED', seed: 3 }, payloadBytes: 100 });
    expect(told(again)).toBe('ACCEPTED: connected by default/web-1');
    expect(kindsOf(again)).not.toContain('SERVICE_CHOICE');
    // Translated by the conntrack entry, without a rule.
    const { translations, forward } = again.paths[0]!.connections[0]!;
    expect(translations).toEqual([{ type: 'DNAT', netns: 'node:node-1', hook: 'PREROUTING', before: '10.96.1.1:80', after: WEB_1, step: 'forward/6' }]);
    expect(forward.steps[6]).toMatchObject({
      kind: 'CONNTRACK',
      summary: `node-1 rewrites the destination 10.96.1.1:80 to ${WEB_1}, as its entry for the connection says`,
    });
    expect(again.paths[0]!.connections[0]!.forward.steps[0]!.packet).toMatchObject({ l4: { flags: ['PSH', 'ACK'] }, ip: { length: 140 } });
    await expect(lab.flow(web, via(WEB_2))).rejects.toThrow('can not be forced');
  });

  test('TCP: the conntrack entry outlives its endpoint, so the old connection fails and a new one does not', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    await lab.deletePod('web-2');
    expect(await lab.connections()).toEqual([
      'tcp      6 432000 ESTABLISHED src=10.244.0.2 dst=10.96.1.1 sport=40000 dport=80 src=10.244.1.2 dst=10.244.0.2 sport=8080 dport=40000 [ASSURED] mark=0 use=1',
    ]);
    const lost = await lab.flow(web);
    expect(told(lost)).toBe('TIMED_OUT POD_NOT_FOUND: timeout by 10.244.1.2');
    expect(lost.paths[0]!.reason).toMatchObject({
      message: 'No pod has the address 10.244.1.2. node-1 sends the connection there all the same, because it has been open since an endpoint had the address.',
      fix: expect.stringContaining('A new one, from another sourcePort, is led to an endpoint that there is; node-1 forgets this one in time') as string,
    });
    expect(told(await lab.flow(web, { sourcePort: 40001 }))).toBe('ACCEPTED: connected by default/web-1');
    // The node sends to the known MAC address until its probes are not answered.
    await lab.advance(31);
    expect(told(await lab.flow(web))).toBe('TIMED_OUT POD_NOT_FOUND: timeout by 10.244.1.2');
    await lab.advance(5);
    expect(await lab.neighbours('node:node-2')).toContain('10.244.1.2 dev cbr0 FAILED');
    expect(told(await lab.flow(web))).toBe('NEIGHBOUR_UNREACHABLE POD_NOT_FOUND: timeout by 10.244.1.2');
  });

  test('TCP: a new pod with the same address resets the old connection', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    await lab.deletePod('web-2');
    await lab.createPod('web-2');
    expect(told(await lab.flow(web))).toBe('REFUSED NO_SUCH_CONNECTION: reset by default/web-2');
    expect(await lab.connections()).toEqual([expect.stringMatching(/^tcp      6 10 CLOSE .*\[ASSURED\]/)]);
    // A connection from the same port uses the entry until it expires.
    expect(told(await lab.flow(web))).toBe('ACCEPTED: connected by default/web-2');
    expect(await lab.connections()).toEqual([expect.stringMatching(/^tcp      6 432000 ESTABLISHED .*\[ASSURED\]/)]);
  });

  test('TCP: a reset entry expires after 10 s, and then an endpoint is chosen again', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    await lab.deletePod('web-2');
    await lab.createPod('web-2');
    await lab.flow(web);
    await lab.advance(10);
    expect(told(await lab.flow(web, via(WEB_1)))).toBe('ACCEPTED: connected by default/web-1');
  });

  test('UDP: kube-proxy deletes the entry of a deleted endpoint, and another one is chosen', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    expect(told(await lab.flow(log, { protocol: 'UDP' }))).toBe('ACCEPTED: answered by default/log-1');
    await lab.deletePod('log-1');
    expect(await lab.connections()).toEqual([]);
    expect(told(await lab.flow(log, { protocol: 'UDP' }))).toBe('ACCEPTED: answered by default/log-2');
  });

  test('UDP: kube-proxy deletes the entry if the endpoint\'s port changes', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    expect(await lab.connections()).toHaveLength(1);
    await lab.apply([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'log' },
        spec: { selector: { app: 'log' }, ports: [{ port: 514, protocol: 'UDP', targetPort: 515 }] },
      },
    ]);
    expect(await lab.connections()).toEqual([]);
  });

  test('UDP: the entry is kept if the Service has no endpoint left', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    await lab.deletePod('log-2');
    await lab.deletePod('log-1');
    expect(await lab.connections()).toHaveLength(1);
  });

  test('expires after five days, and its port can be used again', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_1));
    await lab.advance(432_000 - 1);
    expect(await lab.connections()).toEqual([expect.stringMatching(/^tcp      6 1 ESTABLISHED /)]);
    await lab.advance(1);
    expect(await lab.connections()).toEqual([]);
    expect(told(await lab.flow(web, via(WEB_2)))).toBe('REFUSED NO_SUCH_CONNECTION: reset by default/web-2');
  });
});

describe('a taken source port', () => {
  const abroad = { ip: '198.51.100.10', port: 443 };

  test('of two pods with the same source port, the second gets another one by masquerade', async () => {
    const lab = await open();
    expect((await lab.flow(abroad)).paths[0]!.seenByServer).toMatchObject({ source: '203.0.113.1:40000' });
    const second = await lab.flow(abroad, { from: { pod: 'default/other' } });
    const source = second.paths[0]!.seenByServer!.source;
    expect(source).toMatch(/^203\.0\.113\.1:(?!40000$)\d+$/);
    expect(second.paths[0]!.connections[0]!.translations.map(({ after }) => after.split(':')[1])).toEqual(Array(2).fill(source.split(':')[1]));
    // To another host the same client keeps the port that it was given.
    const third = await lab.flow({ ip: '198.51.100.11', port: 443 }, { from: { pod: 'default/other' } });
    expect(third.paths[0]!.seenByServer!.source).toBe(source);
  });

  test('of connections to a Service and to its endpoint from the same port, the second gets another one, which the trace lists', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_1));
    const direct = await lab.flow({ pod: 'default/web-1', port: 8080 });
    const { seenByServer, connections: [connection] } = direct.paths[0]!;
    expect(connection!.translations).toEqual([{
      type: 'SNAT', netns: 'node:node-1', hook: 'POSTROUTING', before: '10.244.0.2:40000', after: seenByServer!.source,
      step: `forward/${connection!.forward.steps.findIndex(({ kind, changes }) => kind === 'CONNTRACK' && changes.length > 0)}`,
    }]);
  });

  test('ids of pings are treated in the same way', async () => {
    const lab = await open();
    const ping = (from: string): object => ({ from: { pod: from }, protocol: 'ICMP', sourcePort: 0 });
    for (const from of ['default/client', 'default/other', 'default/client']) {
      expect(told(await lab.flow({ ip: '198.51.100.10' }, ping(from)))).toBe('ACCEPTED: echo-reply');
    }
    expect(await lab.connections()).toHaveLength(2);
  });
});

describe('session affinity', () => {
  test('a client stays with its endpoint for any port and seed, until the timeout', async () => {
    const lab = await open();
    await lab.flow(sticky, via(WEB_2));
    for (let seed = 0; seed < 4; seed += 1) {
      expect(told(await lab.flow(sticky, { sourcePort: 41000 + seed, choice: { mode: 'SEEDED', seed } }))).toBe('ACCEPTED: connected by default/web-2');
    }
    await lab.advance(100);
    expect(told(await lab.flow(sticky, { sourcePort: 42000 }))).toBe('ACCEPTED: connected by default/web-2');
    await lab.advance(101);
    expect(told(await lab.flow(sticky, { sourcePort: 43000, ...via(WEB_1) }))).toBe('ACCEPTED: connected by default/web-1');
  });

  test('ends when the endpoint is deleted, even if it is created again', async () => {
    const lab = await open();
    await lab.flow(sticky, via(WEB_2));
    await lab.deletePod('web-2');
    expect(told(await lab.flow(sticky, { sourcePort: 41000 }))).toBe('ACCEPTED: connected by default/web-1');
    await lab.createPod('web-2');
    expect(told(await lab.flow(sticky, { sourcePort: 41001 }))).toBe('ACCEPTED: connected by default/web-1');
  });

  test('does not affect other clients', async () => {
    const lab = await open();
    await lab.flow(sticky, via(WEB_2));
    expect(told(await lab.flow(sticky, { from: { pod: 'default/other' }, ...via(WEB_1) }))).toBe('ACCEPTED: connected by default/web-1');
  });
});

describe('time', () => {
  test('a neighbour is reachable, stale, delay, and then probed', async () => {
    const lab = await open();
    const known = async (): Promise<string> => (await lab.neighbours('pod:default/client')).map((line) => line.split(' ').at(-1)).join();
    await lab.flow(web, via(WEB_2));
    const states: string[] = [await known()];
    for (const seconds of [30, 1]) {
      await lab.advance(seconds);
      states.push(await known());
    }
    const asked = await lab.flow(web, { ...via(WEB_2), sourcePort: 40001 });
    expect(kindsOf(asked)).not.toContain('ARP_REQUEST');
    states.push(await known());
    expect((await lab.advance(4)).frames).toEqual([]);
    expect(
      (await lab.advance(1)).frames.filter(({ netns, direction }) => netns === 'pod:default/client' && direction === 'tx').map(({ frame }) => frame.arp?.op),
    ).toEqual(['request']);
    states.push(await known());
    expect(states).toEqual(['REACHABLE', 'REACHABLE', 'STALE', 'DELAY', 'REACHABLE']);
  });

  test('an FDB entry expires after 300 s', async () => {
    const lab = await open();
    await lab.flow(web, { ...via(WEB_2) });
    await lab.advance(5 + 299); // the client was heard of for the last time when it was asked, after 5 s
    expect(await lab.fdb('node:node-1')).toEqual([expect.stringMatching(/^0a:58:0a:f4:00:02 dev veth/)]);
    await lab.advance(1);
    expect(await lab.fdb('node:node-1')).toEqual([]);
    expect(kindsOf(await lab.flow(web, { ...via(WEB_2), sourcePort: 40001 }))).toContain('BRIDGE_FLOOD');
  });

  test.each([
    { name: 'an echo', ask: { protocol: 'ICMP', sourcePort: 0 }, to: { pod: 'default/web-2' }, seconds: 30 },
    { name: 'a UDP exchange', ask: { protocol: 'UDP', choice: { mode: 'FORCED', backend: LOG_1 } }, to: log, seconds: 30 },
    { name: 'a SYN that nobody answers', ask: {}, to: { ip: '10.244.1.99', port: 80 }, seconds: 120 },
  ])('the entry of $name expires after $seconds s', async ({ ask, to, seconds }) => {
    const lab = await open();
    await lab.flow(to, ask);
    expect(await lab.connections()).toEqual([expect.stringMatching(new RegExp(`^\\w+ +\\d+ ${seconds} `))]);
    await lab.advance(seconds - 1);
    expect(await lab.connections()).toEqual([expect.stringMatching(/^\w+ +\d+ 1 /)]);
    await lab.advance(1);
    expect(await lab.connections()).toEqual([]);
  });

  test('a UDP connection that continues after 2 s expires after 120 s', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    await lab.advance(3);
    await lab.flow(log, { protocol: 'UDP' });
    expect(await lab.connections()).toEqual([expect.stringMatching(/^udp      17 120 .*\[ASSURED\] mark=0 use=1$/)]);
  });
});
