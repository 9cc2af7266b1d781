/** Flow, change, flow: what the first leaves is what the second meets. */
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
  test('a second flow asks nobody, and floods nothing', async () => {
    const lab = await open();
    const first = await lab.flow(web, via(WEB_2));
    expect(kindsOf(first)).toEqual(expect.arrayContaining(['ARP_REQUEST', 'BRIDGE_FLOOD']));
    const second = await lab.flow(web, { ...via(WEB_2), sourcePort: 40001 });
    expect(kindsOf(second)).not.toContain('ARP_REQUEST');
    expect(kindsOf(second)).not.toContain('BRIDGE_FLOOD');
    expect([told(first), told(second)]).toEqual(Array(2).fill('ACCEPTED: connected by default/web-2'));
  });

  test('neighbours alone, or connections alone', async () => {
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

  test('a pod that is made anew under its name knows nobody', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    expect(await lab.neighbours('pod:default/client')).toHaveLength(1);
    await lab.deletePod('client');
    await lab.createPod('client');
    expect(await lab.neighbours('pod:default/client')).toEqual([]);
    expect((await lab.fdb('node:node-1')).join()).not.toContain('0a:58:0a:f4:00:02');
    expect(kindsOf(await lab.flow(web, via(WEB_2)))).toContain('ARP_REQUEST');
  });

  test('what a bridge floods meets its rules once for each port, though nobody is left to take it', async () => {
    const lab = await open();
    await lab.flow({ ip: '10.244.0.4', port: 8080 });
    await lab.deletePod('web-1');
    const { steps } = (await lab.flow({ ip: '10.244.0.4', port: 8080 }, { payloadBytes: 10 })).paths[0]!.connections[0]!.forward;
    expect(steps.slice(-3).map(({ kind }) => kind)).toEqual(['BRIDGE_FLOOD', 'NETFILTER', 'DROP']);
    expect(steps.at(-2)).toMatchObject({ evidence: { chain: 'FORWARD', copies: 3 }, summary: expect.stringContaining('let the 3 copies pass') });
  });

  test('a node that was cut off has forgotten its neighbours when it is back, and the switch where it was', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    const link = (state: string | null): Promise<void> => lab.apply([{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-2', annotations: { 'packetwalk.dev/link': state } } }]);
    expect((await lab.neighbours('node:node-2')).filter((line) => line.includes('eth0'))).toHaveLength(1);
    await link('down');
    expect(told(await lab.flow(web, { ...via(WEB_2), sourcePort: 40001 }))).toBe('TIMED_OUT NODE_DOWN: timeout by default/web-2');
    await link('up');
    expect((await lab.neighbours('node:node-2')).filter((line) => line.includes('eth0'))).toEqual([]);
    expect(told(await lab.flow(web, { ...via(WEB_2), sourcePort: 40002 }))).toBe('ACCEPTED: connected by default/web-2');
  });
});

describe('an open connection', () => {
  test('the same addresses and ports are the same connection: a segment, and no new choice', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_1));
    const again = await lab.flow(web, { choice: { mode: 'SEEDED', seed: 3 }, payloadBytes: 100 });
    expect(told(again)).toBe('ACCEPTED: connected by default/web-1');
    expect(kindsOf(again)).not.toContain('SERVICE_CHOICE');
    // By the entry, without a rule.
    const { translations, forward } = again.paths[0]!.connections[0]!;
    expect(translations).toEqual([{ type: 'DNAT', netns: 'node:node-1', hook: 'PREROUTING', before: '10.96.1.1:80', after: WEB_1, step: 'forward/6' }]);
    expect(forward.steps[6]).toMatchObject({ kind: 'CONNTRACK', summary: `node-1 rewrites the destination 10.96.1.1:80 to ${WEB_1}, as its entry for the connection says` });
    expect(again.paths[0]!.connections[0]!.forward.steps[0]!.packet).toMatchObject({ l4: { flags: ['PSH', 'ACK'] }, ip: { length: 140 } });
    await expect(lab.flow(web, via(WEB_2))).rejects.toThrow('can not be forced');
  });

  test('TCP: the entry outlives its endpoint, and the flow with it is lost; a new one is not', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    await lab.deletePod('web-2');
    expect(await lab.connections()).toEqual(['tcp      6 432000 ESTABLISHED src=10.244.0.2 dst=10.96.1.1 sport=40000 dport=80 src=10.244.1.2 dst=10.244.0.2 sport=8080 dport=40000 [ASSURED] mark=0 use=1']);
    const lost = await lab.flow(web);
    expect(told(lost)).toBe('TIMED_OUT POD_NOT_FOUND: timeout by 10.244.1.2');
    expect(lost.paths[0]!.reason).toMatchObject({
      message: 'No pod has the address 10.244.1.2. node-1 sends the connection there all the same, because it has been open since an endpoint had the address.',
      fix: expect.stringContaining('A new one, from another sourcePort, is led to an endpoint that there is; node-1 forgets this one in time') as string,
    });
    expect(told(await lab.flow(web, { sourcePort: 40001 }))).toBe('ACCEPTED: connected by default/web-1');
    // The node goes on sending to the MAC address that it knows, until it asks and hears nothing.
    await lab.advance(31);
    expect(told(await lab.flow(web))).toBe('TIMED_OUT POD_NOT_FOUND: timeout by 10.244.1.2');
    await lab.advance(5);
    expect(await lab.neighbours('node:node-2')).toContain('10.244.1.2 dev cbr0 FAILED');
    expect(told(await lab.flow(web))).toBe('NEIGHBOUR_UNREACHABLE POD_NOT_FOUND: timeout by 10.244.1.2');
  });

  test('TCP: a pod that took over the address knows nothing of the connection', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    await lab.deletePod('web-2');
    await lab.createPod('web-2');
    expect(told(await lab.flow(web))).toBe('REFUSED NO_SUCH_CONNECTION: reset by default/web-2');
    expect(await lab.connections()).toEqual([expect.stringMatching(/^tcp      6 10 CLOSE .*\[ASSURED\]/)]);
    // Who connects from the same port before the entry is gone is led where it led.
    expect(told(await lab.flow(web))).toBe('ACCEPTED: connected by default/web-2');
    expect(await lab.connections()).toEqual([expect.stringMatching(/^tcp      6 432000 ESTABLISHED .*\[ASSURED\]/)]);
  });

  test('TCP: what was reset is forgotten after ten seconds, and chosen for anew', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_2));
    await lab.deletePod('web-2');
    await lab.createPod('web-2');
    await lab.flow(web);
    await lab.advance(10);
    expect(told(await lab.flow(web, via(WEB_1)))).toBe('ACCEPTED: connected by default/web-1');
  });

  test('UDP: kube-proxy deletes the entry, and the next packet is chosen for anew', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    expect(told(await lab.flow(log, { protocol: 'UDP' }))).toBe('ACCEPTED: answered by default/log-1');
    await lab.deletePod('log-1');
    expect(await lab.connections()).toEqual([]);
    expect(told(await lab.flow(log, { protocol: 'UDP' }))).toBe('ACCEPTED: answered by default/log-2');
  });

  test('UDP: an endpoint that serves at another port is another endpoint', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    expect(await lab.connections()).toHaveLength(1);
    await lab.apply([{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'log' }, spec: { selector: { app: 'log' }, ports: [{ port: 514, protocol: 'UDP', targetPort: 515 }] } }]);
    expect(await lab.connections()).toEqual([]);
  });

  test('UDP: the entry stays where no endpoint is left, as kube-proxy leaves it', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    await lab.deletePod('log-2');
    await lab.deletePod('log-1');
    expect(await lab.connections()).toHaveLength(1);
  });

  test('it is forgotten after five days, and then is somebody else\'s', async () => {
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

  test('two pods of a node, one port: masquerade gives the second another', async () => {
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

  test('a Service and its endpoint asked from one port: connection tracking gives the second another, and the trace lists it', async () => {
    const lab = await open();
    await lab.flow(web, via(WEB_1));
    const direct = await lab.flow({ pod: 'default/web-1', port: 8080 });
    const { seenByServer, connections: [connection] } = direct.paths[0]!;
    expect(connection!.translations).toEqual([{
      type: 'SNAT', netns: 'node:node-1', hook: 'POSTROUTING', before: '10.244.0.2:40000', after: seenByServer!.source,
      step: `forward/${connection!.forward.steps.findIndex(({ kind, changes }) => kind === 'CONNTRACK' && changes.length > 0)}`,
    }]);
  });

  test('and so of the ids of pings', async () => {
    const lab = await open();
    const ping = (from: string): object => ({ from: { pod: from }, protocol: 'ICMP', sourcePort: 0 });
    for (const from of ['default/client', 'default/other', 'default/client']) expect(told(await lab.flow({ ip: '198.51.100.10' }, ping(from)))).toBe('ACCEPTED: echo-reply');
    expect(await lab.connections()).toHaveLength(2);
  });
});

describe('session affinity', () => {
  test('a client stays with its endpoint, whatever its port and the dice, until it was away for long enough', async () => {
    const lab = await open();
    await lab.flow(sticky, via(WEB_2));
    for (let seed = 0; seed < 4; seed += 1) expect(told(await lab.flow(sticky, { sourcePort: 41000 + seed, choice: { mode: 'SEEDED', seed } }))).toBe('ACCEPTED: connected by default/web-2');
    await lab.advance(100);
    expect(told(await lab.flow(sticky, { sourcePort: 42000 }))).toBe('ACCEPTED: connected by default/web-2');
    await lab.advance(101);
    expect(told(await lab.flow(sticky, { sourcePort: 43000, ...via(WEB_1) }))).toBe('ACCEPTED: connected by default/web-1');
  });

  test('it goes with the endpoint, and does not come back with it', async () => {
    const lab = await open();
    await lab.flow(sticky, via(WEB_2));
    await lab.deletePod('web-2');
    expect(told(await lab.flow(sticky, { sourcePort: 41000 }))).toBe('ACCEPTED: connected by default/web-1');
    await lab.createPod('web-2');
    expect(told(await lab.flow(sticky, { sourcePort: 41001 }))).toBe('ACCEPTED: connected by default/web-1');
  });

  test('another client has dice of its own', async () => {
    const lab = await open();
    await lab.flow(sticky, via(WEB_2));
    expect(told(await lab.flow(sticky, { from: { pod: 'default/other' }, ...via(WEB_1) }))).toBe('ACCEPTED: connected by default/web-1');
  });
});

describe('time', () => {
  test('neighbours: reachable, stale, delay, asked', async () => {
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
    expect((await lab.advance(1)).frames.filter(({ netns, direction }) => netns === 'pod:default/client' && direction === 'tx').map(({ frame }) => frame.arp?.op)).toEqual(['request']);
    states.push(await known());
    expect(states).toEqual(['REACHABLE', 'REACHABLE', 'STALE', 'DELAY', 'REACHABLE']);
  });

  test('a bridge forgets after 300 s', async () => {
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
  ])('$name is remembered for $seconds s', async ({ ask, to, seconds }) => {
    const lab = await open();
    await lab.flow(to, ask);
    expect(await lab.connections()).toEqual([expect.stringMatching(new RegExp(`^\\w+ +\\d+ ${seconds} `))]);
    await lab.advance(seconds - 1);
    expect(await lab.connections()).toEqual([expect.stringMatching(/^\w+ +\d+ 1 /)]);
    await lab.advance(1);
    expect(await lab.connections()).toEqual([]);
  });

  test('UDP that goes on is a stream, and is remembered for 120 s', async () => {
    const lab = await open();
    await lab.flow(log, { protocol: 'UDP', ...via(LOG_1) });
    await lab.advance(3);
    await lab.flow(log, { protocol: 'UDP' });
    expect(await lab.connections()).toEqual([expect.stringMatching(/^udp      17 120 .*\[ASSURED\] mark=0 use=1$/)]);
  });
});
