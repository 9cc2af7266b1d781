import type { FdbEntry } from '../datapath/fdb.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Netns } from '../datapath/netns.js';
import type { NeighbourEntry } from '../datapath/neighbours.js';
import type { OpenSocket } from '../datapath/open-socket.js';
import { PATH_MTUS_KEPT, type PathMtu } from '../datapath/path-mtu.js';
import { RECENT_LIST_SIZE, type RecentEntry } from '../datapath/recent.js';
import type { Packet } from '../packet/packet.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import { Connections } from './connections.js';
import { NO_TABLES, type BridgeFdb, type HostTables } from './tables.js';

/** One namespace during a walk: its wiring, and working copies of its caches. */
export class Host {
  readonly netns: Netns;
  readonly connections: Connections;
  readonly #before: HostTables;
  readonly #neighbours: NeighbourEntry[];
  readonly #fdb: BridgeFdb[];
  readonly #recent: RecentEntry[];
  readonly #sockets: OpenSocket[];
  #pathMtus: readonly PathMtu[];

  constructor(netns: Netns, tables: HostTables = NO_TABLES) {
    this.netns = netns;
    this.#before = tables;
    this.#neighbours = [...tables.neighbours];
    this.#fdb = [...tables.fdb];
    this.#recent = [...tables.recent];
    this.#sockets = [...tables.sockets];
    this.#pathMtus = tables.pathMtus ?? [];
    this.connections = new Connections(tables.conntrack);
  }

  neighbour(device: InterfaceName, address: Ipv4): NeighbourEntry | undefined {
    for (const entry of this.#neighbours) if (entry.address === address && entry.device === device) return entry;
    return undefined;
  }

  setNeighbour(entry: NeighbourEntry): void {
    const index = this.#neighbours.findIndex((known) => known.address === entry.address && known.device === entry.device);
    if (index < 0) this.#neighbours.push(entry);
    else this.#neighbours[index] = entry;
  }

  fdbPort(bridge: InterfaceName, mac: Mac): InterfaceName | null {
    for (const { bridge: of, entry } of this.#fdb) if (entry.mac === mac && of === bridge) return entry.port;
    return null;
  }

  /** @returns whether this was news. */
  learnMac(bridge: InterfaceName, mac: Mac, port: InterfaceName): boolean {
    const entry: FdbEntry = { mac, port };
    for (let index = 0; index < this.#fdb.length; index += 1) {
      const known = this.#fdb[index]!;
      if (known.entry.mac !== mac || known.bridge !== bridge) continue;
      const isNews = known.entry.port !== port;
      if (isNews || known.entry.age !== undefined) this.#fdb[index] = { bridge, entry };
      return isNews;
    }
    this.#fdb.push({ bridge, entry });
    return true;
  }

  /** Is `address` in any `recent` list? Asked first, because the name of a list is expensive to compute. */
  hasRecent(address: Ipv4): boolean {
    return this.#recent.some((entry) => entry.address === address);
  }

  /** @source Linux `recent_mt`: a stamp that is exactly as old as asked for still counts */
  isRecent(name: string, address: Ipv4, seconds: number): boolean {
    return this.#recent.some((entry) => entry.address === address && entry.name === name && (entry.age ?? 0) <= seconds);
  }

  /** The newest stands last. @source Linux `recent_entry_init`, `recent_entry_update` */
  rememberRecent(name: string, address: Ipv4): void {
    const known = this.#recent.findIndex((entry) => entry.name === name && entry.address === address);
    if (known >= 0) this.#recent.splice(known, 1);
    else if (this.#recent.filter((entry) => entry.name === name).length >= RECENT_LIST_SIZE) {
      this.#recent.splice(this.#recent.findIndex((entry) => entry.name === name), 1);
    }
    this.#recent.push({ name, address });
  }

  /** In bytes of IP packet; `undefined` unless an ICMP error has reported a narrow link. */
  pathMtu(destination: Ipv4): number | undefined {
    return this.#pathMtus.find((path) => path.destination === destination)?.mtu;
  }

  learnPathMtu(destination: Ipv4, mtu: number): void {
    this.#pathMtus = [...this.#pathMtus.filter((path) => path.destination !== destination), { destination, mtu }].slice(-PATH_MTUS_KEPT);
  }

  /** The open TCP connection that an incoming packet belongs to. */
  socketOf({ source, sourcePort, destination, destinationPort }: Packet): OpenSocket | undefined {
    return this.#sockets.find(
      (open) => open.local === destination && open.localPort === destinationPort && open.remote === source && open.remotePort === sourcePort,
    );
  }

  /** The TCP connection that a program here has open to `remote`. @param local `null`: any local address */
  socketTo(local: Ipv4 | null, localPort: number, remote: Ipv4, remotePort: number): OpenSocket | undefined {
    return this.#sockets.find(
      (open) => open.localPort === localPort && open.remote === remote && open.remotePort === remotePort && (local === null || open.local === local),
    );
  }

  /** Records the TCP connection that `packet` has opened. @param segment the MSS that its sender has advertised, in bytes; `null` if unknown */
  openSocket(packet: Packet, segment: number | null): void {
    if (this.socketOf(packet)) return;
    const { destination: local, destinationPort: localPort, source: remote, sourcePort: remotePort } = packet;
    this.#sockets.push({ local, localPort, remote, remotePort, ...(segment !== null && { segment }) });
  }

  /** Removes the TCP connection that `packet` has reset. */
  closeSocket(packet: Packet): void {
    const open = this.socketOf(packet);
    if (open) this.#sockets.splice(this.#sockets.indexOf(open), 1);
  }

  tables(): HostTables {
    return {
      neighbours: this.#neighbours, fdb: this.#fdb, conntrack: this.connections.entries(), recent: this.#recent, sockets: this.#sockets,
      ...(this.#pathMtus.length > 0 && { pathMtus: this.#pathMtus }),
    };
  }

  /** Only the entries that this walk has made or changed, and the connections that it has used. */
  changes(): HostTables {
    const { neighbours, fdb, recent, sockets } = this.#before;
    return {
      neighbours: changed(neighbours, this.#neighbours), fdb: changed(fdb, this.#fdb), conntrack: this.connections.touched().map((each) => each.entry()),
      recent: changed(recent, this.#recent), sockets: changed(sockets, this.#sockets),
    };
  }
}

function changed<Entry>(before: readonly Entry[], after: readonly Entry[]): readonly Entry[] {
  if (before.length === 0) return after;
  const known = new Set(before);
  return after.filter((entry) => !known.has(entry));
}
