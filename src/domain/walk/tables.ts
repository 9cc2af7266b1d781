import type { ConntrackEntry } from '../datapath/conntrack.js';
import type { FdbEntry } from '../datapath/fdb.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { NetnsId, Network } from '../datapath/netns.js';
import type { NeighbourEntry } from '../datapath/neighbours.js';
import type { OpenSocket } from '../datapath/open-socket.js';
import type { PathMtu } from '../datapath/path-mtu.js';
import type { RecentEntry } from '../datapath/recent.js';

export interface BridgeFdb {
  readonly bridge: InterfaceName;
  readonly entry: FdbEntry;
}

/** The caches of one namespace, as values. */
export interface HostTables {
  readonly neighbours: readonly NeighbourEntry[];
  readonly fdb: readonly BridgeFdb[];
  readonly conntrack: readonly ConntrackEntry[];
  readonly recent: readonly RecentEntry[];
  readonly sockets: readonly OpenSocket[];
  /** Absent: none was learned. */
  readonly pathMtus?: readonly PathMtu[];
}

/** The caches of all namespaces: the state that goes into a walk and comes out of it. */
export type Tables = ReadonlyMap<NetnsId, HostTables>;

export const COLD: Tables = new Map();

export const NO_TABLES: HostTables = { neighbours: [], fdb: [], conntrack: [], recent: [], sockets: [] };

/**
 * Drops what an earlier flow cannot have left: FDB entries and neighbours of ports that have no carrier now, and path MTUs,
 * since the earlier flow succeeded.
 *
 * @source Linux `br_fdb_delete_by_port`, `neigh_carrier_down`
 */
export function withoutDeadPorts(tables: Tables, network: Network): Tables {
  return new Map([...tables].map(([id, host]) => {
    const netns = network.netns(id);
    const isUp = (device: InterfaceName): boolean => netns?.interface(device)?.up === true;
    return [
      id,
      {
        ...host,
        pathMtus: [],
        neighbours: host.neighbours.filter(({ device }) => isUp(device)),
        fdb: host.fdb.filter(({ entry }) => isUp(entry.port)),
      },
    ];
  }));
}

/** Keeps only what outlives a connection: neighbours, FDB entries and path MTUs. */
export const withoutConnections = (tables: Tables): Tables =>
  new Map([...tables].map(([id, { neighbours, fdb, pathMtus = [] }]) => [id, { ...NO_TABLES, neighbours, fdb, ...(pathMtus.length > 0 && { pathMtus }) }]));

/** Neighbours, FDB entries and path MTUs of `links`; conntrack entries, `recent` lists and sockets of `connections`. */
export function joinTables(links: Tables, connections: Tables): Tables {
  if (links === connections) return links;
  const joined = new Map(withoutConnections(links));
  for (const [id, { conntrack, recent, sockets }] of connections) joined.set(id, { ...(joined.get(id) ?? NO_TABLES), conntrack, recent, sockets });
  return joined;
}
