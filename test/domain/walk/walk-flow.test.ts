import { describe, expect, test } from 'vitest';
import type { ConntrackEntry, Tuple } from '../../../src/domain/datapath/conntrack.js';
import type { Network } from '../../../src/domain/datapath/netns.js';
import type { Rule } from '../../../src/domain/datapath/netfilter/rules.js';
import { formatIpv4, ipv4 } from '../../../src/domain/values/ipv4.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { hostMac } from '../../../src/domain/values/mac.js';
import { announce } from '../../../src/domain/walk/announce.js';
import { probeNeighbours } from '../../../src/domain/walk/probe-neighbours.js';
import { COLD, NO_TABLES, withoutConnections, type HostTables, type Tables } from '../../../src/domain/walk/tables.js';
import { isBackAtSender, walkFlow, type Flow, type WalkedFlow, type WalkedLeg } from '../../../src/domain/walk/walk-flow.js';
import type { Choices } from '../../../src/domain/walk/walk.js';
import { conntrackText } from '../../../src/render/linux/conntrack-text.js';
import { smallNetwork, type SmallNetns } from '../../support/small-network.js';

/*
 *   client ── host (bridge br0, address 10.1.0.1) ── router ── server
 *   10.1.0.2        peer 10.1.0.3    192.168.0.1   192.168.0.254 / 172.20.0.1   172.20.0.9
 */
const client: SmallNetns = { interfaces: { eth0: { address: '10.1.0.2/24', peer: 'host/v-client' } }, routes: ['default via 10.1.0.1 dev eth0'] };
const peer: SmallNetns = { interfaces: { eth0: { address: '10.1.0.3/24', peer: 'host/v-peer' } }, routes: ['default via 10.1.0.1 dev eth0'], listen: ['80/tcp'] };
const host: SmallNetns = {
  interfaces: {
    br0: { kind: 'bridge', address: '10.1.0.1/24' },
    'v-client': { master: 'br0', peer: 'client/eth0', hairpin: true },
    'v-peer': { master: 'br0', peer: 'peer/eth0', hairpin: true },
    eth0: { address: '192.168.0.1/24', peer: 'router/eth0' },
  },
  routes: ['default via 192.168.0.254 dev eth0'],
  sysctls: { ipForward: true },
};
const router: SmallNetns = {
  interfaces: { eth0: { address: '192.168.0.254/24', peer: 'host/eth0' }, eth1: { address: '172.20.0.1/24', peer: 'server/eth0' } },
  routes: ['10.1.0.0/24 via 192.168.0.1 dev eth0'], sysctls: { ipForward: true },
};
const server: SmallNetns = {
  interfaces: { eth0: { address: '172.20.0.9/24', peer: 'router/eth1' } },
  routes: ['default via 172.20.0.1 dev eth0'],
  listen: ['80/tcp', '53/udp', '127.0.0.1:9000/tcp'],
};
const world = { client, peer, host, router, server };

const first: Choices = { branch: () => 0, portOffset: (_netns, _wanted, round) => 20000 - 1024 + round };

type FlowOptions = Partial<Omit<Flow, 'origin' | 'destination'>> & { readonly from?: string };

/** A TCP connection of the client's to port 80, unless the options say otherwise. */
const flowTo = (destination: string, { from = 'client', ...options }: FlowOptions = {}): Flow => ({
  origin: { kind: 'socket', netns: from, container: null, source: null },
  protocol: 'TCP',
  sourcePort: 40000,
  destinationPort: 80,
  ttl: 64,
  payloadBytes: 0,
  dontFragment: true,
  ...options,
  destination: ipv4(destination),
});

function ask(
  spaces: Readonly<Record<string, SmallNetns>>,
  { destination, ...flow }: Partial<Omit<Flow, 'destination'>> & { readonly destination: string },
): WalkedFlow {
  return walkFlow(smallNetwork(spaces), COLD, { ...flowTo(destination), ...flow }, first, { capture: true });
}

const told = (leg: WalkedLeg | null): string => {
  if (!leg) return 'nothing comes back';
  const { icmp, flags, source } = leg.end.packet;
  return `${leg.what} ${icmp ? `icmp ${icmp.type}/${icmp.code}` : flags} from ${formatIpv4(source)}: ${leg.end.disposition}`;
};

const rule = (target: Rule['target'], more: Partial<Rule> = {}): Rule => ({ matches: [], target, ...more });

describe('the first packet and its answer', () => {
  test.each([
    { name: 'an open TCP port', flow: { destination: '172.20.0.9' }, there: 'ACCEPTED', back: 'answer SYN-ACK from 172.20.0.9: ACCEPTED' },
    { name: 'a closed TCP port', flow: { destination: '172.20.0.9', destinationPort: 81 }, there: 'REFUSED', back: 'reset RST-ACK from 172.20.0.9: ACCEPTED' },
    {
      name: 'a port that listens on loopback only', flow: { destination: '172.20.0.9', destinationPort: 9000 }, there: 'REFUSED',
      back: 'reset RST-ACK from 172.20.0.9: ACCEPTED',
    },
    {
      name: 'an open UDP port', flow: { destination: '172.20.0.9', destinationPort: 53, protocol: 'UDP' }, there: 'ACCEPTED',
      back: 'answer null from 172.20.0.9: ACCEPTED',
    },
    { name: 'a closed UDP port', flow: { destination: '172.20.0.9', protocol: 'UDP' }, there: 'REFUSED', back: 'error icmp 3/3 from 172.20.0.9: ACCEPTED' },
    { name: 'an echo request', flow: { destination: '172.20.0.9', protocol: 'ICMP' }, there: 'ACCEPTED', back: 'answer icmp 0/0 from 172.20.0.9: ACCEPTED' },
    { name: 'the own address', flow: { destination: '10.1.0.2' }, there: 'REFUSED', back: 'reset RST-ACK from 10.1.0.2: ACCEPTED' },
    {
      name: 'an address nobody has, on the own link', flow: { destination: '10.1.0.77' }, there: 'NEIGHBOUR_UNREACHABLE',
      back: 'error icmp 3/1 from 10.1.0.2: ACCEPTED',
    },
    {
      name: 'an address nobody has, on a far link', flow: { destination: '172.20.0.77' }, there: 'NEIGHBOUR_UNREACHABLE',
      back: 'error icmp 3/1 from 192.168.0.254: ACCEPTED',
    },
    { name: 'an address that no route leads to', flow: { destination: '8.8.8.8' }, there: 'NO_ROUTE', back: 'error icmp 3/0 from 192.168.0.254: ACCEPTED' },
    {
      name: 'a TTL for two hops to a way of three', flow: { destination: '172.20.0.9', ttl: 2 }, there: 'TTL_EXPIRED',
      back: 'error icmp 11/0 from 192.168.0.254: ACCEPTED',
    },
    {
      name: 'a TTL of one to a neighbour behind the bridge', flow: { destination: '10.1.0.3', ttl: 1 }, there: 'ACCEPTED',
      back: 'answer SYN-ACK from 10.1.0.3: ACCEPTED',
    },
  ] as const)('$name', ({ flow, there, back }) => {
    const walked = ask(world, flow);
    expect(walked.forward.end.disposition).toBe(there);
    expect(told(walked.return)).toBe(back);
  });

  test('without ip_forward a router drops packets without an error', () => {
    for (const destination of ['172.20.0.9', '8.8.8.8']) { // one that it has a route to, and one that it has none to
      const walked = ask({ ...world, router: { ...router, sysctls: { ipForward: false } } }, { destination });
      expect([walked.forward.end.disposition, walked.forward.end.cause?.code, told(walked.return)]).toEqual(['TIMED_OUT', 'IP_FORWARD_OFF', 'nothing comes back']);
    }
  });

  test('a cut link is reported at its sending end', () => {
    const walked = ask(
      { ...world, host: { ...host, interfaces: { ...host.interfaces, eth0: { address: '192.168.0.1/24', peer: 'router/eth0', up: false } } } },
      { destination: '172.20.0.9' },
    );
    expect([walked.forward.end.disposition, walked.forward.end.netns]).toEqual(['LINK_DOWN', 'host']);
    expect(walked.after().get('host')?.neighbours).toContainEqual({ address: ipv4('192.168.0.254'), device: 'eth0', mac: null, state: 'failed', sinceDown: true });
  });

  test('a routing loop ends when the TTL expires', () => {
    const loop = { ...world, router: { ...router, routes: [...router.routes!, '10.99.0.0/16 via 192.168.0.1 dev eth0'] } };
    const walked = ask(loop, { destination: '10.99.1.1', ttl: 255 });
    expect(walked.forward.end.disposition).toBe('TTL_EXPIRED');
  });

  test('strict rp_filter drops packets whose source is routed by another interface', () => {
    const strict = { ...world, router: { ...router, routes: [], sysctls: { ipForward: true, rpFilter: 1 as const } } };
    const walked = ask(strict, { destination: '172.20.0.9' });
    expect([walked.forward.end.disposition, walked.forward.end.cause?.code]).toEqual(['TIMED_OUT', 'REVERSE_PATH_FILTER']);
  });

  test('without ip_forward a forwarded packet is dropped before rp_filter is evaluated', () => {
    const strict = { ...world, router: { ...router, routes: [], sysctls: { ipForward: false, rpFilter: 1 as const } } };
    expect(ask(strict, { destination: '172.20.0.9' }).forward.end.cause?.code).toBe('IP_FORWARD_OFF');
  });

  test.each([
    { name: 'TCP', flow: {}, back: { flags: 'SYN-ACK', dontFragment: true } },
    { name: 'TCP, refused', flow: { destinationPort: 81 }, back: { flags: 'RST-ACK', dontFragment: true } },
    { name: 'UDP', flow: { protocol: 'UDP', destinationPort: 53 }, back: { dontFragment: true } },
    { name: 'a ping', flow: { protocol: 'ICMP' }, back: { dontFragment: false } },
    { name: 'a refused datagram', flow: { protocol: 'UDP' }, back: { dontFragment: false } },
  ] as const)('the answer\'s DF bit depends on the answer, not on the request: $name', ({ flow, back }) => {
    for (const dontFragment of [true, false]) expect(ask(world, { destination: '172.20.0.9', ...flow, dontFragment }).return?.end.packet).toMatchObject(back);
  });

  test.each([
    { name: 'an answer that no route leads back for is answered with an error', flow: {}, sent: ['answer', 'error'] },
    { name: 'an error is not', flow: { protocol: 'UDP' }, sent: ['error'] },
  ] as const)('$name', ({ flow, sent }) => {
    const walked = ask({ ...world, router: { ...router, routes: [] } }, { destination: '172.20.0.9', ...flow });
    expect(walked.return?.steps.flatMap((step) => (step.kind === 'ORIGINATE' ? [step.what] : []))).toEqual(sent);
    expect(walked.return?.end.disposition).toBe('NO_ROUTE');
  });

  test.each([[0, 28], [100, 128], [520, 548], [1400, 548]])('an ICMP error has at most 576 bytes: for a datagram of %d bytes it quotes %d', (payloadBytes, quoted) => {
    expect(ask(world, { destination: '172.20.0.9', protocol: 'UDP', payloadBytes }).return?.end.packet.payloadBytes).toBe(quoted);
  });

  test('an ICMP error is no longer than the MTU of its link', () => {
    const narrow = { ...world, server: { ...server, interfaces: { eth0: { address: '172.20.0.9/24', peer: 'router/eth1', mtu: 300 } } } };
    const { icmp, payloadBytes } = ask(narrow, { destination: '172.20.0.9', protocol: 'UDP', payloadBytes: 520 }).return!.end.packet;
    expect([icmp?.code, payloadBytes]).toEqual([3, 272]);
  });

  test.each(['10.1.0.255', '224.0.0.1', '255.255.255.255'])('a packet to a multicast or broadcast address is not modelled: %s', (destination) => {
    expect(ask(world, { destination }).forward.end).toMatchObject({ disposition: 'UNSUPPORTED', cause: { code: 'NOT_MODELLED' } });
  });

  test.each(['10.1.0.3/32', '10.1.0.2/31'])('a /31 or /32 route has no broadcast address: %s', (block) => {
    expect(ask({ ...world, client: { ...client, routes: [`${block} dev eth0`] } }, { destination: '10.1.0.3' }).forward.end.disposition).toBe('ACCEPTED');
  });

  test.each([
    { protocol: 'TCP', back: 'answer SYN-ACK from 10.1.0.2: ACCEPTED' },
    { protocol: 'SCTP', back: 'answer null from 10.1.0.2: ACCEPTED' },
    { protocol: 'UDP', back: 'nothing comes back' }, // it has read its own datagram
  ] as const)('a $protocol socket that connects to its own address and port is connected to itself', ({ protocol, back }) => {
    const walked = ask(world, { destination: '10.1.0.2', destinationPort: 40000, protocol });
    expect([walked.forward.end.disposition, isBackAtSender(walked.forward), told(walked.return)]).toEqual(['ACCEPTED', true, back]);
  });

  test('a socket connected to itself acknowledges the data that it sends later', () => {
    const self = flowTo('10.1.0.2', { destinationPort: 40000, payloadBytes: 10 });
    const opened = walkFlow(smallNetwork(world), COLD, self, first, { capture: true });
    const later = walkFlow(smallNetwork(world), opened.after(), self, first, { capture: true });
    expect([later.resumed, later.forward.end.disposition, told(later.return)]).toEqual([true, 'ACCEPTED', 'answer ACK from 10.1.0.2: ACCEPTED']);
  });

  test.each([
    { name: 'to another port of its own', address: '10.1.0.2', port: 80 },
    { name: 'to another address of its own', address: '10.1.0.9', port: 40000 },
  ])('a socket whose packet is translated $name is not connected to itself', ({ address, port }) => {
    const elsewhere: SmallNetns = {
      ...client, interfaces: { eth0: { address: '10.1.0.2/24 10.1.0.9/24', peer: 'host/v-client' } },
      rules: [{ table: 'nat', chain: 'OUTPUT', rules: [rule({ kind: 'DNAT', address: ipv4(address), port })] }],
    };
    expect(ask({ ...world, client: elsewhere }, { destination: '10.1.0.2', destinationPort: 40000 }).forward.end.disposition).toBe('REFUSED');
  });

  test('a socket is not connected to itself if only NAT made its own address the destination', () => {
    const back: SmallNetns = { ...client, rules: [{ table: 'nat', chain: 'OUTPUT', rules: [rule({ kind: 'DNAT', address: ipv4('10.1.0.2'), port: 40000 })] }] };
    expect(ask({ ...world, client: back }, { destination: '10.96.0.1', destinationPort: 40000 }).forward.end.disposition).toBe('REFUSED');
  });

  test('a frame with an unknown MAC is lost at a bridge port that is down, without an error', () => {
    const cut = { ...world, host: { ...host, interfaces: { ...host.interfaces, 'v-peer': { master: 'br0', peer: 'peer/eth0', up: false } } } };
    const before = new Map([
      ['client', { ...NO_TABLES, neighbours: [{ address: ipv4('10.1.0.3'), device: 'eth0', mac: hostMac(ipv4('10.1.0.3')), state: 'reachable' as const }] }],
    ]);
    const walked = walkFlow(smallNetwork(cut), before, flowTo('10.1.0.3'), first, { capture: false });
    expect([walked.forward.end.disposition, walked.forward.end.cause, walked.return]).toEqual(['TIMED_OUT', { code: 'LINK_DOWN', subject: 'host/v-peer' }, null]);
  });

  test('a packet that becomes a broadcast at its last router is not modelled', () => {
    expect(ask(world, { destination: '172.20.0.255' }).forward.end).toMatchObject({ disposition: 'UNSUPPORTED', netns: 'router' });
  });

  test.each([
    { name: '127.0.0.1', to: '127.0.0.1', source: '127.0.0.1' },
    { name: 'another loopback address', to: '127.0.0.2', source: '127.0.0.1' },
    { name: 'no address', to: '0.0.0.0', source: '127.0.0.1' },
    { name: 'the own address', to: '172.20.0.9', source: '172.20.0.9' },
  ])('a host that connects to itself at $name uses the source $source', ({ to, source }) => {
    const walked = ask(world, { destination: to, origin: { kind: 'socket', netns: 'server', container: null, source: null } });
    expect([walked.forward.end.disposition, formatIpv4(walked.forward.end.packet.source), told(walked.return).split(' ').at(-1)]).toEqual([
      'ACCEPTED',
      source,
      'ACCEPTED',
    ]);
  });

  test('a datagram larger than the own MTU is refused by the sender\'s kernel', () => {
    const walked = ask(world, { destination: '172.20.0.9', protocol: 'UDP', destinationPort: 53, payloadBytes: 1473 });
    expect([walked.forward.end.disposition, walked.return]).toEqual(['MTU_EXCEEDED', null]);
  });

  test('a datagram of exactly the MTU arrives, and so does its answer', () => {
    const walked = ask(world, { destination: '172.20.0.9', protocol: 'UDP', destinationPort: 53, payloadBytes: 1472 }); // and 28 of headers
    expect([walked.forward.end.disposition, walked.return?.end.disposition]).toEqual(['ACCEPTED', 'ACCEPTED']);
  });

  test('a router answers a packet that is too long with its MTU', () => {
    const narrow = { ...world, router: { ...router, interfaces: { ...router.interfaces, eth1: { address: '172.20.0.1/24', peer: 'server/eth0', mtu: 1400 } } } };
    const walked = ask(narrow, { destination: '172.20.0.9', protocol: 'UDP', destinationPort: 53, payloadBytes: 1450 });
    expect([walked.forward.end.disposition, told(walked.return), walked.return?.end.packet.icmp?.mtu]).toEqual([
      'MTU_EXCEEDED',
      'error icmp 3/4 from 192.168.0.254: ACCEPTED',
      1400,
    ]);
  });

  test('a packet that would be fragmented passes the FORWARD rules first', () => {
    const drop: SmallNetns = { ...host, interfaces: { ...host.interfaces, eth0: { address: '192.168.0.1/24', peer: 'router/eth0', mtu: 1400 } } };
    const ends = (target: Rule['target']): string | undefined => ask(
      { ...world, host: { ...drop, rules: [{ table: 'filter', chain: 'FORWARD', rules: [rule(target)] }] } },
      { destination: '172.20.0.9', protocol: 'UDP', destinationPort: 53, payloadBytes: 1450, dontFragment: false },
    ).forward.end.cause?.code;
    expect([ends({ kind: 'DROP' }), ends({ kind: 'ACCEPT' })]).toEqual(['DROPPED_BY_RULE', 'FRAGMENTATION_NOT_MODELLED']);
  });

  test('an answer larger than the server\'s MTU would be fragmented, even if the request had DF', () => {
    const narrow = { ...world, server: { ...server, interfaces: { eth0: { address: '172.20.0.9/24', peer: 'router/eth1', mtu: 1000 } } } };
    const walked = ask(narrow, { destination: '172.20.0.9', protocol: 'UDP', destinationPort: 53, payloadBytes: 1100 });
    expect([walked.forward.end.disposition, walked.return?.end.disposition, walked.return?.end.cause?.code]).toEqual([
      'ACCEPTED',
      'UNSUPPORTED',
      'FRAGMENTATION_NOT_MODELLED',
    ]);
  });

  test('data is sent after the connection is open', () => {
    const walked = ask(world, { destination: '172.20.0.9', payloadBytes: 1000 });
    expect(walked.data?.end.disposition).toBe('ACCEPTED');
    expect(walked.data?.end.packet).toMatchObject({ flags: 'PSH-ACK', payloadBytes: 1000 });
  });
});

describe('netfilter', () => {
  const dnat = rule({ kind: 'DNAT', address: ipv4('172.20.0.9'), port: 80 }, { destination: { value: cidr('10.96.0.1/32'), negate: false }, protocol: 'TCP' });
  const masquerade = rule({ kind: 'MASQUERADE', randomFully: false }, { outInterface: { value: 'eth0', negate: false } });
  const translating: SmallNetns = {
    ...host,
    rules: [
      { table: 'nat', chain: 'PREROUTING', rules: [dnat] },
      { table: 'nat', chain: 'POSTROUTING', rules: [masquerade] },
      { table: 'nat', chain: 'INPUT', rules: [] },
      { table: 'nat', chain: 'OUTPUT', rules: [] },
      { table: 'filter', chain: 'FORWARD', rules: [] },
    ],
  };

  test('the server sees the translated addresses, and the client the original ones', () => {
    const walked = ask({ ...world, host: translating }, { destination: '10.96.0.1' });
    expect(walked.forward.end.packet).toMatchObject({ source: ipv4('192.168.0.1'), sourcePort: 40000, destination: ipv4('172.20.0.9'), destinationPort: 80 });
    expect(walked.return?.end.packet).toMatchObject({ source: ipv4('10.96.0.1'), sourcePort: 80, destination: ipv4('10.1.0.2'), destinationPort: 40000 });
  });

  test('an error about a translated packet is translated back, also in the quoted header', () => {
    const walked = ask({ ...world, host: translating }, { destination: '10.96.0.1', ttl: 2 });
    expect(walked.return?.end.packet).toMatchObject({
      source: ipv4('10.96.0.1'),
      destination: ipv4('10.1.0.2'),
      icmp: { quoted: { destination: ipv4('10.96.0.1'), source: ipv4('10.1.0.2'), sourcePort: 40000, destinationPort: 80 } },
    });
  });

  test('the ports in the quoted header are translated back too', () => {
    const toOtherPort = rule({ kind: 'DNAT', address: ipv4('172.20.0.9'), port: 8080 });
    const other: Tuple = { protocol: 'UDP', source: ipv4('10.1.0.9'), sourcePort: 40000, destination: ipv4('172.20.0.9'), destinationPort: 8080 };
    const taken: ConntrackEntry = {
      original: other,
      reply: { ...other, source: other.destination, sourcePort: 8080, destination: ipv4('192.168.0.1'), destinationPort: 40000 },
      destinationNat: false,
      sourceNat: true,
      confirmed: true,
      replied: true,
    };
    const network = smallNetwork({
      ...world,
      host: {
        ...host,
        rules: [
          { table: 'nat', chain: 'PREROUTING', rules: [toOtherPort] },
          { table: 'nat', chain: 'POSTROUTING', rules: [masquerade] },
        ],
      },
    });
    const flow = flowTo('10.96.0.1', { protocol: 'UDP' });
    const { forward, return: back } = walkFlow(network, new Map([['host', { ...NO_TABLES, conntrack: [taken] }]]), flow, first, { capture: false });
    expect(forward.end.packet).toMatchObject({ sourcePort: 20000, destinationPort: 8080 });
    expect(back?.end).toMatchObject({
      disposition: 'ACCEPTED',
      packet: { icmp: { quoted: { source: ipv4('10.1.0.2'), sourcePort: 40000, destination: ipv4('10.96.0.1'), destinationPort: 80 } } },
    });
  });

  test('a source port is changed if its reply would be ambiguous', () => {
    const network = smallNetwork({ ...world, host: translating });
    const flow = flowTo('10.96.0.1');
    const before = walkFlow(network, COLD, flow, first, { capture: false });
    const other = walkFlow(network, before.after(), { ...flow, origin: { kind: 'socket', netns: 'peer', container: null, source: null } }, first, { capture: false });
    expect(other.forward.end.packet).toMatchObject({ source: ipv4('192.168.0.1'), sourcePort: 20000 });
    expect(other.return?.end.packet).toMatchObject({ destination: ipv4('10.1.0.3'), destinationPort: 40000 });
  });

  test('a connection uses the port of the newest connection with the same source, if there is one', () => {
    const network = smallNetwork({
      ...world,
      host: { ...host, rules: [{ table: 'nat', chain: 'POSTROUTING', rules: [masquerade] }] },
      server: { ...server, listen: ['22/tcp', '25/tcp', '80/tcp', '443/tcp', '53/udp'] },
    });
    let tables = COLD;
    const ports = (
      [
        ['client', 80, 'TCP'],
        ['peer', 443, 'TCP'],
        ['client', 443, 'TCP'],
        ['client', 22, 'TCP'],
        ['peer', 25, 'TCP'],
        ['client', 53, 'UDP'],
      ] as const
    ).map(([netns, destinationPort, protocol]) => {
      const walked = walkFlow(network, tables, flowTo('172.20.0.9', { from: netns, protocol, destinationPort }), first, { capture: false });
      tables = walked.after();
      const translated = walked.touched.find(({ netns }) => netns === 'host')!.tables.conntrack.at(-1)!;
      return translated.reply.destinationPort;
    });
    expect(ports).toEqual([40000, 40000, 20000, 20000, 40000, 40000]); // entries of another client or protocol do not count
  });

  test('an error about an echo whose id was changed quotes the original id', () => {
    const network = smallNetwork({ ...world, host: translating });
    const echo = (netns: string, ttl: number): Flow => flowTo('172.20.0.9', { from: netns, protocol: 'ICMP', sourcePort: 7, destinationPort: 0, ttl });
    const before = walkFlow(network, COLD, echo('client', 64), first, { capture: false }).after();
    const { forward, return: back } = walkFlow(network, before, echo('peer', 2), first, { capture: false });
    expect(forward.end.packet.icmp?.id).not.toBe(7);
    expect([back?.end.disposition, back?.end.packet.icmp?.quoted]).toMatchObject(['ACCEPTED', { source: ipv4('10.1.0.3'), sourcePort: 7, destinationPort: 7 }]);
  });

  test('an error about a rejected connection passes no NAT rules', () => {
    const refusing: SmallNetns = { ...host, rules: [
      { table: 'filter', chain: 'FORWARD', rules: [rule({ kind: 'REJECT', with: 'icmp-port-unreachable' })] },
      { table: 'nat', chain: 'POSTROUTING', rules: [rule({ kind: 'SNAT', address: ipv4('192.168.0.1') })] },
    ] };
    const walked = ask({ ...world, host: refusing }, { destination: '172.20.0.9' });
    expect(told(walked.return)).toBe('error icmp 3/3 from 10.1.0.1: ACCEPTED');
    expect(walked.return?.steps.filter(({ kind }) => kind === 'NETFILTER' || kind === 'SNAT')).toEqual([]);
  });

  test('a ping to the own address is answered on the same conntrack entry', () => {
    const walked = ask(
      { ...world, host: translating },
      { destination: '127.0.0.1', protocol: 'ICMP', origin: { kind: 'socket', netns: 'host', container: null, source: null } },
    );
    expect([walked.return?.end.disposition, walked.after().get('host')?.conntrack.map(({ replied }) => replied)]).toEqual(['ACCEPTED', [true]]);
  });

  test('each echo restarts the timeout of its conntrack entry', () => {
    const connection = (source: string, destination: string): Tuple => ({
      protocol: 'ICMP',
      source: ipv4(source),
      sourcePort: 40000,
      destination: ipv4(destination),
      destinationPort: 40000,
    });
    const known: ConntrackEntry = {
      original: connection('10.1.0.2', '172.20.0.9'),
      reply: connection('172.20.0.9', '10.1.0.2'),
      destinationNat: false,
      sourceNat: false,
      confirmed: true,
      replied: true,
    };
    const before = new Map([['host', { ...NO_TABLES, conntrack: [{ ...known, secondsLeft: 3 }] }]]);
    const echo = flowTo('172.20.0.9', { protocol: 'ICMP', destinationPort: 0 });
    const walked = walkFlow(smallNetwork({ ...world, host: { ...host, rules: [] } }), before, echo, first, { capture: false });
    expect(walked.after().get('host')?.conntrack).toEqual([known]);
  });

  test('a packet is dropped if no source port is free', () => {
    const taken = Array.from({ length: 424 }, (_, index): ConntrackEntry => {
      const there: Tuple = { protocol: 'TCP', source: ipv4('10.1.0.9'), sourcePort: 600 + index, destination: ipv4('172.20.0.9'), destinationPort: 80 };
      return {
        original: there,
        reply: { protocol: 'TCP', source: there.destination, sourcePort: 80, destination: ipv4('192.168.0.1'), destinationPort: there.sourcePort },
        destinationNat: false,
        sourceNat: true,
        confirmed: true,
        replied: true,
        tcp: 'ESTABLISHED',
        assured: true,
      };
    });
    const flow = flowTo('172.20.0.9', { sourcePort: 700 });
    const { end } = walkFlow(smallNetwork({ ...world, host: translating }), new Map([['host', { ...NO_TABLES, conntrack: taken }]]), flow, first, {
      capture: false,
    }).forward;
    expect([end.disposition, end.cause?.code, end.netns]).toEqual(['DROPPED', 'PORT_EXHAUSTED', 'host']);
  });

  test('a taken source port is also changed at INPUT, without a NAT rule', () => {
    const toItself = rule({ kind: 'DNAT', address: ipv4('10.1.0.1'), port: 8080 }, { destination: { value: cidr('10.96.0.1/32'), negate: false }, protocol: 'TCP' });
    const network = smallNetwork({ ...world, host: { ...host, listen: ['8080/tcp'], rules: [{ table: 'nat', chain: 'PREROUTING', rules: [toItself] }] } });
    const flow = flowTo('10.96.0.1');
    const byService = walkFlow(network, COLD, flow, first, { capture: false });
    const direct = walkFlow(network, byService.after(), { ...flow, destination: ipv4('10.1.0.1'), destinationPort: 8080 }, first, { capture: false });
    expect(byService.forward.end.packet.sourcePort).toBe(40000);
    expect(direct.forward.end).toMatchObject({ disposition: 'ACCEPTED', packet: { sourcePort: 20000 } });
    expect(direct.forward.steps.find((step) => step.kind === 'CONNTRACK' && step.action === 'CONFIRM')).toMatchObject({
      before: { sourcePort: 40000 },
      packet: { sourcePort: 20000 },
    });
    expect(told(direct.return)).toBe('answer SYN-ACK from 10.1.0.1: ACCEPTED');
    expect(direct.return?.end.packet.destinationPort).toBe(40000);
  });

  test('a connection that was reset is still translated, and its entry is used by the new one', () => {
    const tuple = (source: string, sourcePort: number, destination: string, destinationPort: number): Tuple => ({
      protocol: 'TCP',
      source: ipv4(source),
      sourcePort,
      destination: ipv4(destination),
      destinationPort,
    });
    const closed: ConntrackEntry = {
      original: tuple('10.1.0.2', 40000, '10.96.0.1', 80), reply: tuple('172.20.0.9', 80, '10.1.0.2', 40000),
      destinationNat: true, sourceNat: false, confirmed: true, replied: true, tcp: 'CLOSE', assured: true, secondsLeft: 4,
    };
    const elsewhere = rule({ kind: 'DNAT', address: ipv4('10.1.0.3'), port: 80 });
    const network = smallNetwork({ ...world, host: { ...host, rules: [{ table: 'nat', chain: 'PREROUTING', rules: [elsewhere] }] } });
    const walked = walkFlow(network, new Map([['host', { ...NO_TABLES, conntrack: [closed] }]]), flowTo('10.96.0.1'), first, { capture: false });
    expect(walked.forward.end.packet.destination).toBe(ipv4('172.20.0.9'));
    expect(told(walked.return)).toBe('answer SYN-ACK from 10.96.0.1: ACCEPTED');
    const { secondsLeft: _, ...entry } = closed;
    expect(walked.after().get('host')?.conntrack).toEqual([{ ...entry, tcp: 'ESTABLISHED' }]);
  });

  test('data of a connection whose answer took another way is INVALID', () => {
    const throughHost: SmallNetns = { ...client, routes: [...client.routes!, '10.1.0.3/32 via 10.1.0.1 dev eth0'] };
    const invalid = rule({ kind: 'DROP' }, { matches: [{ kind: 'conntrackState', states: ['INVALID'], negate: false }] });
    const strict: SmallNetns = { ...host, sysctls: { ipForward: true, bridgeNfCallIptables: false }, rules: [{ table: 'filter', chain: 'FORWARD', rules: [invalid] }] };
    const walked = ask({ ...world, client: throughHost, host: strict }, { destination: '10.1.0.3', payloadBytes: 100 });
    expect([walked.return?.end.disposition, walked.data?.end.disposition]).toEqual(['ACCEPTED', 'DROPPED']);
  });

  test('an acknowledgement whose data took another way starts a new conntrack entry', () => {
    const backByHost: SmallNetns = { ...peer, routes: [...peer.routes!, '10.1.0.2/32 via 10.1.0.1 dev eth0'] };
    const invalid = rule({ kind: 'DROP' }, { matches: [{ kind: 'conntrackState', states: ['INVALID'], negate: false }] });
    const strict: SmallNetns = { ...host, sysctls: { ipForward: true, bridgeNfCallIptables: false }, rules: [{ table: 'filter', chain: 'FORWARD', rules: [invalid] }] };
    const network = smallNetwork({ ...world, peer: backByHost, host: strict });
    const flow = flowTo('10.1.0.3', { payloadBytes: 9 });
    expect(walkFlow(network, COLD, flow, first, { capture: false }).return?.end.disposition).toBe('DROPPED'); // a SYN-ACK is not
    const [there, back] = [ipv4('10.1.0.2'), ipv4('10.1.0.3')];
    const open = new Map([
      ['client', { ...NO_TABLES, sockets: [{ local: there, localPort: 40000, remote: back, remotePort: 80 }] }], ['peer', { ...NO_TABLES, sockets: [{ local: back, localPort: 80, remote: there, remotePort: 40000 }] }],
    ]);
    expect(told(walkFlow(network, open, flow, first, { capture: false }).return)).toBe('answer ACK from 10.1.0.3: ACCEPTED');
  });

  test('a server resets data of an unknown connection, and the client closes its socket', () => {
    const before = new Map([['client', { ...NO_TABLES, sockets: [{ local: ipv4('10.1.0.2'), localPort: 40000, remote: ipv4('10.1.0.3'), remotePort: 80 }] }]]);
    const flow = flowTo('10.1.0.3', { payloadBytes: 9 });
    const walked = walkFlow(smallNetwork(world), before, flow, first, { capture: false });
    expect([walked.resumed, walked.forward.end.cause?.code, told(walked.return)]).toEqual([true, 'NO_SUCH_CONNECTION', 'reset RST from 10.1.0.3: ACCEPTED']);
    expect(walked.after().get('client')?.sockets).toEqual([]);
  });

  test.each([{ replied: true, tcp: ['CLOSE'] }, { replied: false, tcp: [] }])('a reset deletes the conntrack entry if it is the first answer, else it closes it: answered before: $replied', ({ replied, tcp }) => {
    const there: Tuple = { protocol: 'TCP', source: ipv4('10.1.0.2'), sourcePort: 40000, destination: ipv4('10.1.0.3'), destinationPort: 80 };
    const entry: ConntrackEntry = {
      original: there,
      reply: { ...there, source: there.destination, sourcePort: 80, destination: there.source, destinationPort: 40000 },
      destinationNat: false,
      sourceNat: false,
      confirmed: true,
      replied,
      tcp: 'ESTABLISHED',
      assured: replied,
    };
    const before = new Map([
      ['client', { ...NO_TABLES, sockets: [{ local: there.source, localPort: 40000, remote: there.destination, remotePort: 80 }] }], ['host', { ...NO_TABLES, conntrack: [entry] }],
    ]);
    const flow: Flow = {
      origin: { kind: 'socket', netns: 'client', container: null, source: null },
      destination: there.destination,
      protocol: 'TCP',
      sourcePort: 40000,
      destinationPort: 80,
      ttl: 64,
      payloadBytes: 9,
      dontFragment: true,
    };
    const walked = walkFlow(smallNetwork({ ...world, host: { ...host, rules: [] } }), before, flow, first, { capture: false });
    expect([walked.return?.end.packet.flags, walked.after().get('host')?.conntrack.map((each) => each.tcp)]).toEqual(['RST', tcp]);
  });

  const fromServer = { source: { value: cidr('172.20.0.9/32'), negate: false } };
  test.each([
    { name: 'goes on with the answer', port: 80, rules: [], kept: '210 ESTABLISHED', rest: ' [ASSURED]' },
    { name: 'is aborted', port: 81, rules: [], kept: '10 CLOSED', rest: '' },
    { name: 'never hears of the answer', port: 80, rules: [rule({ kind: 'DROP' }, fromServer)], kept: '3 COOKIE_WAIT', rest: '' },
    { name: 'is not answered', port: 80, rules: [rule({ kind: 'ACCEPT' })], silent: true, kept: '10 CLOSED', rest: ' [UNREPLIED]' },
  ])('the conntrack entry of an SCTP client that $name', ({ port, rules, silent = false, kept, rest }) => {
    const spaces = {
      ...world,
      host: { ...translating, rules: [...translating.rules!, { table: 'filter', chain: 'FORWARD', rules }] as SmallNetns['rules'] & object },
      server: { ...server, listen: ['80/sctp'], ...(silent && { routes: [] }) },
    };
    const [entry] = ask(spaces, { destination: '172.20.0.9', protocol: 'SCTP', destinationPort: port }).after().get('host')!.conntrack;
    const line = conntrackText(entry!);
    expect([line.slice(0, 13 + kept.length), / \[\w+\]/.exec(line)?.[0] ?? '']).toEqual([`sctp     132 ${kept}`, rest]);
  });

  test('a server that still has an open connection keeps one socket when the client opens it again', () => {
    const open = { local: ipv4('10.1.0.3'), localPort: 80, remote: ipv4('10.1.0.2'), remotePort: 40000 };
    const flow = flowTo('10.1.0.3');
    const walked = walkFlow(smallNetwork(world), new Map([['peer', { ...NO_TABLES, sockets: [open] }]]), flow, first, { capture: false });
    expect([walked.return?.end.disposition, walked.after().get('peer')?.sockets]).toEqual(['ACCEPTED', [open]]);
  });

  test.each([
    { protocol: 'TCP', listens: '80/tcp', sent: ['answer', 'reset'] },
    { protocol: 'UDP', listens: '80/udp', sent: ['answer', 'error'] },
    { protocol: 'SCTP', listens: '80/sctp', sent: ['answer', 'reset'] },
    { protocol: 'ICMP', listens: '80/tcp', sent: ['answer'] },
  ] as const)('without bridge-nf-call-iptables the answer of a bridged neighbour is not translated back, and the client ignores it: $protocol', ({ protocol, listens, sent }) => {
    const toPeer = rule({ kind: 'DNAT', address: ipv4('10.1.0.3'), port: 80 }, { destination: { value: cidr('10.96.0.1/32'), negate: false } });
    const unfiltered: SmallNetns = {
      ...translating,
      sysctls: { ipForward: true, bridgeNfCallIptables: false },
      rules: translating.rules!.map((each) => (each.chain === 'PREROUTING' ? { ...each, rules: [toPeer] } : each)),
    };
    const walked = ask({ ...world, host: unfiltered, peer: { ...peer, listen: [listens] } }, { destination: '10.96.0.1', protocol });
    expect([walked.forward.end.disposition, walked.return?.end.disposition, walked.return?.end.cause?.code]).toEqual([
      'ACCEPTED',
      'TIMED_OUT',
      'REPLY_BYPASSED_CONNTRACK',
    ]);
    expect(walked.return?.steps.flatMap((step) => (step.kind === 'ORIGINATE' ? [step.what] : []))).toEqual(sent);
    expect(walked.after().get('peer')?.sockets).toEqual([]); // a reset from who never asked it closes the server's, too
  });

  /** `peer` has another address, to which packets go by way of `host`, past its rules; what it sends back to `client` passes none. */
  const oneWay = (rules: SmallNetns['rules']): Record<string, SmallNetns> => ({
    ...world, peer: { ...peer, interfaces: { eth0: { address: '10.1.0.3/24 10.9.0.3/32', peer: 'host/v-peer' } } },
    host: { ...host, routes: [...host.routes!, '10.9.0.3/32 via 10.1.0.3 dev br0'], sysctls: { ipForward: true, bridgeNfCallIptables: false }, rules: rules! },
  });

  test.each([
    { name: 'what was asked', hook: 'PREROUTING', target: { kind: 'DNAT', address: ipv4('10.9.0.3'), port: 80 }, end: ['ACCEPTED', 'client'] },
    { name: 'another port', hook: 'PREROUTING', target: { kind: 'DNAT', address: ipv4('10.9.0.3'), port: 81 }, end: ['TIMED_OUT', 'kernel'] },
    { name: 'another address', hook: 'PREROUTING', target: { kind: 'DNAT', address: ipv4('10.1.0.3'), port: 80 }, end: ['TIMED_OUT', 'kernel'] },
    { name: 'another address of the client\'s own', hook: 'POSTROUTING', target: { kind: 'SNAT', address: ipv4('10.1.0.9') }, end: ['TIMED_OUT', 'kernel'] },
  ] as const)('an error that bypassed NAT reaches the client only if it quotes what the client sent: $name', ({ hook, target, end }) => {
    const spaces = oneWay([{ table: 'nat', chain: hook, rules: [rule(target)] }]);
    const both = { ...client, interfaces: { eth0: { address: '10.1.0.2/24 10.1.0.9/24', peer: 'host/v-client' } } };
    const back = ask({ ...spaces, client: both }, { destination: '10.9.0.3', protocol: 'UDP' }).return!;
    expect([back.what, back.end.disposition, back.steps.flatMap((step) => (step.kind === 'DELIVER' ? [step.to] : [])).join()]).toEqual(['error', ...end]);
  });

  test.each([
    { protocol: 'TCP', sent: ['answer', 'reset'] }, { protocol: 'UDP', sent: ['error'] },
  ] as const)('an answer that goes to another host with the client\'s address does not reach the client: $protocol', ({ protocol, sent }) => {
    const elsewhere: SmallNetns = {
      ...server,
      interfaces: { ...server.interfaces, eth1: { address: '172.21.0.9/24', peer: 'double/eth0' } },
      routes: ['10.1.0.0/24 via 172.21.0.1 dev eth1'],
    };
    const double: SmallNetns = { interfaces: { eth0: { address: '172.21.0.1/24', peer: 'server/eth1' }, eth1: { address: '10.1.0.2/24' } } };
    const back = ask({ ...world, server: elsewhere, double }, { destination: '172.20.0.9', protocol }).return!;
    expect([back.end.disposition, back.end.netns, back.end.cause?.code]).toEqual(['TIMED_OUT', 'double', 'REPLY_BYPASSED_CONNTRACK']);
    expect(back.steps.flatMap((step) => (step.kind === 'ORIGINATE' ? [step.what] : []))).toEqual(sent);
  });

  test.each([
    { name: 'an echo', protocol: 'ICMP', wanted: 7, got: 18976, listen: [] },
    { name: 'a datagram', protocol: 'UDP', wanted: 40000, got: 20000, listen: ['53/udp'] },
    { name: 'an error', protocol: 'UDP', wanted: 40000, got: 20000, listen: [] },
  ] as const)('an answer that bypassed NAT reaches the client only with its original port or id: $name', ({ protocol, wanted, got, listen }) => {
    const other: Tuple = { protocol, source: ipv4('10.1.0.9'), sourcePort: wanted, destination: ipv4('10.9.0.3'), destinationPort: protocol === 'ICMP' ? wanted : 53 };
    const taken: ConntrackEntry = {
      original: other,
      reply: { ...other, source: other.destination, destination: ipv4('10.1.0.2'), sourcePort: other.destinationPort, destinationPort: wanted },
      destinationNat: false,
      sourceNat: true,
      confirmed: true,
      replied: true,
    };
    const spaces = oneWay([]);
    const network = smallNetwork({ ...spaces, peer: { ...spaces['peer']!, listen } });
    const flow = flowTo('10.9.0.3', { protocol, sourcePort: wanted, destinationPort: 53 });
    const walked = walkFlow(network, new Map([['host', { ...NO_TABLES, conntrack: [taken] }]]), flow, first, { capture: false });
    const { packet } = walked.forward.end;
    expect(packet.icmp?.id ?? packet.sourcePort).toBe(got);
    expect([walked.return?.end.disposition, walked.return?.end.cause?.code]).toEqual(['TIMED_OUT', 'REPLY_BYPASSED_CONNTRACK']);
  });

  test('an error about an echo\'s answer quotes the id of that answer', () => {
    const noAnswer = rule({ kind: 'REJECT', with: 'icmp-port-unreachable' }, { source: { value: cidr('172.20.0.9/32'), negate: false } });
    const network = smallNetwork({
      ...world,
      host: {
        ...host,
        rules: [
          { table: 'nat', chain: 'POSTROUTING', rules: [masquerade] },
          { table: 'filter', chain: 'FORWARD', rules: [noAnswer] },
        ],
      },
    });
    const echo = (netns: string): Flow => flowTo('172.20.0.9', { from: netns, protocol: 'ICMP', sourcePort: 7, destinationPort: 0 });
    const before = walkFlow(network, COLD, echo('client'), first, { capture: false }).after();
    const { forward, return: back } = walkFlow(network, before, echo('peer'), first, { capture: false });
    const { id } = forward.end.packet.icmp!;
    expect([id === 7, back?.end.disposition]).toEqual([false, 'REJECTED']);
    expect(back?.steps.at(-1)).toMatchObject({
      kind: 'DELIVER',
      netns: 'server',
      packet: { icmp: { quoted: { source: ipv4('172.20.0.9'), destination: ipv4('192.168.0.1'), sourcePort: id, destinationPort: id } } },
    });
  });

  test.each([
    { name: 'DROP', target: { kind: 'DROP' }, there: 'DROPPED', back: 'nothing comes back' },
    { name: 'REJECT', target: { kind: 'REJECT', with: 'icmp-port-unreachable' }, there: 'REJECTED', back: 'error icmp 3/3 from 10.1.0.1: ACCEPTED' },
    { name: 'ACCEPT', target: { kind: 'ACCEPT' }, there: 'ACCEPTED', back: 'answer SYN-ACK from 172.20.0.9: ACCEPTED' },
  ] as const)('$name in the chain FORWARD', ({ target, there, back }) => {
    const walked = ask({ ...world, host: { ...host, rules: [{ table: 'filter', chain: 'FORWARD', rules: [rule(target)] }] } }, { destination: '172.20.0.9' });
    expect(walked.forward.end.disposition).toBe(there);
    expect(told(walked.return)).toBe(back);
  });

  test('a conntrack entry is kept only if the packet was not dropped', () => {
    const entries = (walked: WalkedFlow): number => walked.after().get('host')?.conntrack.length ?? 0;
    const dropping = { ...world, host: { ...host, rules: [{ table: 'filter' as const, chain: 'FORWARD', rules: [rule({ kind: 'DROP' })] }] } };
    expect(entries(ask(dropping, { destination: '172.20.0.9' }))).toBe(0);
    expect(entries(ask({ ...world, host: translating }, { destination: '172.20.0.9' }))).toBe(1);
    expect(entries(ask({ ...world, host: translating }, { destination: '172.20.0.9', destinationPort: 81 }))).toBe(0);
  });

  test('a mark set in one chain matches in a later one', () => {
    const mark = rule({ kind: 'MARK', value: 0x4000, mask: 0x4000 });
    const onMark = rule({ kind: 'DROP' }, { matches: [{ kind: 'mark', value: 0x4000, mask: 0x4000, negate: false }] });
    const marked = {
      ...host,
      rules: [
        { table: 'nat' as const, chain: 'PREROUTING', rules: [rule({ kind: 'JUMP', chain: 'MARKING' })] },
        { table: 'nat' as const, chain: 'MARKING', rules: [mark] },
        { table: 'filter' as const, chain: 'FORWARD', rules: [onMark] },
      ],
    };
    const walked = ask({ ...world, host: marked }, { destination: '172.20.0.9' });
    expect(walked.forward.end.disposition).toBe('DROPPED');
    expect(walked.forward.steps.filter((step) => step.kind === 'NETFILTER').map((step) => [step.table, step.hits.map((hit) => hit.chain)])).toEqual([
      ['nat', ['PREROUTING', 'MARKING']],
      ['filter', ['FORWARD']],
    ]);
  });

  test.each([
    { xor: 0x4000, end: 'ACCEPTED' }, { xor: 0, end: 'DROPPED' },
  ])('xor with the same mark clears it: $xor', ({ xor, end }) => {
    const rules = [
      rule({ kind: 'MARK', value: 0x4000, mask: 0x4000 }),
      rule({ kind: 'MARK', value: xor, mask: 0 }),
      rule({ kind: 'DROP' }, { matches: [{ kind: 'mark', value: 0x4000, mask: 0x4000, negate: false }] }),
    ];
    expect(ask({ ...world, host: { ...host, rules: [{ table: 'filter', chain: 'FORWARD', rules }] } }, { destination: '172.20.0.9' }).forward.end.disposition).toBe(end);
  });

  test.each([
    { kind: 'JUMP', end: 'DROPPED' }, { kind: 'GOTO', end: 'ACCEPTED' },
  ] as const)('an empty chain returns to its caller after JUMP, but not after GOTO: $kind', ({ kind, end }) => {
    const rules = [
      { table: 'filter' as const, chain: 'FORWARD', rules: [rule({ kind, chain: 'EMPTY' }), rule({ kind: 'DROP' })] },
      { table: 'filter' as const, chain: 'EMPTY', rules: [] },
    ];
    const { end: { disposition }, steps } = ask({ ...world, host: { ...host, rules } }, { destination: '172.20.0.9' }).forward;
    expect(disposition).toBe(end);
    // A jump to a chain in which nothing matches is not listed.
    expect(steps.flatMap((step) => (step.kind === 'NETFILTER' ? step.hits.map(({ rule: { target } }) => target.kind) : []))).toEqual(end === 'DROPPED' ? ['DROP'] : []);
  });

  test('a loopback source that DNAT sends out is dropped, unless route_localnet is set', () => {
    const outward = { table: 'nat' as const, chain: 'OUTPUT', rules: [rule({ kind: 'DNAT', address: ipv4('172.20.0.9'), port: 80 })] };
    const code = (routeLocalnet: boolean): string | undefined => ask({ ...world, host: { ...host, sysctls: { ipForward: true, routeLocalnet }, rules: [outward] } }, {
      destination: '127.0.0.1', origin: { kind: 'socket', netns: 'host', container: null, source: null },
    }).forward.end.cause?.code;
    expect([code(false), code(true)]).toEqual(['ROUTE_LOCALNET_OFF', 'NEIGHBOUR_UNREACHABLE']); // a router answers no question from a loopback address
  });

  test('a bridged packet that DNAT sends to loopback is dropped before it is bridged', () => {
    const toLoopback = rule({ kind: 'DNAT', address: ipv4('127.0.0.1'), port: 80 }, { destination: { value: cidr('10.96.0.1/32'), negate: false } });
    const walked = ask(
      {
        ...world,
        host: { ...host, sysctls: { ipForward: true, bridgeNfCallIptables: true }, rules: [{ table: 'nat', chain: 'PREROUTING', rules: [toLoopback] }] },
      },
      { destination: '10.96.0.1' },
    );
    expect(walked.forward.end.cause?.code).toBe('MARTIAN_DESTINATION');
    expect(walked.forward.steps.filter(({ kind }) => kind === 'BRIDGE_FORWARD')).toEqual([]);
  });

  test.each([
    { destination: '10.96.0.1', passes: true }, { destination: '172.20.0.9', passes: false },
  ])('the conntrack state DNAT matches a connection to $destination: $passes', ({ destination, passes }) => {
    const others = rule({ kind: 'DROP' }, { matches: [{ kind: 'conntrackState', states: ['RELATED', 'ESTABLISHED', 'DNAT'], negate: true }] });
    const picky = { ...host, rules: translating.rules!.map((each) => (each.chain === 'FORWARD' ? { ...each, rules: [others] } : each)) };
    expect(ask({ ...world, host: picky }, { destination }).forward.end.disposition).toBe(passes ? 'ACCEPTED' : 'DROPPED');
  });

  test('a random choice is made once, among all branches', () => {
    const to = (address: string, outOf?: number): Rule =>
      rule({ kind: 'DNAT', address: ipv4(address), port: 80 }, { matches: outOf ? [{ kind: 'statistic', outOf }] : [] });
    const balanced = { ...host, rules: [{ table: 'nat' as const, chain: 'PREROUTING', rules: [to('172.20.0.9', 3), to('172.20.0.10', 2), to('172.20.0.11')] }] };
    const asked: number[] = [];
    const walked = walkFlow(
      smallNetwork({ ...world, host: balanced }),
      COLD,
      flowTo('10.96.0.1'),
      {
        ...first,
        branch: ({ branches }) => {
          asked.push(branches.length);
          return 1;
        },
      },
      { capture: false },
    );
    expect(asked).toEqual([3]);
    expect(formatIpv4(walked.forward.end.packet.destination)).toBe('172.20.0.10');
  });
});

describe('ARP', () => {
  const questions = (walked: WalkedFlow): string[] =>
    [...walked.forward.steps, ...(walked.return?.steps ?? [])].flatMap((step) =>
      step.kind === 'ARP_REQUEST'
        ? [`${step.netns}/${step.interface} who-has ${formatIpv4(step.frame.arp!.targetIp)} tell ${formatIpv4(step.frame.arp!.senderIp)} x${step.attempts}`]
        : [],
    );

  test('a host that gets an ARP request learns the sender, so its answer needs no request', () => {
    expect(questions(ask(world, { destination: '172.20.0.9' }))).toEqual([
      'client/eth0 who-has 10.1.0.1 tell 10.1.0.2 x1', 'host/eth0 who-has 192.168.0.254 tell 192.168.0.1 x1', 'router/eth1 who-has 172.20.0.9 tell 172.20.0.1 x1',
    ]);
  });

  test('ARP sends three requests, then the packet fails', () => {
    expect(questions(ask(world, { destination: '10.1.0.77' }))).toEqual(['client/eth0 who-has 10.1.0.77 tell 10.1.0.2 x3']);
  });

  test('hosts that are not asked get the flooded ARP request before the reply is sent', () => {
    const { frames } = ask(
      { ...world, host: { ...host, listen: ['80/tcp'] } },
      {
        destination: '192.168.0.1',
        origin: { kind: 'arrival', netns: 'host', device: 'eth0', source: ipv4('10.1.0.77'), sourceMac: hostMac(ipv4('192.168.0.254')) },
      },
    );
    expect(frames!.map(({ netns, interface: name, direction }) => `${netns}/${name} ${direction}`)).toEqual([
      'host/eth0 rx', 'host/br0 tx', 'host/v-client tx', 'host/v-peer tx', 'client/eth0 rx', 'peer/eth0 rx', 'host/lo tx', 'host/lo rx',
    ]);
    const answered = ask(world, { destination: '10.1.0.1' }).frames!;
    const [copy, answer] = [answered.findIndex(({ netns }) => netns === 'peer'), answered.findIndex(({ frame }) => frame.arp?.op === 'reply')];
    expect([copy > 0, copy < answer]).toEqual([true, true]);
  });

  test.each([
    { name: 'of a packet', frames: (network: Network, before: Tables) => walkFlow(network, before, fromClient('10.1.0.77'), first, { capture: true }).frames! },
    { name: 'of a question to one that was there', frames: (network: Network, before: Tables) => probeNeighbours(before, () => network, 0).frames },
  ])('a bridge floods frames for an unknown MAC to all ports: $name', ({ frames }) => {
    const gone: HostTables = { ...NO_TABLES, neighbours: [{ address: ipv4('10.1.0.77'), device: 'eth0', mac: hostMac(ipv4('10.1.0.77')), state: 'delay', age: 5 }] };
    expect(
      frames(smallNetwork(world), new Map([['client', gone]]))
        .filter(({ flooded }) => flooded)
        .map(({ netns, direction }) => `${netns} ${direction}`),
    ).toContain('peer rx');
  });

  test('an ARP request has the packet\'s source as its sender if that is an own address', () => {
    const walked = ask(world, { destination: '10.1.0.3', origin: { kind: 'socket', netns: 'host', container: null, source: ipv4('192.168.0.1') } });
    expect(questions(walked)[0]).toBe('host/br0 who-has 10.1.0.3 tell 192.168.0.1 x1');
    expect(questions(walked)[1]).toBe('peer/eth0 who-has 10.1.0.1 tell 10.1.0.3 x1');
  });

  test('a walk with warm caches sends no ARP requests', () => {
    const network = smallNetwork(world);
    const flow = flowTo('172.20.0.9');
    const warm = walkFlow(network, withoutConnections(walkFlow(network, COLD, flow, first, { capture: false }).after()), flow, first, { capture: false });
    expect(questions(warm)).toEqual([]);
    expect(warm.return?.end.disposition).toBe('ACCEPTED');
  });

  test('a failed neighbour becomes known again when its ARP request for another address is heard', () => {
    const failed = (device: string): HostTables => ({ ...NO_TABLES, neighbours: [{ address: ipv4('10.1.0.2'), device, mac: null, state: 'failed', age: 7 }] });
    const before = new Map([['peer', failed('eth0')], ['host', failed('br0')], ['router', failed('eth0')], ['unplugged', failed('eth0')]]);
    const bridged = {
      ...world, other: { ...peer, interfaces: { eth0: { address: '10.1.0.4/24', peer: 'host/v-other' } } },
      unplugged: { interfaces: { eth0: { address: '10.1.0.5/24', peer: 'host/v-unplugged', up: false } } },
      host: {
        ...host,
        interfaces: { ...host.interfaces, 'v-other': { master: 'br0', peer: 'other/eth0' }, 'v-unplugged': { master: 'br0', peer: 'unplugged/eth0', up: false } },
      },
    };
    const walked = walkFlow(smallNetwork(bridged), before, flowTo('10.1.0.4'), first, { capture: false });
    const known = (netns: string): unknown => walked.after().get(netns)?.neighbours;
    const again = { address: ipv4('10.1.0.2'), mac: hostMac(ipv4('10.1.0.2')), state: 'stale' };
    expect([known('peer'), known('host')]).toEqual([[{ ...again, device: 'eth0' }], [{ ...again, device: 'br0' }]]);
    for (const deaf of ['router', 'unplugged']) expect(known(deaf)).toEqual(before.get(deaf)!.neighbours); // on another link, or on none
    expect(walked.touched.map(({ netns }) => netns)).toContain('peer');
  });

  const fromClient = (to: string): Flow => ({
    origin: { kind: 'socket', netns: 'client', container: null, source: null },
    destination: ipv4(to),
    protocol: 'TCP',
    sourcePort: 40000,
    destinationPort: 80,
    ttl: 64,
    payloadBytes: 0,
    dontFragment: true,
  });

  test.each([
    { name: 'the same MAC address changes nothing', netns: 'peer', device: 'eth0', to: '10.1.0.3', mac: '10.1.0.2', state: 'reachable' },
    { name: 'another one is news to who is asked', netns: 'peer', device: 'eth0', to: '10.1.0.3', mac: '10.1.0.99', state: 'delay' },
    { name: 'and to everybody else who hears it', netns: 'peer', device: 'eth0', to: '10.1.0.1', mac: '10.1.0.99', state: 'stale' },
    { name: 'on the bridge too', netns: 'host', device: 'br0', to: '10.1.0.3', mac: '10.1.0.99', state: 'stale' },
  ])('an ARP request of a known neighbour: $name', ({ netns, device, to, mac, state }) => {
    const before = new Map([
      [netns, { ...NO_TABLES, neighbours: [{ address: ipv4('10.1.0.2'), device, mac: hostMac(ipv4(mac)), state: 'reachable' as const, age: 9 }] }],
    ]);
    const after = walkFlow(smallNetwork(world), before, fromClient(to), first, { capture: false }).after().get(netns)!.neighbours;
    expect(after).toContainEqual(expect.objectContaining({ address: ipv4('10.1.0.2'), device, mac: hostMac(ipv4('10.1.0.2')), state }));
  });

  test('a failed neighbour is asked again by the next packet', () => {
    const before = new Map([['client', { ...NO_TABLES, neighbours: [{ address: ipv4('10.1.0.3'), device: 'eth0', mac: null, state: 'failed' as const, age: 7 }] }]]);
    const walked = walkFlow(smallNetwork(world), before, fromClient('10.1.0.3'), first, { capture: false });
    expect([questions(walked)[0], walked.forward.end.disposition]).toEqual(['client/eth0 who-has 10.1.0.3 tell 10.1.0.2 x1', 'ACCEPTED']);
  });

  test.each([
    { name: 'a wrong MAC address', neighbour: '10.1.0.99', end: 'NOBODY_TOOK_IT' },
    { name: 'the right one', neighbour: '10.1.0.3', end: undefined },
  ])('a frame to $name, at a port from the FDB', ({ neighbour, end }) => {
    const mac = hostMac(ipv4(neighbour));
    const before = new Map([
      ['client', { ...NO_TABLES, neighbours: [{ address: ipv4('10.1.0.3'), device: 'eth0', mac, state: 'reachable' as const }] }],
      ['host', { ...NO_TABLES, fdb: [{ bridge: 'br0', entry: { mac, port: 'v-peer' } }] }],
    ]);
    expect(walkFlow(smallNetwork(world), before, fromClient('10.1.0.3'), first, { capture: false }).forward.end.cause?.code).toBe(end);
  });

  test.each([{ end: 'host/v-peer' }, { end: 'peer/eth0' }])('an ARP request does not pass a link whose end $end is down', ({ end }) => {
    const down = (id: string, space: SmallNetns): SmallNetns => ({
      ...space,
      interfaces: Object.fromEntries(
        Object.entries(space.interfaces).map(([name, device]) => [name, `${id}/${name}` === end ? { ...device, up: false } : device]),
      ),
    });
    const walked = ask({ ...world, host: down('host', host), peer: down('peer', peer) }, { destination: '10.1.0.3' });
    expect(walked.forward.end.disposition).toBe('NEIGHBOUR_UNREACHABLE');
    expect(walked.frames!.filter(({ netns, flooded }) => netns === 'peer' && !flooded)).toEqual([]);
  });

  test('a gratuitous ARP updates only hosts that have an entry for the address', () => {
    const known = (device: string): HostTables => ({
      ...NO_TABLES,
      neighbours: [{ address: ipv4('10.1.0.200'), device, mac: hostMac(ipv4('10.1.0.3')), state: 'reachable' }],
    });
    const announced = (before: Tables): unknown =>
      announce(before, smallNetwork(world), { netns: 'client', device: 'eth0', address: ipv4('10.1.0.200') }).tables.get('host')?.neighbours;
    expect(announced(COLD)).toEqual([]);
    expect(announced(new Map([['host', known('br0')]]))).toEqual([{ address: ipv4('10.1.0.200'), device: 'br0', mac: hostMac(ipv4('10.1.0.2')), state: 'stale' }]);
  });

  test.each([
    { rpFilter: 0, end: 'ACCEPTED' },
    { rpFilter: 1, end: 'NEIGHBOUR_UNREACHABLE' },
  ] as const)('a host ignores ARP requests from sources that rp_filter would drop: rp_filter $rpFilter', ({ rpFilter, end }) => {
    const stranger: SmallNetns = { interfaces: { eth0: { address: '172.20.0.77/32', peer: 'host/v-client' } }, routes: ['10.1.0.0/24 dev eth0'] };
    expect(
      ask({ ...world, client: stranger, host: { ...host, listen: ['80/tcp'], sysctls: { ipForward: true, rpFilter } } }, { destination: '10.1.0.1' }).forward
        .end.disposition,
    ).toBe(end);
  });

  test.each([{ hairpin: true, answers: ['client'] }, { hairpin: false, answers: [] }])('a host gets its own flooded ARP request back only from a port in hairpin mode: $hairpin', ({ hairpin, answers }) => {
    const asksItself = {
      ...world,
      client: { ...client, announces: ['10.1.0.200'] },
      host: { ...host, interfaces: { ...host.interfaces, 'v-client': { master: 'br0', peer: 'client/eth0', hairpin } } },
    };
    const walked = ask(asksItself, { destination: '10.1.0.200' });
    expect(walked.forward.steps.flatMap((step) => (step.kind === 'ARP_REPLY' ? [step.netns] : []))).toEqual(answers);
    expect(walked.frames!.some(({ netns, direction, frame }) => netns === 'client' && direction === 'rx' && frame.arp?.op === 'reply')).toBe(hairpin);
    const own: HostTables = { ...NO_TABLES, neighbours: [{ address: ipv4('10.1.0.200'), device: 'eth0', mac: hostMac(ipv4('10.1.0.2')), state: 'delay', age: 5 }] };
    const { frames } = probeNeighbours(new Map([['client', own]]), () => smallNetwork(asksItself), 0);
    expect(frames.some(({ netns, direction }) => netns === 'client' && direction === 'rx')).toBe(hairpin);
  });

  test.each([
    { name: 'one that came into use before', state: 'delay', age: 3, after: { state: 'reachable' } },
    { name: 'one that was asked before', state: 'reachable', age: 20, after: { state: 'reachable' } },
    { name: 'not one that comes into use with it', state: 'stale', age: 3, after: { state: 'delay' } },
  ] as const)('progress of a connection confirms its next hop: $name', ({ state, age, after }) => {
    const viaHost = { address: ipv4('10.1.0.1'), device: 'eth0', mac: hostMac(ipv4('10.1.0.1')) };
    const before = new Map([['client', { ...NO_TABLES, neighbours: [{ ...viaHost, state, age }] }]]);
    expect(walkFlow(smallNetwork(world), before, fromClient('172.20.0.9'), first, { capture: false }).after().get('client')!.neighbours).toEqual([
      { ...viaHost, ...after },
    ]);
  });

  test('the confirmed next hop is the one of the translated destination', () => {
    const toPeer = rule({ kind: 'DNAT', address: ipv4('10.1.0.3'), port: 80 });
    const balanced = { ...host, rules: [{ table: 'nat' as const, chain: 'OUTPUT', rules: [toPeer] }] };
    const known = (address: string, device: string): HostTables['neighbours'][number] => ({
      address: ipv4(address),
      device,
      mac: hostMac(ipv4(address)),
      state: 'delay',
      age: 3,
    });
    const before = new Map([['host', { ...NO_TABLES, neighbours: [known('192.168.0.254', 'eth0'), known('10.1.0.3', 'br0')] }]]);
    const flow: Flow = { ...fromClient('10.96.0.1'), origin: { kind: 'socket', netns: 'host', container: null, source: null } };
    const after = walkFlow(smallNetwork({ ...world, host: balanced }), before, flow, first, { capture: false }).after().get('host')!.neighbours;
    expect(after.map(({ state }) => state)).toEqual(['delay', 'reachable']);
  });

  test('an ARP reply of a program does not make its host learn the sender', () => {
    const announcing = { ...world, peer: { ...peer, announces: ['10.1.0.200'] } };
    const walked = ask(announcing, { destination: '10.1.0.200' });
    expect(walked.forward.steps.find((step) => step.kind === 'ARP_REPLY')).toMatchObject({ netns: 'peer', fromUserSpace: true });
    expect(walked.after().get('peer')?.neighbours).toEqual([]);
    const own = ask({ ...world, peer: { ...peer, announces: ['10.1.0.3'] } }, { destination: '10.1.0.3' });
    expect(own.forward.steps.find((step) => step.kind === 'ARP_REPLY')).toMatchObject({ netns: 'peer', fromUserSpace: false }); // the kernel is first
  });
});

test('the same input gives the same output, and is not modified', () => {
  const freeze = <T>(value: T): T => {
    if (typeof value === 'object' && value !== null && !(value instanceof Map)) Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };
  const network = smallNetwork(world);
  const flow = freeze<Flow>(flowTo('172.20.0.9', { payloadBytes: 10 }));
  const tables = walkFlow(network, COLD, flow, first, { capture: false }).after();
  for (const each of tables.values()) freeze(each);
  const [one, two] = [walkFlow(network, tables, flow, first, { capture: true }), walkFlow(network, tables, flow, first, { capture: true })];
  expect(JSON.stringify([one.forward, one.return, one.data, one.frames])).toBe(JSON.stringify([two.forward, two.return, two.data, two.frames]));
});

test.each([
  { source: '224.0.0.1', sysctls: {}, end: 'MARTIAN_SOURCE' },
  { source: '255.255.255.255', sysctls: {}, end: 'MARTIAN_SOURCE' },
  { source: '0.0.0.0', sysctls: {}, end: 'MARTIAN_SOURCE' },
  { source: '0.1.2.3', sysctls: {}, end: 'ACCEPTED' },
  { source: '192.168.0.1', sysctls: {}, end: 'MARTIAN_SOURCE' },
  { source: '127.0.0.1', sysctls: { routeLocalnet: true }, end: 'MARTIAN_SOURCE' },
  { source: '127.0.0.5', sysctls: { routeLocalnet: true }, end: 'ACCEPTED' },
  { source: '127.0.0.5', sysctls: { routeLocalnet: true, rpFilter: 2 as const }, end: 'MARTIAN_SOURCE' },
  { source: '127.0.0.5', sysctls: {}, end: 'MARTIAN_SOURCE' },
  { source: '192.168.0.255', sysctls: {}, end: 'ACCEPTED' },
  { source: '192.168.0.255', sysctls: { rpFilter: 2 as const }, end: 'MARTIAN_SOURCE' },
  { source: '10.99.0.1', sysctls: { rpFilter: 2 as const }, end: 'ACCEPTED' },
  { source: '10.1.0.77', sysctls: { rpFilter: 2 as const }, end: 'ACCEPTED' },
  { source: '10.1.0.77', sysctls: { rpFilter: 1 as const }, end: 'REVERSE_PATH_FILTER' },
])('a packet that arrives from $source with $sysctls ends as $end', ({ source, sysctls, end }) => {
  const walked = ask({ ...world, host: { ...host, listen: ['80/tcp'], sysctls: { ipForward: true, ...sysctls } } }, {
    destination: '192.168.0.1', origin: { kind: 'arrival', netns: 'host', device: 'eth0', source: ipv4(source), sourceMac: hostMac(ipv4('192.168.0.254')) },
  });
  expect(walked.forward.end.cause?.code ?? walked.forward.end.disposition).toBe(end);
});

test('a packet that arrives on an interface that is down is lost there', () => {
  const cut = { ...world, host: { ...host, interfaces: { ...host.interfaces, eth0: { address: '192.168.0.1/24', peer: 'router/eth0', up: false } } } };
  const walked = ask(cut, {
    destination: '10.1.0.3',
    origin: { kind: 'arrival', netns: 'host', device: 'eth0', source: ipv4('172.20.0.9'), sourceMac: hostMac(ipv4('192.168.0.254')) },
  });
  expect([walked.forward.end.disposition, walked.forward.end.cause, walked.frames]).toEqual(['TIMED_OUT', { code: 'LINK_DOWN', subject: 'host/eth0' }, []]);
});

test('an error about the answer to an outside packet goes to the server, not back outside', () => {
  const throughHost = rule({ kind: 'MASQUERADE', randomFully: false });
  const noAnswer = rule({ kind: 'REJECT', with: 'icmp-port-unreachable' }, { source: { value: cidr('172.20.0.9/32'), negate: false } });
  const refusing: SmallNetns = {
    ...host,
    rules: [
      { table: 'nat', chain: 'POSTROUTING', rules: [throughHost] },
      { table: 'filter', chain: 'FORWARD', rules: [noAnswer] },
    ],
  };
  const walked = ask(
    { ...world, host: refusing },
    {
      destination: '172.20.0.9',
      origin: { kind: 'arrival', netns: 'host', device: 'eth0', source: ipv4('203.0.113.7'), sourceMac: hostMac(ipv4('192.168.0.254')) },
    },
  );
  expect([walked.forward.end.disposition, walked.return?.end.disposition]).toEqual(['ACCEPTED', 'REJECTED']);
  expect(walked.return?.steps.at(-1)).toMatchObject({ kind: 'DELIVER', netns: 'server', packet: { icmp: { type: 3 } } });
});

test('a packet that arrives with its own destination as source is routed normally; only answers go back the way it came', () => {
  const from = (destination: string): WalkedFlow => ask(world, {
    destination, origin: { kind: 'arrival', netns: 'host', device: 'eth0', source: ipv4('172.20.0.9'), sourceMac: hostMac(ipv4('192.168.0.254')) },
  });
  const there = from('172.20.0.9');
  // A host drops packets whose source is its own address.
  expect([there.forward.end.netns, there.forward.end.cause?.code]).toEqual(['server', 'MARTIAN_SOURCE']);
  const answered = from('10.1.0.3');
  expect([answered.return?.end.netns, answered.return?.end.disposition]).toEqual(['host', 'ACCEPTED']);
});
