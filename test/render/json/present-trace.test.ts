import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import type { StepJson, StepJsonOf } from '../../../src/render/json/step-json.js';
import type { StepKind } from '../../../src/domain/trace/step.js';
import { serviceRecord } from '../../support/service-trace.js';
import { EVERY_KIND, stepOf } from '../../support/step-arbitrary.js';
import { at, connection, entry, icmpError, ip, leg, path, record, route, rule, tcp } from '../../support/trace-builder.js';

const golden = presentTrace(serviceRecord);
const [forward, back] = [golden.paths[0]!.connections[0]!.forward.steps, golden.paths[0]!.connections[0]!.return!.steps];
const first = <Kind extends StepKind>(steps: readonly StepJson[], kind: Kind): StepJsonOf<Kind> => {
  const step = steps.find((each) => each.kind === kind);
  if (!step) throw new Error(`no ${kind}`);
  return step as StepJsonOf<Kind>;
};
const present = (...steps: Parameters<typeof leg>[1][]): readonly StepJson[] =>
  presentTrace(record([path([connection(leg('ACCEPTED', ...steps), null)])])).paths[0]!.connections[0]!.forward.steps;

describe('a trace', () => {
  test('has the contract\'s fields in order', () => {
    expect(Object.keys(golden)).toEqual(['id', 'cluster', 'revision', 'createdAt', 'request', 'verdict', 'warnings', 'totalPaths', 'truncated', 'paths']);
    expect(Object.keys(golden.paths[0]!)).toEqual(['weight', 'backend', 'disposition', 'reason', 'clientSees', 'seenByServer', 'seenByClient', 'connections']);
    expect(golden.paths[0]!.backend).toEqual({ ip: '10.244.2.8', port: 8080, pod: 'default/web-1', node: 'node-2' });
  });

  test('has `met` only if the request has an expectation', () => {
    expect(golden).not.toHaveProperty('met');
    expect(presentTrace({ ...serviceRecord, differences: [] })).toMatchObject({ met: true, differences: [] });
    const differences = [{ field: 'verdict', expected: 'UNREACHABLE', actual: 'REACHABLE' }];
    expect(presentTrace({ ...serviceRecord, differences })).toMatchObject({ met: false, differences });
  });

  test('has frames only if they were included, without flooded copies', () => {
    expect(golden.paths[0]).not.toHaveProperty('frames');
    const asked = presentTrace({ ...serviceRecord, trace: { ...serviceRecord.trace, request: { ...serviceRecord.trace.request, include: ['frames'] } } });
    expect(asked.paths[0]!.frames!.map(({ seq, netns, interface: device }) => `${seq} ${netns} ${device}`)).toEqual([
      '0 pod:default/client eth0',
      '1 pod:default/client eth0',
      '2 node:node-1 vethaaaa0001',
    ]);
  });

  test('lists translations, conntrack entries, learned neighbours and FDB entries', () => {
    const { translations, conntrack, neighboursLearned, fdbLearned } = golden.paths[0]!.connections[0]!;
    expect(translations).toEqual([{ type: 'DNAT', netns: 'node:node-1', hook: 'PREROUTING', before: '10.96.0.12:80', after: '10.244.2.8:8080', step: 'forward/12' }]);
    expect(forward[12]!.kind).toBe('DNAT');
    expect(conntrack[0]).toMatchObject({
      netns: 'node:node-1',
      original: { src: '10.244.1.5', sport: 40000, dst: '10.96.0.12', dport: 80 },
      reply: { src: '10.244.2.8', sport: 8080, dst: '10.244.1.5', dport: 40000 },
    });
    expect(neighboursLearned).toEqual([
      {
        netns: 'pod:default/client',
        text: '10.244.1.1 dev eth0 lladdr 0a:58:0a:f4:01:01 REACHABLE',
        address: '10.244.1.1',
        device: 'eth0',
        mac: '0a:58:0a:f4:01:01',
        state: 'reachable',
      },
    ]);
    expect(fdbLearned[0]!.text).toBe('0a:58:0a:f4:01:05 dev vethaaaa0001 master cbr0');
  });
});

describe('a step', () => {
  test('has its position in the leg', () => {
    expect(forward.map(({ seq }) => seq)).toEqual(forward.map((_, index) => index));
    expect(back[0]!.seq).toBe(0);
  });

  test('has the place where it happened, including hook, table and chain', () => {
    expect(first(forward, 'ORIGINATE').at).toEqual({ netns: 'pod:default/client', interface: 'eth0' });
    expect(first(forward, 'DNAT').at).toEqual({ netns: 'node:node-1', interface: 'vethaaaa0001', hook: 'PREROUTING', table: 'nat', chain: 'KUBE-SEP-HIPBF5UYFKS4DCEX' });
    expect(first(back, 'UN_NAT').at).toEqual({ netns: 'node:node-1', interface: 'eth0', hook: 'POSTROUTING' });
  });

  test('has the packet after the step, or null if it is only about ARP', () => {
    expect(first(forward, 'DNAT').packet).toEqual({
      id: 1,
      ip: { src: '10.244.1.5', dst: '10.244.2.8', ttl: 64, protocol: 'TCP', length: 40, dontFragment: true },
      l4: { sport: 40000, dport: 8080, flags: ['SYN'] },
    });
    expect(first(forward, 'ARP_REQUEST').packet).toBeNull();
  });

  test.each<{ kind: StepKind; leg: readonly StepJson[]; changes: readonly string[] }>([
    { kind: 'ORIGINATE', leg: forward, changes: [] },
    { kind: 'DNAT', leg: forward, changes: ['ip.dst 10.96.0.12 > 10.244.2.8', 'l4.dport 80 > 8080'] },
    { kind: 'FORWARD_CHECK', leg: forward, changes: ['ip.ttl 64 > 63'] },
    { kind: 'UN_NAT', leg: back, changes: ['ip.src 10.244.2.8 > 10.96.0.12', 'l4.sport 8080 > 80'] },
  ])('$kind changes $changes', ({ kind, leg: steps, changes }) => {
    expect(first(steps, kind).changes.map(({ field, from, to }) => `${field} ${from} > ${to}`)).toEqual(changes);
  });

  test('shows changed MAC addresses only where a router makes a new frame', () => {
    const changed = forward.filter(({ changes }) => changes.some(({ field }) => field.startsWith('eth.')));
    expect(changed.map(({ kind, at: { netns } }) => `${kind} ${netns}`)).toEqual(['TRANSMIT node:node-1', 'TRANSMIT node:node-2']);
    expect(changed[0]!.changes).toEqual([
      { field: 'eth.src', from: '0a:58:0a:f4:01:05', to: '02:00:c0:a8:01:0b' }, { field: 'eth.dst', from: '0a:58:0a:f4:01:01', to: '02:00:c0:a8:01:0c' },
    ]);
  });

  test('shows a mark that rules set, and the quoted header that NAT rewrites', () => {
    const error = icmpError('10.244.2.8', '10.244.1.5', 3, tcp('10.244.1.5:40000', '10.244.2.8:8080'));
    const undone = icmpError('10.96.0.12', '10.244.1.5', 3, tcp('10.244.1.5:40000', '10.96.0.12:80'));
    const tracked = entry(tcp('10.244.1.5:40000', '10.96.0.12:80'), tcp('10.244.2.8:8080', '10.244.1.5:40000'));
    const steps = present(
      at('node:node-1', 'eth0', error, {
        kind: 'NETFILTER',
        hook: 'PREROUTING',
        table: 'nat',
        chain: 'PREROUTING',
        hits: [],
        verdict: 'ACCEPT',
        byPolicy: true,
        bridged: false,
        inInterface: 'eth0',
        outInterface: null,
        markBefore: 0,
        markAfter: 0x4000,
      }),
      at('node:node-1', 'eth0', undone, { kind: 'UN_NAT', hook: 'POSTROUTING', undoes: 'DNAT', entry: tracked, before: error }),
    );
    expect(steps[0]!.changes).toEqual([{ field: 'mark', from: '0x0', to: '0x4000' }]);
    expect(steps[1]!.changes.map(({ field }) => field)).toEqual(['ip.src', 'inner.ip.dst', 'inner.l4.dport']);
    expect(steps[1]!.packet!.inner).toEqual({ ip: { src: '10.244.1.5', dst: '10.96.0.12', protocol: 'TCP' }, l4: { sport: 40000, dport: 80 } });
    expect(steps[1]!.summary).toBe('node-1 undoes the DNAT by its connection entry: the source 10.244.2.8 becomes 10.96.0.12 again, and the quoted header with it');
  });
});

describe('evidence', () => {
  test('of a choice has every candidate with its weight, and the reasons for those not taken', () => {
    const { service, servicePort, candidates, notTaken } = first(forward, 'SERVICE_CHOICE').evidence;
    expect([service, servicePort]).toEqual(['default/web', 'http']);
    expect(candidates.map(({ ip: address, port, pod, node, weight, chosen }) => ({ address, port, pod, node, weight, chosen }))).toEqual([
      { address: '10.244.2.8', port: 8080, pod: 'default/web-1', node: 'node-2', weight: '1/2', chosen: true },
      { address: '10.244.1.9', port: 8080, pod: 'default/web-2', node: 'node-1', weight: '1/2', chosen: false },
    ]);
    expect(candidates[0]!.rule).toContain('-j KUBE-SEP-HIPBF5UYFKS4DCEX');
    expect(notTaken).toEqual([{ ip: '10.244.3.4', port: 8080, pod: 'default/web-3', node: 'node-3', why: 'NOT_READY' }]);
  });

  test('of a skipped translation has the rule and the reason', () => {
    const { applied, skipped, rule: met } = first(forward, 'SNAT').evidence;
    expect({ applied, skipped, rule: met.text }).toEqual({
      applied: false,
      skipped: 'DESTINATION_IN_NON_MASQUERADE_CIDR',
      rule: '-A IP-MASQ -d 10.244.0.0/16 -j RETURN',
    });
  });

  test('of a rejection has the rule and the chain in which it matched', () => {
    const reject = rule({ kind: 'REJECT', with: 'icmp-port-unreachable' }, { cause: { code: 'SERVICE_NO_ENDPOINTS', subject: 'Service default/web' } });
    const packet = tcp('10.244.1.5:40000', '10.96.0.12:80');
    const steps = present(at('node:node-1', 'cbr0', packet,
      {
        kind: 'NETFILTER', hook: 'FORWARD', table: 'filter', chain: 'FORWARD', hits: [{ chain: 'KUBE-SERVICES', rule: reject }], verdict: 'REJECT',
        byPolicy: false, bridged: false, inInterface: 'cbr0', outInterface: 'eth0', markBefore: 0, markAfter: 0,
      },
      { kind: 'REJECT', cause: reject.cause!, chain: 'KUBE-SERVICES', rule: reject, icmpCode: 3 }));
    expect(first(steps, 'REJECT').evidence.rule).toMatchObject({ chain: 'KUBE-SERVICES', target: 'REJECT' });
    expect(first(steps, 'REJECT').summary).toBe('node-1 refuses the packet with an ICMP error (port unreachable): the Service has no ready endpoint');
  });

  test('of a load balancer\'s choice has the candidate nodes', () => {
    const candidates = [{ node: 'node-1', healthy: false, why: 'NO_READY_LOCAL_ENDPOINT' }, { node: 'node-2', healthy: true, why: 'HEALTHY' }];
    const chosen = route('192.0.2.10/32', 'eth0', { via: ip('192.168.1.12'), loadBalancer: { service: 'default/web', chosen: 'node-2', candidates } });
    const [step] = present(at('gateway', 'wan0', tcp('198.51.100.10:40000', '192.0.2.10:80'), { kind: 'LOAD_BALANCE', address: ip('192.0.2.10'), route: chosen }));
    expect(step!.evidence).toMatchObject({
      address: '192.0.2.10',
      service: 'default/web',
      chosen: 'node-2',
      candidates,
      route: { text: '192.0.2.10 via 192.168.1.12 dev eth0' },
    });
    expect(step!.summary).toBe('The gateway sends the load balancer\'s address 192.0.2.10 on to node-2');
  });
});

describe('summaries', () => {
  test.each<[kind: StepKind, leg: readonly StepJson[], sentence: string]>([
    ['ORIGINATE', forward, 'Container app in pod default/client sends a TCP SYN to 10.96.0.12:80'],
    ['ROUTE_LOOKUP', forward, 'Pod default/client looks up 10.96.0.12: the default route leads to the next hop 10.244.1.1 by eth0 and takes 10.244.1.5 as its source'],
    ['ARP_REQUEST', forward, 'Pod default/client asks everybody on eth0: who has 10.244.1.1? Tell 10.244.1.5'],
    ['ARP_REPLY', forward, 'node-1 answers: 10.244.1.1 is at 0a:58:0a:f4:01:01'],
    ['BRIDGE_FORWARD', forward, 'The bridge cbr0 hands the frame up to node-1: its destination is the bridge\'s own MAC address'],
    ['SERVICE_CHOICE', forward, 'node-1\'s kube-proxy rules choose one of 2 endpoints of Service default/web: 10.244.2.8:8080 (pod default/web-1 on node-2)'],
    ['DNAT', forward, 'node-1\'s kube-proxy rules rewrite the destination 10.96.0.12:80 to 10.244.2.8:8080 (DNAT)'],
    ['SNAT', forward, 'node-1\'s rules leave the source as it is: the destination is in a range that is not masqueraded'],
    ['FORWARD_CHECK', forward, 'node-1 forwards the packet to eth0 and lowers its TTL to 63'],
    ['SOCKET_LOOKUP', forward, 'Container web in pod default/web-1 listens on 10.244.2.8:8080/TCP'],
    ['UN_NAT', back, 'node-1 undoes the DNAT by its connection entry: the source 10.244.2.8:8080 becomes 10.96.0.12:80 again'],
  ])('summarizes %s', (kind, steps, sentence) => expect(first(steps, kind).summary).toBe(sentence));

  test.each(EVERY_KIND)('of %s begins with a capital letter, wherever it happens', (kind) => {
    fc.assert(fc.property(stepOf(kind), (step) => !present([{ ...step, netns: 'gateway' }])[0]!.summary.startsWith('the gateway')));
  });
});
