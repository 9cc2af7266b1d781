/** Converts a recorded scenario to trace requests, and the traces to the recording's notation. */
import { isIPv4 } from 'node:net';
import type { Names } from './canonical.js';
import type { Probe, Scenario, Topology } from './recording.js';

/** Number of bytes that the recorded UDP clients sent. */
export const DATAGRAM_BYTES = 16;
/** Most hops of a recorded traceroute, which ends at its target. */
const MOST_HOPS = 6;

export function sourceOf(client: string, topology: Topology): object {
  const internet = topology.internet_hosts.find(({ name }) => name === client);
  if (internet) return { internet: internet.ip };
  if (topology.lan_hosts.some(({ name }) => name === client)) return { lan: client };
  return topology.nodes.some(({ name }) => name === client) ? { node: client } : { pod: `default/${client}` };
}

/** A trace request for each packet of the probe; a traceroute sends one for each TTL. */
export function questionsOf(scenario: Scenario, probe: Probe, topology: Topology): object[] {
  const isEcho = probe.type === 'ping' || probe.type === 'traceroute';
  const question = (ttl: number): object => ({
    from: { ...sourceOf(scenario.client, topology), ...(probe.source ? { source: probe.source } : {}) },
    to: { ip: probe.dst, ...(isEcho ? {} : { port: probe.port }), ...nodeOfGatewayRoute(probe.dst, topology) },
    protocol: isEcho ? 'ICMP' : probe.type.toUpperCase(), ttl,
    ...(probe.sport ? { sourcePort: probe.sport } : {}),
    ...(probe.type === 'udp' ? { payloadBytes: DATAGRAM_BYTES } : {}),
    neighbours: scenario.cache === 'warm' ? 'WARM' : 'COLD',
  });
  return probe.type === 'traceroute' ? Array.from({ length: MOST_HOPS }, (_, hop) => question(hop + 1)) : [question(probe.ttl ?? 64)];
}

/** The node to which the recorded gateway routed the load balancer address. */
function nodeOfGatewayRoute(address: string, topology: Topology): { readonly node?: string } {
  const matching = topology.gateway.routes.filter(
    ({ dst }) => dst === `${address}/32` || (dst.endsWith('/24') && address.startsWith(dst.slice(0, dst.lastIndexOf('.') + 1))),
  );
  const route = matching.find(({ dst }) => dst.endsWith('/32')) ?? matching[0];
  const node = route && topology.nodes.find(({ ip }) => ip === route.via);
  return node ? { node: node.name } : {};
}

/** The API's outcomes for the errors of the client's system calls. */
export const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  connected: ['connected'], answered: ['answered'], 'echo-reply': ['echo-reply'], ECONNREFUSED: ['refused'], timeout: ['timeout'],
  EHOSTUNREACH: ['host-unreachable'], ENETUNREACH: ['net-unreachable'], EMSGSIZE: ['message-too-long'],
};

const MACHINES: Readonly<Record<string, string>> = { fabric: 'lan', gateway: 'gw' };

/** @param veths the pods by the node-side ends of their veth pairs, as `node/name` */
export function namesFor(scenario: Scenario, topology: Topology, veths: ReadonlyMap<string, string>): Names {
  const recorded = new Set(JSON.stringify([scenario.packets, scenario.probes]).match(/\d+/g)?.map(Number));
  const chosen = new Map<number, string>();
  return {
    datagramBytes: DATAGRAM_BYTES,
    place(netns, device) {
      const machine = MACHINES[netns] ?? machineOf(netns, topology);
      if (device.startsWith('veth')) return `${machine}/veth-${veths.get(`${machine}/${device}`) ?? device}`;
      return `${machine}/${device === 'p-gateway' ? 'p-gw' : device}`;
    },
    port(port) {
      if (recorded.has(port)) return String(port);
      const known = chosen.get(port) ?? `p${chosen.size + 1}`;
      chosen.set(port, known);
      return known;
    },
  };
}

export function machineOf(netns: string, topology: Topology): string {
  const name = netns.slice(netns.indexOf(':') + 1);
  if (isIPv4(name)) return topology.internet_hosts.find(({ ip }) => ip === name)?.name ?? name;
  return name.replace(/^default\//, '');
}
