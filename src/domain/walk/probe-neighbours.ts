/**
 * Probes neighbours whose entries are in state `delay`: learned from a request, and used since. A probe is unicast.
 *
 * @source Linux `neigh_timer_handler` (`NUD_DELAY` → `NUD_PROBE`), `arp_solicit`
 */
import type { NetnsId, Network } from '../datapath/netns.js';
import type { NeighbourEntry } from '../datapath/neighbours.js';
import type { Frame } from '../packet/packet.js';
import type { CapturedFrame } from '../trace/trace.js';
import { ZERO_MAC } from '../values/mac.js';
import { ArpExchange, sendArp, type InFlight } from './arp.js';
import type { Host } from './host.js';
import { addressTowards } from './neighbour.js';
import type { Tables } from './tables.js';
import { NO_CHOICES, Walk } from './walk.js';

/** @source `delay_first_probe_time` */
const DELAY_SECONDS = 5;

/** Seconds until the next probe is due; `null` if none is. */
export function secondsToNextProbe(tables: Tables): number | null {
  let soonest: number | null = null;
  for (const { neighbours } of tables.values()) {
    for (const { state, age = 0 } of neighbours) if (state === 'delay') soonest = Math.min(soonest ?? DELAY_SECONDS, Math.max(0, DELAY_SECONDS - age));
  }
  return soonest;
}

/** The network in which to probe a neighbour: a compiled network holds only the internet host that it was compiled for. */
export type NetworkFor = (asker: NetnsId, neighbour: NeighbourEntry) => Network;

interface Probed {
  readonly tables: Tables;
  readonly frames: readonly CapturedFrame[];
  /** Packets numbered so far. */
  readonly packets: number;
}

/** Sends the probes that are due. */
export function probeNeighbours(tables: Tables, networkFor: NetworkFor, packetsBefore: number): Probed {
  const due = new Map<Network, { readonly netns: NetnsId; readonly entry: NeighbourEntry }[]>();
  for (const [netns, { neighbours }] of tables) {
    for (const entry of neighbours) {
      if (entry.state !== 'delay' || (entry.age ?? 0) < DELAY_SECONDS) continue;
      const network = networkFor(netns, entry);
      due.set(network, [...(due.get(network) ?? []), { netns, entry }]);
    }
  }
  const frames: CapturedFrame[] = [];
  let packets = packetsBefore;
  for (const [network, entries] of due) {
    const walk = new Walk(network, tables, NO_CHOICES, { capture: true, packetsBefore: packets });
    askAll(walk, entries);
    tables = walk.tables();
    packets = walk.packets;
    frames.push(...walk.frames!);
  }
  return { tables, frames, packets };
}

/** All timers fire in one tick; frames are delivered only after that, in the order in which they were sent. */
function askAll(walk: Walk, entries: readonly { readonly netns: NetnsId; readonly entry: NeighbourEntry }[]): void {
  const inFlight: InFlight = [];
  const asked = entries.map(({ netns, entry }) => {
    const host = walk.host(netns)!;
    return { host, entry, exchange: ask(walk, host, entry, inFlight) };
  });
  for (let next = inFlight.shift(); next; next = inFlight.shift()) next();
  walk.landCopies();
  for (const { host, entry: { address, device }, exchange } of asked) {
    const [answer] = exchange.answers;
    host.setNeighbour({ address, device, mac: answer?.mac ?? null, state: answer ? 'reachable' : 'failed' });
  }
}

function ask(walk: Walk, host: Host, { address, device: name, mac }: NeighbourEntry, inFlight: InFlight): ArpExchange {
  const exchange = new ArpExchange(walk, inFlight);
  const device = host.netns.interface(name)!;
  const question: Frame = {
    source: device.mac, destination: mac!, packet: null,
    arp: { op: 'request', senderMac: device.mac, senderIp: addressTowards(device, address), targetMac: ZERO_MAC, targetIp: address },
  };
  sendArp(exchange, host, device, question, walk.nextPacketId());
  return exchange;
}
