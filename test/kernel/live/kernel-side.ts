/** Converts a lab's output to an observation. */
import { canonicalPackets, comparable } from '../canonical.js';
import { conntrackLines, effectiveRules, type ConntrackFacts, type Observation } from './observation.js';
import type { LabAnswer, LabFlow } from './lab.js';
import { interfaceOf, namesFor } from './names.js';
import { numbered } from './numbered.js';

export function observeKernel(answer: LabAnswer, flow: LabFlow, ports: ReadonlySet<number>, tracked: (netns: string) => boolean): Observation {
  const names = namesFor(flow, ports);
  const packets = canonicalPackets(numbered(answer.frames), names).map(comparable);
  return {
    client: answer.outcome,
    served: flow.protocol === 'icmp' ? [] : answer.served.map(([, netns, client, local]) => `${netns} ${local} from ${names.end(client)}`).toSorted(),
    packets,
    conntrack: conntrackLines(
      answer.conntrack.filter(([netns]) => tracked(netns)).map(([netns, line]) => parse(netns, line)),
      names,
    ),
    neighbours: answer.neighbours
      .map(([netns, device, address, mac, state]) => `${netns} ${address} dev ${interfaceOf(netns, device)} ${mac ?? '-'} ${state}`)
      .toSorted(),
    rules: effectiveRules(answer.rules.map(([netns, table, text, count]) => ({ netns, table, text, packets: count }))),
  };
}

/** Parses a line of /proc/net/nf_conntrack. */
function parse(netns: string, line: string): ConntrackFacts {
  const protocol = line.split(/\s+/)[2]!.toUpperCase();
  const values = (key: string): string[] => [...line.matchAll(new RegExp(`\\b${key}=(\\S+)`, 'g'))].map(([, value]) => value!);
  const [sources, destinations, sourcePorts, destinationPorts] = [values('src'), values('dst'), values('sport'), values('dport')];
  const at = (addresses: readonly string[], ports: readonly string[], index: number): string =>
    ports[index] === undefined ? addresses[index]! : `${addresses[index]!}:${ports[index]}`;
  const tuple = (index: number): readonly [string, string] => [at(sources, sourcePorts, index), at(destinations, destinationPorts, index)];
  return { netns, protocol, original: tuple(0), reply: tuple(1), replied: !line.includes('[UNREPLIED]') };
}
