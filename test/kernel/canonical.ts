/** Converts a capture to the notation of the recorded kernel runs, with one line per packet, and compares such lines. */
import type { FrameJson } from '../../src/render/json/packet-json.js';

/** Where a packet was seen, in which direction, and its header there (`''` for ARP, whose summary is complete). */
export interface Sighting {
  readonly place: string;
  readonly direction: '>' | '<';
  readonly header: string;
}

export interface CanonicalPacket {
  readonly summary: string;
  readonly sightings: readonly Sighting[];
}

/** Converts the product's names to those of the recording. */
export interface Names {
  place(netns: string, device: string): string;
  /** The port, or `p1`, `p2`, … for a port that the kernel chose. */
  port(port: number): string;
  /** Bytes of a UDP datagram's payload, which a capture's header does not hold. */
  readonly datagramBytes: number;
}

const shortMac = (mac: string): string => mac.slice(9);

function summaryOf(frame: FrameJson, names: Names): string {
  const { arp, ip, l4, icmp } = frame;
  if (arp) return arp.op === 'request' ? `ARP who-has ${arp.tpa} tell ${arp.spa}` : `ARP ${arp.spa} is-at ${arp.sha}`;
  if (icmp) return `ICMP ${icmpName(icmp.type, icmp.code)}`;
  if (ip!.protocol === 'TCP') return `TCP ${l4!.flags!.join('-')}`;
  return `${ip!.protocol} ${names.datagramBytes}B`;
}

function icmpName(type: number, code: number): string {
  const names: Readonly<Record<string, string>> = {
    '0/0': 'echo-reply',
    '8/0': 'echo-request',
    '3/0': 'net-unreachable',
    '3/1': 'host-unreachable',
    '3/3': 'port-unreachable',
    '3/4': 'frag-needed',
    '11/0': 'ttl-exceeded',
  };
  return names[`${type}/${code}`] ?? `type ${type} code ${code}`;
}

function headerOf({ eth, ip, l4, inner }: FrameJson, names: Names): string {
  if (!ip) return '';
  const end = (address: string, port: number | undefined): string => (port === undefined ? address : `${address}:${names.port(port)}`);
  const quoting = inner ? ` quoting ${end(inner.ip.src, inner.l4?.sport)} -> ${end(inner.ip.dst, inner.l4?.dport)}` : '';
  return `${shortMac(eth.src)}>${shortMac(eth.dst)} ${end(ip.src, l4?.sport)} -> ${end(ip.dst, l4?.dport)} ttl=${ip.ttl}${quoting}`;
}

/** The frames of a capture, grouped by packet in order of first appearance. */
export function canonicalPackets(frames: readonly FrameJson[], names: Names): CanonicalPacket[] {
  const packets = new Map<number, { summary: string; sightings: Sighting[] }>();
  for (const frame of frames) {
    let packet = packets.get(frame.packet);
    if (!packet) packets.set(frame.packet, (packet = { summary: summaryOf(frame, names), sightings: [] }));
    packet.sightings.push({ place: names.place(frame.netns, frame.interface), direction: frame.direction === 'tx' ? '>' : '<', header: headerOf(frame, names) });
  }
  return [...packets.values()];
}

/** Parses a recorded line, `summary: place> {header} place< …`, in which the header is only written where it changes. */
export function parseCanonical(line: string): CanonicalPacket {
  const [, summary = '', rest = ''] = /^(.*?): (\S+\/.*)$/.exec(line) ?? [];
  const sightings: Sighting[] = [];
  let header = '';
  for (const [, place, direction, changed] of rest.matchAll(/(\S+\/[^\s<>]+)([<>])(?: \{(?:\(not for it\) )?([^}]*)\})?/g)) {
    header = changed ?? header;
    sightings.push({ place: place!, direction: direction as '>' | '<', header });
  }
  return { summary, sightings };
}

/**
 * Formats a packet for the comparison. The copies of a flooded packet are sorted, and so are the machines that receive them,
 * each with everything that it does with its copy. The order of a bridge's ports, and whether one machine forwards its copy
 * before another gets one, are not compared.
 */
export function comparable({ summary, sightings }: CanonicalPacket): string {
  const first = sightings.findIndex((sighting, index) => {
    const next = sightings[index + 1];
    return next && sighting.direction === '>' && next.direction === '>' && bridgeOf(sighting) === bridgeOf(next) && sighting.header === next.header;
  });
  if (first === -1) return `${summary}: ${sightings.map(tokenOf).join(' ')}`;
  const end = sightings.findIndex(({ direction }, index) => index > first && direction === '<');
  const [before, after] = end === -1 ? [sightings, []] : [sightings.slice(0, end), sightings.slice(end)];
  const machines = [...new Set(after.map(bridgeOf))].toSorted();
  return `${summary}: ${[before, ...machines.map((machine) => after.filter((sighting) => bridgeOf(sighting) === machine))].map(inRuns).join(' ').trimEnd()}`;
}

const tokenOf = ({ place, direction, header }: Sighting): string => `${place}${direction}${header ? ` {${header}}` : ''}`;

/** Consecutive sightings in the same direction, sorted within each run. */
function inRuns(sightings: readonly Sighting[]): string {
  const runs: string[][] = [];
  sightings.forEach((sighting, index) => {
    if (index > 0 && sightings[index - 1]!.direction === sighting.direction) runs.at(-1)!.push(tokenOf(sighting));
    else runs.push([tokenOf(sighting)]);
  });
  return runs.map((run) => run.toSorted().join(' ')).join(' ');
}

const bridgeOf = ({ place }: Sighting): string => place.slice(0, place.indexOf('/'));
