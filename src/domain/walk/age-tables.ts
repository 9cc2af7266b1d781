/**
 * Ages the entries of the tables. Neighbours in state `delay` only get older here; `probe-neighbours.ts` probes them.
 *
 * @source Linux `neigh_timer_handler`, `neigh_periodic_work`, `br_fdb_cleanup`, `gc_worker`
 */
import { secondsLeft } from '../datapath/conntrack-timeouts.js';
import type { ConntrackEntry } from '../datapath/conntrack.js';
import type { NetnsId, Network } from '../datapath/netns.js';
import { PATH_MTU_SECONDS } from '../datapath/path-mtu.js';
import type { NeighbourEntry } from '../datapath/neighbours.js';
import type { BridgeFdb, HostTables, Tables } from './tables.js';

/** The kernel draws from half to one and a half times as much; here it is always the middle. @source `base_reachable_time` */
const REACHABLE_SECONDS = 30;
/** @source `gc_stale_time` */
const STALE_SECONDS = 60;
/** Neighbours that one kernel keeps without ever clearing up. @source `gc_thresh1` */
const NEIGHBOURS_KEPT = 128;
/** @source `BR_DEFAULT_AGEING_TIME` */
const FDB_SECONDS = 300;

/** @param seconds whole, at least 0 */
export function ageTables(tables: Tables, network: Network, seconds: number): Tables {
  if (seconds === 0) return tables;
  const aged = new Map([...tables].map(([id, host]) => [id, ageHost(host, seconds)]));
  return withoutStaleNeighbours(aged, network);
}

const ageHost = ({ neighbours, fdb, conntrack, recent, sockets, pathMtus = [] }: HostTables, seconds: number): HostTables => ({
  neighbours: neighbours.map((entry) => ageNeighbour(entry, seconds)),
  fdb: fdb.map((entry) => ageFdb(entry, seconds)).filter(({ entry }) => entry.age! < FDB_SECONDS),
  conntrack: conntrack.map((entry) => ageConnection(entry, seconds)).filter((entry) => entry.secondsLeft! > 0),
  recent: recent.map((entry) => ({ ...entry, age: (entry.age ?? 0) + seconds })),
  sockets,
  ...(pathMtus.length > 0 && { pathMtus: pathMtus.map((path) => ({ ...path, age: (path.age ?? 0) + seconds })).filter(({ age }) => age < PATH_MTU_SECONDS) }),
});

function ageNeighbour(entry: NeighbourEntry, seconds: number): NeighbourEntry {
  const age = (entry.age ?? 0) + seconds;
  return { ...entry, age, state: entry.state === 'reachable' && age > REACHABLE_SECONDS ? 'stale' : entry.state };
}

const ageFdb = ({ bridge, entry }: BridgeFdb, seconds: number): BridgeFdb => ({ bridge, entry: { ...entry, age: (entry.age ?? 0) + seconds } });

const ageConnection = (entry: ConntrackEntry, seconds: number): ConntrackEntry =>
  ({ ...entry, secondsLeft: secondsLeft(entry) - seconds, age: (entry.age ?? 0) + seconds });

/** A kernel clears up only when it has many; a node and its pods have one kernel. */
function withoutStaleNeighbours(tables: Tables, network: Network): Tables {
  const counts = new Map<NetnsId, number>();
  for (const [id, { neighbours }] of tables) {
    const kernel = kernelOf(network, id);
    counts.set(kernel, (counts.get(kernel) ?? 0) + neighbours.length);
  }
  if (Math.max(0, ...counts.values()) < NEIGHBOURS_KEPT) return tables;
  return new Map([...tables].map(([id, host]) => {
    if (counts.get(kernelOf(network, id))! < NEIGHBOURS_KEPT) return [id, host];
    return [id, { ...host, neighbours: host.neighbours.filter(({ state, age }) => state !== 'failed' && (state !== 'stale' || age! <= STALE_SECONDS)) }];
  }));
}

/** The two ends of a veth pair are in one kernel. */
function kernelOf(network: Network, id: NetnsId): NetnsId {
  const device = network.netns(id)?.interface('eth0');
  return device?.kind === 'veth' && device.peer ? device.peer.netns : id;
}
