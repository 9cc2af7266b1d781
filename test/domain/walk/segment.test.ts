import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipLength } from '../../../src/domain/packet/packet.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { ageTables } from '../../../src/domain/walk/age-tables.js';
import { Host } from '../../../src/domain/walk/host.js';
import { limitTables } from '../../../src/domain/walk/limit-tables.js';
import { COLD, joinTables, type Tables } from '../../../src/domain/walk/tables.js';
import { walkFlow, type Flow, type WalkedFlow } from '../../../src/domain/walk/walk-flow.js';
import { NO_CHOICES } from '../../../src/domain/walk/walk.js';
import { smallNetwork, type SmallNetns } from '../../support/small-network.js';

interface Links {
  readonly client: number;
  readonly onTheWay: number;
  readonly server: number;
  readonly rules?: SmallNetns['rules'];
}

/** Client, router, server; the MTU of each end's link, and of the router's to the server. */
const network = ({ client, onTheWay, server, rules = [] }: Links) =>
  smallNetwork({
    client: { interfaces: { eth0: { address: '10.9.0.2/24', peer: 'router/eth0', mtu: client } }, routes: ['default via 10.9.0.1 dev eth0'] },
    router: {
      interfaces: { eth0: { address: '10.9.0.1/24', peer: 'client/eth0', mtu: client }, eth1: { address: '10.9.1.1/24', peer: 'server/eth0', mtu: onTheWay } },
      routes: ['default via 10.9.0.2 dev eth0'],
      sysctls: { ipForward: true },
      rules,
    },
    server: {
      interfaces: { eth0: { address: '10.9.1.2/24', peer: 'router/eth1', mtu: server } },
      routes: ['default via 10.9.1.1 dev eth0'],
      listen: ['80/tcp'],
    },
  });
const flow = (payloadBytes: number): Flow => ({
  origin: { kind: 'socket', netns: 'client', container: null, source: null },
  destination: ipv4('10.9.1.2'),
  protocol: 'TCP',
  sourcePort: 40000,
  destinationPort: 80,
  ttl: 64,
  payloadBytes,
  dontFragment: true,
});
const walk = (links: Links, payloadBytes: number, before: Tables = COLD): WalkedFlow =>
  walkFlow(network(links), before, flow(payloadBytes), NO_CHOICES, { capture: false });

/** What the client sends of its data: length of the IP packet, flags, and whether it may be fragmented. */
const sent = (leg: WalkedFlow['forward']): readonly string[] => leg.steps.flatMap((step) => (step.kind === 'ORIGINATE' && step.packet && step.what === 'request'
  ? [`${ipLength(step.packet)} ${step.packet.flags}${step.packet.dontFragment ? '' : ', may be fragmented'}`] : []));

// As a Linux kernel of version 6 sent them, with tcp_timestamps off, which take 12 bytes of each segment's data.
test.each<{ name: string; links: Links; bytes: number; sends: readonly string[]; ends?: string }>([
  { name: 'fits', links: { client: 1500, onTheWay: 1500, server: 1500 }, bytes: 1460, sends: ['1500 PSH-ACK'] },
  { name: 'is more than a segment of its own link', links: { client: 1500, onTheWay: 9000, server: 9000 }, bytes: 20_000, sends: ['1500 ACK'] },
  { name: 'is more than the server says that it takes', links: { client: 9000, onTheWay: 9000, server: 1500 }, bytes: 20_000, sends: ['1500 ACK'] },
  { name: 'is more than a link on the way carries', links: { client: 9000, onTheWay: 1500, server: 9000 }, bytes: 20_000, sends: ['9000 ACK', '1500 ACK'] },
  { name: 'fits a segment, and not a link on the way', links: { client: 9000, onTheWay: 1500, server: 9000 }, bytes: 3_000, sends: ['3040 PSH-ACK', '1500 ACK'] },
  {
    name: 'meets a link that is narrower than one believes in', links: { client: 9000, onTheWay: 500, server: 9000 }, bytes: 20_000,
    sends: ['9000 ACK', '552 ACK, may be fragmented'], ends: 'UNSUPPORTED',
  },
  { name: 'goes to a server that takes less than one may say', links: { client: 9000, onTheWay: 9000, server: 200 }, bytes: 1_000, sends: ['296 ACK'] },
])('data that $name is sent as $sends', ({ links, bytes, sends, ends = 'ACCEPTED' }) => {
  const { forward, data } = walk(links, bytes);
  expect([forward.end.disposition, sent(data!), data!.end.disposition]).toEqual(['ACCEPTED', sends, ends]);
});

const JUMBO: Links = { client: 9000, onTheWay: 1500, server: 9000 };

test('on an open connection data is segmented in the same way, and the server answers it', () => {
  const before = walk({ ...JUMBO, onTheWay: 9000, server: 4000 }, 0).after();
  const { resumed, forward, return: answer } = walk(JUMBO, 20_000, joinTables(COLD, before));
  expect([resumed, sent(forward), forward.what, forward.end.disposition, answer?.what]).toEqual([true, ['4000 ACK', '1500 ACK'], 'data', 'ACCEPTED', 'answer']);
});

test.each([
  { seconds: 0, sends: ['1500 ACK'] }, { seconds: 599, sends: ['1500 ACK'] }, { seconds: 600, sends: ['9000 ACK', '1500 ACK'] },
])('another connection $seconds s later uses the learned path MTU until it expires: $sends', ({ seconds, sends }) => {
  const before = ageTables(walk(JUMBO, 20_000).after(), network(JUMBO), seconds);
  const { data } = walkFlow(network(JUMBO), before, { ...flow(20_000), sourcePort: 40001 }, NO_CHOICES, { capture: false });
  expect(sent(data!)).toEqual(sends);
});

test('a host that has learned a path MTU refuses longer datagrams, or would fragment them', () => {
  const before = walk(JUMBO, 20_000).after();
  const told = walkFlow(network(JUMBO), before, { ...flow(2_000), sourcePort: 40001, protocol: 'UDP' }, NO_CHOICES, { capture: false });
  expect([told.forward.end.disposition, told.forward.end.netns, told.forward.end.cause?.subject]).toEqual(['MTU_EXCEEDED', 'client', '1500']);
  const whole = walkFlow(network(JUMBO), before, { ...flow(2_000), sourcePort: 40001, protocol: 'UDP', dontFragment: false }, NO_CHOICES, { capture: false });
  expect([whole.forward.end.disposition, whole.forward.end.netns]).toEqual(['UNSUPPORTED', 'client']);
});

test('a host keeps the newest 64 path MTUs, also when other entries are removed', () => {
  const host = new Host(network(JUMBO).netns('client')!);
  for (let last = 1; last <= 65; last += 1) host.learnPathMtu(ipv4(`10.9.1.${last}`), 1400);
  expect([host.pathMtu(ipv4('10.9.1.1')), host.pathMtu(ipv4('10.9.1.2')), host.tables().pathMtus?.length]).toEqual([undefined, 1400, 64]);
  expect(limitTables(new Map([['client', host.tables()]]), -1, 0).tables.get('client')?.pathMtus).toHaveLength(64);
});

test('a client that gets no ICMP error keeps sending segments that are too long', () => {
  const { data } = walk({ ...JUMBO, rules: [{ table: 'filter', chain: 'OUTPUT', rules: [{ matches: [], target: { kind: 'DROP' } }] }] }, 20_000);
  expect([sent(data!), data!.end.disposition, data!.end.netns]).toEqual([['9000 ACK'], 'MTU_EXCEEDED', 'router']);
});

test('a client outside of the model gets the ICMP error where its packets arrived', () => {
  const origin: Flow['origin'] = {
    kind: 'arrival',
    netns: 'router',
    device: 'eth0',
    source: ipv4('198.51.100.7'),
    sourceMac: network(JUMBO).netns('client')!.interface('eth0')!.mac,
  };
  const space = network(JUMBO);
  const { data } = walkFlow(space, COLD, { ...flow(20_000), origin }, NO_CHOICES, { capture: false });
  expect(data === null ? null : sent(data)).toEqual(['9000 ACK', '1500 ACK']);
});

test('for any MTUs, data is sent in segments that fit if the client gets the errors', () => {
  const mtu = fc.oneof(fc.integer({ min: 68, max: 700 }), fc.integer({ min: 500, max: 1700 }), fc.constantFrom(1500, 9000), fc.integer({ min: 68, max: 65_535 }));
  fc.assert(fc.property(mtu, mtu, mtu, mtu, mtu, fc.integer({ min: 1, max: 65_495 }), (near, there, back, far, last, bytes) => {
    const space = smallNetwork({
      client: { interfaces: { eth0: { address: '10.9.0.2/24', peer: 'router/eth0', mtu: near } }, routes: ['default via 10.9.0.1 dev eth0'] },
      router: {
        interfaces: { eth0: { address: '10.9.0.1/24', peer: 'client/eth0', mtu: near }, eth1: { address: '10.9.2.1/24', peer: 'other/eth0', mtu: there } },
        routes: ['10.9.1.0/24 via 10.9.2.2 dev eth1'],
        sysctls: { ipForward: true },
      },
      other: {
        interfaces: { eth0: { address: '10.9.2.2/24', peer: 'router/eth1', mtu: back }, eth1: { address: '10.9.1.1/24', peer: 'server/eth0', mtu: far } },
        routes: ['default via 10.9.2.1 dev eth0'],
        sysctls: { ipForward: true },
      },
      server: {
        interfaces: { eth0: { address: '10.9.1.2/24', peer: 'other/eth1', mtu: last } },
        routes: ['default via 10.9.1.1 dev eth0'],
        listen: ['80/tcp'],
      },
    });
    const { data } = walkFlow(space, COLD, flow(bytes), NO_CHOICES, { capture: false });
    const lengths = sent(data!).map((text) => Number.parseInt(text, 10));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(near);
    // An error that would have to be fragmented may get there, and so may what is sent without DF.
    if (data!.end.disposition !== 'UNSUPPORTED') expect([data!.end.disposition, lengths.at(-1)! <= Math.min(there, far)]).toEqual(['ACCEPTED', true]);
  }), { numRuns: 200 });
});
