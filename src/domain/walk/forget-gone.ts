/**
 * Removes the entries that were lost with machines and links that went away.
 *
 * @source Linux `neigh_ifdown`, `neigh_carrier_down`, `br_fdb_delete_by_port`, `recent_mt_destroy`
 */
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Netns, NetnsId, Network } from '../datapath/netns.js';
import type { NeighbourEntry } from '../datapath/neighbours.js';
import type { HostTables, Tables } from './tables.js';

/**
 * @param reborn namespaces that were deleted and made again under the same name since the tables were filled
 * @returns `tables` itself if nothing is gone
 */
export function forgetGone(tables: Tables, network: Network, reborn: ReadonlySet<NetnsId>): Tables {
  const unplugged = portsTowards(network, reborn);
  let isChanged = false;
  const kept = new Map<NetnsId, HostTables>();
  for (const [id, host] of tables) {
    const netns = network.netns(id);
    const left = netns && !reborn.has(id) ? forgetOn(netns, host, unplugged.get(id) ?? NONE) : null;
    if (left) kept.set(id, left);
    isChanged ||= left !== host;
  }
  return isChanged ? kept : tables;
}

const NONE: ReadonlySet<InterfaceName> = new Set();

/** The far ends of the veth pairs and cables of `reborn`, which went down with them. */
function portsTowards(network: Network, reborn: ReadonlySet<NetnsId>): ReadonlyMap<NetnsId, ReadonlySet<InterfaceName>> {
  const ports = new Map<NetnsId, Set<InterfaceName>>();
  for (const id of reborn) {
    for (const { peer } of network.netns(id)?.allInterfaces() ?? []) {
      if (peer) ports.set(peer.netns, (ports.get(peer.netns) ?? new Set<InterfaceName>()).add(peer.name));
    }
  }
  return ports;
}

function forgetOn(netns: Netns, host: HostTables, unplugged: ReadonlySet<InterfaceName>): HostTables {
  const isUp = (name: InterfaceName): boolean => netns.interface(name)?.up === true && !unplugged.has(name);
  const lists = new Map<string, boolean>();
  const isList = (name: string): boolean => {
    const known = lists.get(name) ?? netns.netfilter?.hasRecentList(name) === true;
    lists.set(name, known);
    return known;
  };
  const neighbours = neighboursLeft(netns, host.neighbours, isUp, unplugged);
  const fdb = host.fdb.filter(({ entry }) => isUp(entry.port));
  const recent = host.recent.filter(({ name }) => isList(name));
  const isSame = neighbours === host.neighbours && fdb.length === host.fdb.length && recent.length === host.recent.length;
  return isSame ? host : { ...host, neighbours, fdb, recent };
}

/** A link that goes down flushes its neighbours. Entries that were made while it was down stay until the next time it goes down. */
function neighboursLeft(
  netns: Netns,
  entries: readonly NeighbourEntry[],
  isUp: (device: InterfaceName) => boolean,
  unplugged: ReadonlySet<InterfaceName>,
): readonly NeighbourEntry[] {
  const left = entries.flatMap((entry) => {
    const { sinceDown, ...known } = entry;
    if (isUp(entry.device)) return [sinceDown ? known : entry];
    return sinceDown && netns.interface(entry.device) && !unplugged.has(entry.device) ? [entry] : [];
  });
  return left.length === entries.length && left.every((entry, index) => entry === entries[index]) ? entries : left;
}
