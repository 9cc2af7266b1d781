import type { Protocol } from '../../packet/packet.js';
import type { Ipv4 } from '../../values/ipv4.js';
import type { EndpointView } from '../view.js';
import type { StoredSlice } from './slice-table.js';

/** From this number of endpoints on, a hash finds equal ones faster than a linear search. */
const MANY = 24;

/**
 * All endpoints of a service port: one per address and port, the readiest if several slices have it, in order of
 * first appearance. A slice's port without a number is left out, as kube-proxy does.
 *
 * @param slices all slices of the service, in order of creation
 * @source kubernetes `pkg/proxy/endpointslicecache.go` `addEndpoints`
 */
export function mergeEndpoints(slices: readonly StoredSlice[], name: string, protocol: Protocol): readonly EndpointView[] {
  const merged: EndpointView[] = [];
  const ranks: number[] = [];
  const total = slices.reduce((sum, { count }) => sum + count, 0);
  const places = total > MANY ? new Map<number, number>() : null;
  for (const slice of slices) {
    const { table } = slice;
    for (const { name: slicePort, protocol: sliceProtocol, port } of table.portsOf(slice)) {
      if (slicePort !== name || sliceProtocol !== protocol || port === null || port === 0) continue;
      for (let index = 0; index < slice.count; index += 1) {
        const address = table.addressOf(slice, index);
        const place = places ? (places.get(keyOf(address, port)) ?? -1) : placeOf(merged, address, port);
        const rank = table.rankOf(slice, index);
        if (place >= 0 && (ranks[place] ?? 0) >= rank) continue;
        const at = place < 0 ? merged.length : place;
        merged[at] = table.viewOf(slice, index, port);
        ranks[at] = rank;
        places?.set(keyOf(address, port), at);
      }
    }
  }
  return merged;
}

const keyOf = (address: Ipv4, port: number): number => address * 65_536 + port;

/** @returns −1 if there is none */
function placeOf(endpoints: readonly EndpointView[], address: Ipv4, port: number): number {
  let place = endpoints.length - 1;
  while (place >= 0 && (endpoints[place]?.ip !== address || endpoints[place]?.port !== port)) place -= 1;
  return place;
}
