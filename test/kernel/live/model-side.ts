/** Converts a trace of the product to an observation. */
import type { FrameJson } from '../../../src/render/json/packet-json.js';
import type { ConnectionJson, PathJson } from '../../../src/render/json/trace-json.js';
import type { StepJson, TupleJson } from '../../../src/render/json/step-json.js';
import { canonicalPackets, comparable } from '../canonical.js';
import type { LabFlow } from './lab.js';
import { interfaceOf, namesFor, type FlowNames } from './names.js';
import { numbered } from './numbered.js';
import { conntrackLines, effectiveRules, type Observation, type RuleHit } from './observation.js';

/** The trace request for a flow of the lab. @param backend is forced if tables are kept, since only one path is walked then */
export function questionOf(
  { from, protocol, to, port, source, arrives, sourcePort, ttl, payloadBytes, dontFragment, neighbours, state, ask }: LabFlow & { readonly ask?: object },
  backend: string | null = null,
): object {
  const [kind, name] = [from.slice(0, from.indexOf(':')), from.slice(from.indexOf(':') + 1)];
  const isEcho = protocol === 'icmp';
  return {
    from: arrives ? { ip: arrives, at: name } : { [kind]: name, ...(source && { source }) },
    to: ask ?? { ip: to, ...(!isEcho && { port }) },
    protocol: protocol.toUpperCase(),
    ...(ttl && { ttl }),
    ...(sourcePort && !isEcho && { sourcePort }),
    ...(payloadBytes !== undefined && !ask && { payloadBytes }),
    ...(dontFragment !== undefined && { dontFragment }),
    ...(state ? { neighbours: 'LIVE', conntrack: 'LIVE' } : { neighbours: neighbours ?? 'COLD' }),
    choice: !state && (!ask || 'host' in ask) ? { mode: 'ALL' } : state && backend !== null ? { mode: 'FORCED', backend } : { mode: 'SEEDED' },
  };
}

/** @param before connections of earlier flows whose tables are kept */
export function observeModel(path: PathJson, frames: readonly FrameJson[], flow: LabFlow, ports: ReadonlySet<number>, before: readonly ConnectionJson[]): Observation {
  const names = namesFor(flow, ports);
  const packets = canonicalPackets(numbered(frames.map((frame) => ({ ...frame, key: keyOf(frame) }))), names).map(comparable);
  const steps = path.connections.flatMap((connection) => [connection.forward, connection.return, connection.data].flatMap((leg) => leg?.steps ?? []));
  const isEcho = flow.protocol === 'icmp';
  const all = [...before, ...path.connections];
  const tuple = ({ src, sport, dst, dport }: TupleJson, protocol: string): [string, string] =>
    protocol === 'ICMP' ? [src, dst] : [`${src}:${sport}`, `${dst}:${dport}`];
  return {
    client: path.clientSees.outcome,
    served: isEcho ? [] : path.connections.flatMap((connection, index) => servedBy(connection, index === path.connections.length - 1 && connection.role !== 'DNS' ? path.seenByServer : 'on the way', frames, names)).toSorted(),
    packets,
    conntrack: conntrackLines(latest(all.flatMap(({ conntrack }) => conntrack), ({ netns, original }) => [netns, original]).filter(({ confirmed }) => confirmed).map(({ netns, protocol, original, reply, replied }) => ({
      netns, protocol, replied, original: tuple(original, protocol), reply: tuple(reply, protocol),
    })), names),
    neighbours: latest(all.flatMap(({ neighboursLearned }) => neighboursLearned), ({ netns, address, device }) => [netns, address, device]).map(({ netns, address, device, mac, state }) => `${netns} ${address} dev ${interfaceOf(netns, device)} ${mac ?? '-'} ${state.toUpperCase()}`).toSorted(),
    rules: effectiveRules(steps.flatMap(hitsOf)),
  };
}

/** Equal ARP requests or replies count as one packet, since a machine may repeat them. */
const keyOf = ({ arp, packet }: FrameJson): string => (arp ? JSON.stringify(arp) : String(packet));

/** The last state of each entry, since a connection uses the entries of those before it. */
const latest = <Entry,>(entries: readonly Entry[], key: (entry: Entry) => unknown): Entry[] => [
  ...new Map(entries.map((entry) => [JSON.stringify(key(entry)), entry])).values(),
];

/** @source Linux `tcp_v4_err`, `tcp_req_err` */
const isUnreachable = ({ type, code }: { readonly type: number; readonly code: number }): boolean => type === 11 || (type === 3 && code < 2);

/**
 * Who took a connection. A server forgets a client that has reset it, or that it is told cannot be reached, by the address
 * that it knows.
 *
 * @param seen what the trace says of its last server
 */
function servedBy({ forward }: ConnectionJson, seen: PathJson['seenByServer'] | 'on the way', frames: readonly FrameJson[], names: FlowNames): string[] {
  const taken = forward.steps.find((step) => step.kind === 'DELIVER' && step.evidence.to === 'server');
  const client = taken?.packet?.ip && `${taken.packet.ip.src}:${taken.packet.l4?.sport}`;
  const isReset = frames.some(
    ({ netns, l4, icmp, ip, inner, direction }) =>
      netns === taken?.at.netns &&
      direction === 'rx' &&
      (l4?.flags?.join() === 'RST' ||
        (icmp && isUnreachable(icmp) && inner?.ip.protocol === 'TCP' && ip?.dst === inner.ip.src && client === `${inner.ip.dst}:${inner.l4?.dport}`)),
  );
  const isOpen = forward.steps.some((step) => step.kind === 'ORIGINATE' && step.packet?.l4?.flags?.includes('PSH'));
  if (!taken || seen === null || isReset || isOpen) return [];
  const { ip, l4 } = taken.packet!;
  const { source, destination } = seen === 'on the way' ? { source: `${ip!.src}:${l4!.sport}`, destination: `${ip!.dst}:${l4!.dport}` } : seen;
  return [`${taken.at.netns} ${destination} from ${names.end(source)}`];
}

function hitsOf(step: StepJson): readonly RuleHit[] {
  if (step.kind !== 'NETFILTER') return [];
  // A trace lists a RETURN rule only to explain why the following rules do not apply.
  return step.evidence.rules
    .filter(({ text }) => !text.endsWith(' -j RETURN'))
    .map(({ text }) => ({ netns: step.at.netns, table: step.evidence.table, text, packets: step.evidence.copies ?? 1 }));
}
