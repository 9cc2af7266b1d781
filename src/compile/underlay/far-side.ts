import type { NeighbourEntry } from '../../domain/datapath/neighbours.js';
import type { Network } from '../../domain/datapath/netns.js';
import type { Tables } from '../../domain/walk/tables.js';

const ISP = 'isp';
const NEAR_SIDE = 'eth0';

/**
 * The names of the isp's interfaces depend on the internet host of the trace. Renames the entries that an earlier trace
 * has left to the names in this one.
 *
 * @returns the same object if no name differs
 */
export function namedAsIn(network: Network, tables: Tables): Tables {
  const known = tables.get(ISP);
  const router = network.netns(ISP);
  if (!known || !router) return tables;
  const renamed = (entry: NeighbourEntry): NeighbourEntry => {
    const device = entry.device === NEAR_SIDE ? NEAR_SIDE : (router.lookupRoute(entry.address)?.device ?? entry.device);
    return device === entry.device ? entry : { ...entry, device };
  };
  const neighbours = known.neighbours.map(renamed);
  return neighbours.every((entry, index) => entry === known.neighbours[index]) ? tables : new Map(tables).set(ISP, { ...known, neighbours });
}
