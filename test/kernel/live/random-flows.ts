/** Random flows in a random cluster, with every kind of client and packet: single ones, and sequences that use the same tables. */
import { fnv1a } from '../../../src/domain/values/hash.js';
import type { TitledFlow } from './compare.js';
import type { Announcement } from './lab.js';
import type { Random } from './random.js';
import { changeBetween, changedSpec } from './random-changes.js';
import type { ClusterChange } from './recipe.js';
import {
  balanced,
  bridgeAddress,
  clusterIP,
  EXTERNAL,
  hasNodePorts,
  INTERNET,
  LAN,
  namedPort,
  nodeAddress,
  nodeName,
  OTHER_INTERNET,
  OTHER_LAN,
  podAddress,
  podId,
  protocolsOf,
  secondAddress,
  strangeAddresses,
} from './random-cluster.js';
import type { ClusterSpec } from './random-spec.js';
import { targets, type Target } from './random-targets.js';

/** Payload sizes around the limits of the MTUs with the headers of UDP or of a ping. */
const SIZES = [0, 548, 549, 1372, 1373, 1422, 1423, 1472, 1473, 8972, 8973] as const;
/** Source ports at the limits of the ranges from which NAT chooses, and some with a meaning at the destination. */
const ODD_PORTS = [79, 443, 511, 512, 600, 1023, 1024, 30080, 30081, 8500, 65535] as const;
/** Ports on which no machine listens. */
const CLOSED_PORTS: readonly number[] = [9999, 81];
const NOTHING_ELSE: ClusterChange = { apply: [], delete: [] };
/** The payload size if it does not matter. */
const SOME_BYTES = 16;

function clients(spec: ClusterSpec): string[] {
  const pods = spec.pods.filter(({ hostNetwork }) => !hostNetwork).map(podId);
  const nodes = Array.from({ length: spec.nodes }, (_, node) => `node:${nodeName(node)}`);
  // Most clients are pods.
  return [...pods, ...pods, ...nodes, 'lan:lanhost', 'lan:other', `internet:${INTERNET}`, `internet:${OTHER_INTERNET}`];
}

function ownAddresses(spec: ClusterSpec, client: string): string[] {
  if (client.startsWith('node:')) {
    const number = Number(client.slice(client.lastIndexOf('-') + 1)) - 1;
    return [nodeAddress(number), bridgeAddress(number), '127.0.0.1', ...(spec.second.includes(number) ? [secondAddress(number)] : []), ...strangeAddresses(spec, number)];
  }
  if (client === 'lan:lanhost') return [LAN, '127.0.0.1'];
  if (client === 'lan:other') return [OTHER_LAN, '127.0.0.1'];
  const pod = spec.pods.find((each) => podId(each) === client);
  return pod ? [podAddress(pod), '127.0.0.1'] : [];
}

/** Sources of packets that arrive from outside, plausible and impossible ones. */
const strangers = (spec: ClusterSpec, node: number): string[] => [
  INTERNET,
  OTHER_INTERNET,
  LAN,
  OTHER_LAN,
  '192.168.1.77',
  '198.51.100.77',
  '192.168.1.1',
  '203.0.113.9',
  nodeAddress(node),
  bridgeAddress(node),
  '127.0.0.1',
  '0.0.0.0',
  '224.0.0.5',
  '255.255.255.255',
  '240.0.0.1',
  '0.0.0.5',
  '192.168.1.0',
  bridgeAddress(node).replace(/\.1$/, '.0'),
  ...Array.from({ length: spec.nodes }, (_, each) => [nodeAddress(each), bridgeAddress(each), `10.244.${each}.77`]).flat(),
  ...spec.pods.map(podAddress),
  ...spec.services.map(clusterIP),
  ...spec.services.map(balanced),
];

class FlowMaker {
  #spec: ClusterSpec;
  readonly #original: ClusterSpec;
  readonly #random: Random;
  #made = 0;
  /** Odd source ports that are still unused. Each is used for one flow, since a server may remember it. */
  readonly #oddPorts: number[];

  constructor(spec: ClusterSpec, random: Random) {
    this.#spec = spec;
    this.#original = spec;
    this.#random = random;
    this.#oddPorts = ODD_PORTS.filter((port) => !spec.pods.some((pod) => pod.hostNetwork && namedPort(pod) === port));
  }

  /** @param byName whether the destination may be a name */
  single(byName = false): TitledFlow {
    const random = this.#random;
    if (random.once(8)) return this.#arrival();
    const from = random.pick(clients(this.#spec));
    if (byName && this.#spec.dns !== null && from.startsWith('pod:') && random.once(4)) return this.#named(from);
    const target = random.pick(targets(this.#spec, random));
    const ttl = random.once(8) ? { ttl: random.once(6) ? 255 : 1 + random.below(7) } : {};
    const neighbours = random.once(4) ? { neighbours: 'WARM' as const } : {};
    const whole = random.once(8) ? { dontFragment: false } : {};
    const own = ownAddresses(this.#spec, from);
    const source = own.length > 0 && random.once(6) ? { source: random.pick(own) } : {};
    return this.#flow(from, target, { ...ttl, ...neighbours, ...source, ...whole }, random.once(8));
  }

  /** A flow to the name of a Service, which is looked up first. */
  #named(from: string): TitledFlow {
    const service = this.#random.pick(this.#spec.services);
    const host = `s${service.number}.${service.namespace}${this.#random.pick(['', '.svc', '.svc.cluster.local', '.svc.cluster.local.'])}`;
    const protocol = this.#random.pick(protocolsOf(service)) === 'TCP' ? 'tcp' : 'udp';
    return {
      title: `${from} to ${host}`,
      from,
      to: 'a name',
      port: 80,
      protocol,
      sourcePort: 40_000 + (this.#made += 1),
      payloadBytes: SOME_BYTES,
      ask: { host, port: 80 },
    };
  }

  /** A packet from outside with any source address. */
  #arrival(): TitledFlow {
    const random = this.#random;
    const node = random.below(this.#spec.nodes);
    const target = random.pick(targets(this.#spec, random));
    const source = random.pick([...strangers(this.#spec, node)].filter((each) => each !== target.to));
    const { payloadBytes: _, ...flow } = this.#flow(`node:${nodeName(node)}`, target, random.once(8) ? { ttl: 1 + random.below(3) } : {}, random.once(8));
    return { ...flow, title: `from ${source}, arriving, ${flow.title}`, arrives: source, ...(flow.protocol !== 'tcp' && { payloadBytes: SOME_BYTES }) };
  }

  /** A sequence of flows of which each uses the tables that the ones before have left. */
  run(length: number, changes = false): TitledFlow[] {
    const random = this.#random;
    const flows: TitledFlow[] = [];
    const title = `one after another: ${length} flows${changes ? ', and changes between them' : ''}`;
    // In some sequences links are set down and up again. A lab's gateway only learns which nodes a load balancer may use if the lab follows changes.
    const isShaky = random.once(3) && (changes || !this.#spec.services.some(({ type }) => type === 'LoadBalancer'));
    let cut: readonly string[] = this.#spec.cut.map(nodeName);
    for (let index = 0; index < length; index += 1) {
      const change = changes && index > 0 && random.once(2) ? this.#change() : null; // before the client is chosen, since a removed pod sends nothing
      const earlier = flows.filter(({ from }) => clients(this.#spec).includes(from));
      const next = earlier.length === 0 ? this.single() : this.#next(random.pick(earlier));
      const said = index > 0 && random.once(5) ? this.#said(flows) : null;
      const isOpen =
        !said &&
        next.protocol === 'tcp' &&
        flows.some(({ from, to, port, sourcePort }) => from === next.from && to === next.to && port === next.port && sourcePort === next.sourcePort);
      const flow = said ?? (isOpen ? { ...next, sourcePort: 45_000 + (this.#made += 1) } : next);
      const { neighbours: _, change: _changed, announcement: _said, ...kept } = flow;
      const before = cut;
      if (isShaky && index > 0 && random.once(2)) cut = cut.length > 0 ? [] : [nodeName(random.below(this.#spec.nodes))];
      const announcement = !isShaky && this.#spec.cut.length === 0 && index > 0 && random.once(6) ? this.#announcement() : null;
      const cables = isShaky ? { ...(changes && cut !== before && { change: change ?? NOTHING_ELSE }), cut, newlyCut: cut.filter((node) => !before.includes(node)) } : {};
      flows.push({
        ...kept,
        ...(change && { change }),
        ...cables,
        ...(announcement && { announcement }),
        title: `${title}: ${index + 1}. ${flow.title}`,
        ...(kept.protocol === 'icmp' && { sourcePort: echoId(kept) }),
        state: index === 0 ? 'FRESH' : 'KEPT',
      });
    }
    return flows;
  }

  /**
   * Something more on a connection that may be open: on one whose server has heard something already, a lab's server would
   * forget it otherwise. Each is spoken on once.
   */
  #said(flows: readonly TitledFlow[]): TitledFlow | null {
    const isSpoken = (flow: TitledFlow): boolean =>
      flow.protocol === 'tcp' && flow.payloadBytes !== undefined && !flow.arrives && clients(this.#spec).includes(flow.from);
    const same =
      (one: TitledFlow) =>
      (other: TitledFlow): boolean =>
        one.from === other.from && one.to === other.to && one.port === other.port && one.sourcePort === other.sourcePort && one.protocol === other.protocol;
    const open = flows.filter((flow) => isSpoken(flow) && flows.filter(same(flow)).length === 1);
    if (open.length === 0) return null;
    const { change: _, announcement: _said, ...flow } = this.#random.pick(open);
    return { ...flow, title: `${flow.from} says more to ${flow.to}`, payloadBytes: SOME_BYTES };
  }

  /** An announcement of an address on the node network, used or unused, but not of one that a program already announces. */
  #announcement(): Announcement | null {
    const [spec, random] = [this.#spec, this.#random];
    const ip = random.pick([
      ...Array.from({ length: spec.nodes }, (_, node) => nodeAddress(node)),
      LAN,
      OTHER_LAN,
      '192.168.1.1',
      '192.168.1.77',
      ...spec.second.map(secondAddress),
    ]);
    return spec.claimed.some(({ address }) => address === ip) ? null : { node: nodeName(random.below(spec.nodes)), ip };
  }

  #change(): ClusterChange {
    const before = this.#spec;
    this.#spec = changedSpec(before, this.#random, this.#original);
    return changeBetween(before, this.#spec);
  }

  /**
   * The same once more, another client from the same port, the same client elsewhere, the way back, or something else.
   * Where ports are random, the model's choice for one port is always the same.
   */
  #next(earlier: TitledFlow): TitledFlow {
    const random = this.#random;
    const { from, to, port = 0, protocol, sourcePort } = earlier;
    const spec = this.#spec;
    const target: Target = { what: to, to, port, protocol: protocol === 'udp' ? 'udp' : 'tcp' };
    const isEcho = protocol === 'icmp';
    switch (random.below(7)) {
      // A connection that is open can't be opened once more.
      case 0: case 1: return protocol === 'tcp' ? this.#flow(from, target, {}, false) : { ...earlier, title: `${from} to ${to} once more` };
      case 2: {
        const other = random.pick(clients(spec));
        if (other === from || isEcho || spec.randomFully) return this.#flow(other, target, {}, isEcho);
        return withPort(this.#flow(other, target, {}, false), sourcePort!);
      }
      case 3: {
        const elsewhere = random.pick(targets(spec, random).filter((each) => each.to !== to || each.port !== port));
        const flow = this.#flow(from, elsewhere, {}, isEcho);
        return isEcho || spec.randomFully ? flow : withPort(flow, sourcePort!);
      }
      case 4: {
        const server = spec.pods.find((pod) => !pod.hostNetwork && podAddress(pod) === to);
        const client = spec.pods.find((pod) => podId(pod) === from);
        return server && client ? this.#flow(podId(server), { ...target, what: client.name, to: podAddress(client) }, {}, isEcho) : this.single();
      }
      case 5: return this.#backFrom(earlier) ?? this.single();
      default: return this.single();
    }
  }

  /** The opposite flow, from the earlier one's destination with the same ports; only if no program there listens on the port. */
  #backFrom({ from, to, port, sourcePort, protocol, arrives }: TitledFlow): TitledFlow | null {
    const spec = this.#spec;
    const server = [
      ...spec.pods.filter(({ hostNetwork }) => !hostNetwork).map((pod) => [podAddress(pod), podId(pod)]),
      ...Array.from({ length: spec.nodes }, (_, node) => [nodeAddress(node), `node:${nodeName(node)}`]),
      [LAN, 'lan:lanhost'],
      [OTHER_LAN, 'lan:other'],
      [INTERNET, `internet:${INTERNET}`],
      [OTHER_INTERNET, `internet:${OTHER_INTERNET}`],
    ].find(([address]) => address === to)?.[1];
    if (!server || protocol === 'icmp' || arrives || port === undefined || !CLOSED_PORTS.includes(port)) return null;
    const pod = spec.pods.find((each) => podId(each) === from);
    const home = from.startsWith('node:')
      ? nodeAddress(Number(from.slice(from.lastIndexOf('-') + 1)) - 1)
      : pod
        ? podAddress(pod)
        : from === 'lan:other'
          ? OTHER_LAN
          : from.startsWith('lan:')
            ? LAN
            : from.slice('internet:'.length);
    const address = this.#random.pick([home, home, ...(pod ? [nodeAddress(pod.node)] : []), EXTERNAL]);
    const flow = this.#flow(server, { what: `${from}, from where it was asked`, to: address, port: sourcePort!, protocol }, {}, false);
    return withPort(flow, port);
  }

  #flow(from: string, { what, to, port, protocol }: Target, more: Partial<TitledFlow>, isEcho: boolean): TitledFlow {
    const random = this.#random;
    const index = (this.#made += 1);
    const title = `${from} to ${what}`;
    // What does not fit and may be cut into pieces is not modelled.
    const size = random.once(4) && more.dontFragment !== false ? random.pick(SIZES) : SOME_BYTES;
    if (isEcho) return { title: `ping from ${title}`, from, to, protocol: 'icmp', ...(size > SOME_BYTES && { payloadBytes: size }), ...more };
    const isOdd = this.#oddPorts.length > 0 && random.once(10);
    const sourcePort = isOdd ? this.#oddPorts.splice(random.below(this.#oddPorts.length), 1)[0]! : 40000 + index;
    // A proxy connects while its client's data is on the way, in whatever order; and what comes from a low port is held back as a server's.
    const hasData = random.once(3) && !isOdd && !this.#spec.services.some((service) => service.proxied && hasNodePorts(service) && balanced(service) === to);
    const payload = protocol === 'udp' ? { payloadBytes: size } : hasData ? { payloadBytes: SOME_BYTES } : {};
    return { title, from, to, port, protocol, sourcePort, ...payload, ...more };
  }
}

/** Of another's port; data from one below 32768 is held back as a server's. */
function withPort(flow: TitledFlow, sourcePort: number): TitledFlow {
  const { payloadBytes: _, ...withoutData } = flow;
  return { ...(flow.protocol === 'tcp' && sourcePort < 32_768 ? withoutData : flow), sourcePort };
}

/** The model derives an echo's id from its source and destination. */
const echoId = ({ from, source, to }: TitledFlow): number => 1 + (fnv1a(`${from} ${source} ${to}`) % 60_000);

/** Flows with changes of the cluster in between. The changes are not undone, so these are all flows of the cluster. */
export const randomFlowsAmidChanges = (spec: ClusterSpec, random: Random, count: number): TitledFlow[] => new FlowMaker(spec, random).run(count, true);

export function randomFlows(spec: ClusterSpec, random: Random, count: number): TitledFlow[] {
  const maker = new FlowMaker(spec, random);
  const flows: TitledFlow[] = [];
  while (flows.length < count) {
    const left = count - flows.length;
    if (left > 1 && random.once(8)) flows.push(...maker.run(2 + random.below(Math.min(7, left - 1))));
    else flows.push(maker.single(true));
  }
  return flows;
}
