import type { ConntrackEntry } from '../datapath/conntrack.js';
import type { FdbEntry } from '../datapath/fdb.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Netns, NetnsId, Network } from '../datapath/netns.js';
import type { NeighbourEntry } from '../datapath/neighbours.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import { TrackedConnection } from './tracked-connection.js';

export interface BridgeFdb {
  readonly bridge: InterfaceName;
  readonly entry: FdbEntry;
}

/** The caches of one namespace, as values. */
export interface HostTables {
  readonly neighbours: readonly NeighbourEntry[];
  readonly fdb: readonly BridgeFdb[];
  readonly conntrack: readonly ConntrackEntry[];
}

/** What packets have left behind: the state that goes into a walk and comes out of it. */
export type Tables = ReadonlyMap<NetnsId, HostTables>;

export const COLD: Tables = new Map();

/** One namespace during a walk: its wiring, and working copies of its caches. */
export class Host {
  readonly netns: Netns;
  readonly neighbours: NeighbourEntry[];
  readonly fdb: BridgeFdb[];
  readonly connections: TrackedConnection[];

  constructor(netns: Netns, tables: HostTables | undefined) {
    this.netns = netns;
    this.neighbours = tables ? [...tables.neighbours] : [];
    this.fdb = tables ? [...tables.fdb] : [];
    this.connections = tables ? tables.conntrack.map((entry) => TrackedConnection.from(entry)) : [];
  }

  neighbour(device: InterfaceName, address: Ipv4): NeighbourEntry | undefined {
    for (const entry of this.neighbours) if (entry.address === address && entry.device === device) return entry;
    return undefined;
  }

  setNeighbour(entry: NeighbourEntry): void {
    const index = this.neighbours.findIndex((known) => known.address === entry.address && known.device === entry.device);
    if (index < 0) this.neighbours.push(entry);
    else this.neighbours[index] = entry;
  }

  fdbPort(bridge: InterfaceName, mac: Mac): InterfaceName | null {
    for (const { bridge: of, entry } of this.fdb) if (entry.mac === mac && of === bridge) return entry.port;
    return null;
  }

  /** @returns whether this was news. */
  learnMac(bridge: InterfaceName, mac: Mac, port: InterfaceName): boolean {
    for (let index = 0; index < this.fdb.length; index += 1) {
      const known = this.fdb[index]!;
      if (known.entry.mac !== mac || known.bridge !== bridge) continue;
      if (known.entry.port === port) return false;
      this.fdb[index] = { bridge, entry: { mac, port } };
      return true;
    }
    this.fdb.push({ bridge, entry: { mac, port } });
    return true;
  }

  tables(): HostTables {
    return { neighbours: this.neighbours, fdb: this.fdb, conntrack: this.connections.map((connection) => connection.entry()) };
  }
}

/** Forgets what a port without carrier had taught its bridge. @source Linux `br_fdb_delete_by_port` on carrier loss */
export function withoutDeadPorts(tables: Tables, network: Network): Tables {
  return new Map([...tables].map(([id, host]) => {
    const netns = network.netns(id);
    return [id, { ...host, fdb: host.fdb.filter(({ entry }) => netns?.interface(entry.port)?.up === true) }];
  }));
}

/** Keeps what outlives a connection: neighbours and FDB entries, not connections. */
export const withoutConnections = (tables: Tables): Tables =>
  new Map([...tables].map(([id, host]) => [id, { ...host, conntrack: [] }]));
