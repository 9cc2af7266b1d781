/** A network of plain objects, for walks without Kubernetes. Every table is an array that is searched linearly. */
import type { BaseChain, Chain, Hook, Rule, Table } from '../../src/domain/datapath/netfilter/rules.js';
import type { Bridge, Interface, Netns, Network, Route, Socket, Sysctls } from '../../src/domain/datapath/netns.js';
import type { Protocol } from '../../src/domain/packet/packet.js';
import { cidr, cidrOf, contains } from '../../src/domain/values/cidr.js';
import { fnv1a } from '../../src/domain/values/hash.js';
import { ipv4, isLoopback, UNSPECIFIED } from '../../src/domain/values/ipv4.js';
import { hashMac, hostMac, ZERO_MAC } from '../../src/domain/values/mac.js';

export interface SmallInterface {
  /** `10.0.0.1/24`; more than one, separated by blanks. */
  readonly address?: string;
  /** `netns/name` of the other end. */
  readonly peer?: string;
  readonly master?: string;
  readonly hairpin?: boolean;
  readonly up?: boolean;
  readonly mtu?: number;
  readonly kind?: Interface['kind'];
}

export interface SmallNetns {
  readonly interfaces: Readonly<Record<string, SmallInterface>>;
  /** `default via 10.0.0.1 dev eth0`, `10.1.0.0/16 dev eth0 src 10.0.0.9`; connected networks are added. */
  readonly routes?: readonly string[];
  readonly sysctls?: Partial<Sysctls>;
  /** `80/tcp`, `127.0.0.1:9000/tcp`. */
  readonly listen?: readonly string[];
  readonly announces?: readonly string[];
  readonly rules?: readonly {
    readonly table: Table;
    readonly chain: string;
    readonly rules: readonly Rule[];
    readonly policy?: 'ACCEPT' | 'DROP';
    readonly choice?: object;
  }[];
}

const HOOKS: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

export function smallNetwork(spaces: Readonly<Record<string, SmallNetns>>): Network {
  const all = new Map<string, Netns>();
  for (const [id, space] of Object.entries(spaces)) all.set(id, netns(id, space, all));
  return { netns: (id) => all.get(id) };
}

function interfaceOf(id: string, name: string, given: SmallInterface): Interface {
  const addresses = (given.address ?? '').split(' ').filter(Boolean).map((text) => ({ address: ipv4(text.split('/')[0]!), prefix: Number(text.split('/')[1] ?? 32) }));
  const [netnsOfPeer = '', nameOfPeer = ''] = (given.peer ?? '').split('/');
  return {
    name, kind: given.kind ?? (name === 'lo' ? 'loopback' : 'ethernet'), mtu: given.mtu ?? 1500, up: given.up ?? true, addresses,
    mac: name === 'lo' ? ZERO_MAC : addresses[0] ? hostMac(addresses[0].address) : hashMac(fnv1a(`${id}/${name}`)),
    peer: given.peer ? { netns: netnsOfPeer, name: nameOfPeer } : null, master: given.master ?? null, hairpin: given.hairpin ?? false,
  };
}

function parseRoute(text: string): Route {
  const words = text.split(' ');
  const after = (word: string): string | undefined => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const via = after('via');
  const source = after('src');
  return {
    destination: words[0] === 'default' ? cidr('0.0.0.0/0') : cidr(words[0]!), via: via ? ipv4(via) : null, device: after('dev')!, source: source ? ipv4(source) : null,
    metric: Number(after('metric') ?? 0), scope: via ? 'global' : 'link', protocol: 'static', table: 'main',
  };
}

function netns(id: string, space: SmallNetns, all: ReadonlyMap<string, Netns>): Netns {
  const interfaces = new Map(Object.entries({ lo: { address: '127.0.0.1/8' }, ...space.interfaces }).map(([name, given]) => [name, interfaceOf(id, name, given)]));
  const connected = [...interfaces.values()].filter(({ name }) => name !== 'lo').flatMap((device) => device.addresses.map(({ address, prefix }): Route => ({
    destination: cidrOf(address, prefix), via: null, device: device.name, source: address, metric: 0, scope: 'link', protocol: 'kernel', table: 'main',
  })));
  const routes = [...connected, ...(space.routes ?? []).map(parseRoute)];
  const sockets = (space.listen ?? []).map(parseListen);
  const announced = (space.announces ?? []).map(ipv4);
  return {
    id, sysctls: { ipForward: false, rpFilter: 0, routeLocalnet: false, bridgeNfCallIptables: true, ...space.sysctls },
    interface: (name) => interfaces.get(name), allInterfaces: () => interfaces.values(),
    localInterface(address) {
      if (isLoopback(address)) return 'lo';
      for (const device of interfaces.values()) if (device.addresses.some((own) => own.address === address)) return device.name;
      return null;
    },
    lookupRoute: (destination) => routes.filter((route) => contains(route.destination, destination)).toSorted((a, b) => b.destination.prefix - a.destination.prefix || a.metric - b.metric)[0],
    allRoutes: () => routes,
    bridge: (name) => (interfaces.get(name)?.kind === 'bridge' ? bridgeOf(name, interfaces, all) : undefined),
    netfilter: space.rules ? netfilter(space.rules) : null,
    lookupSocket: (protocol: Protocol, address, port) => sockets.find((socket) => socket.protocol === protocol && socket.port === port && (socket.address === UNSPECIFIED || socket.address === address)),
    allSockets: () => sockets, announces: (address) => announced.includes(address),
  };
}

function parseListen(text: string): Socket {
  const [, address, port, protocol] = /^(?:([\d.]+):)?(\d+)\/(\w+)$/.exec(text)!;
  return { protocol: protocol!.toUpperCase() as Protocol, address: address ? ipv4(address) : UNSPECIFIED, port: Number(port), owner: null };
}

function bridgeOf(name: string, interfaces: ReadonlyMap<string, Interface>, all: ReadonlyMap<string, Netns>): Bridge {
  const ports = [...interfaces.values()].filter((device) => device.master === name);
  const far = (port: Interface): { netns: Netns; device: Interface } | undefined => {
    const owner = port.peer && all.get(port.peer.netns);
    const device = port.peer && owner?.interface(port.peer.name);
    return owner && device ? { netns: owner, device } : undefined;
  };
  return {
    name,
    allPorts: () => ports,
    portOfMac: (mac) => ports.find((port) => far(port)?.device.mac === mac)?.name ?? null,
    portsAnsweringFor: (address) =>
      ports.filter((port) => far(port)?.netns.localInterface(address) != null || far(port)?.netns.announces(address)).map((port) => port.name),
  };
}

function netfilter(given: NonNullable<SmallNetns['rules']>): NonNullable<Netns['netfilter']> {
  const chainOf = ({ chain, rules, choice }: (typeof given)[number]): Chain => ({
    name: chain,
    rulesFor: () => rules,
    allRules: () => rules,
    ...(choice ? { choice } : {}),
  });
  const order: readonly Table[] = ['raw', 'mangle', 'nat', 'filter'];
  return {
    at: (hook): readonly BaseChain[] =>
      given
        .filter(({ chain }) => chain === hook)
        .toSorted((a, b) => order.indexOf(a.table) - order.indexOf(b.table))
        .map((each) => ({ table: each.table, hook, policy: each.policy ?? 'ACCEPT', chain: chainOf(each) })),
    chain: (table, name) => given.filter((each) => each.table === table && each.chain === name).map(chainOf)[0],
    allChains: (table) =>
      given
        .filter((each) => each.table === table)
        .map(chainOf)
        .toSorted((a, b) => Number(HOOKS.includes(b.name as Hook)) - Number(HOOKS.includes(a.name as Hook))),
    hasRecentList: (name) => given.some(({ rules }) => rules.some(({ matches }) => matches.some((match) => match.kind === 'recentSet' && match.name === name))),
  };
}
