import type { Netns, Route } from '../../domain/datapath/netns.js';
import { ipText } from '../linux/address-text.js';
import { destinationText, routeText } from '../linux/route-text.js';

/** One element of `ip -j route`. @source iproute2 `ip/iproute.c` */
export interface RouteView {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly protocol?: string;
  readonly scope?: string;
  readonly prefsrc?: string;
  readonly metric?: number;
  readonly flags: readonly string[];
}

const presentRouteView = ({ destination, via, device, source, metric, scope, protocol }: Route): RouteView => ({
  dst: destinationText(destination), ...(via === null ? {} : { gateway: ipText(via) }), dev: device,
  ...(protocol === 'boot' ? {} : { protocol }), ...(scope === 'global' ? {} : { scope }),
  ...(source === null ? {} : { prefsrc: ipText(source) }), ...(metric === 0 ? {} : { metric }), flags: [],
});

/** The main table; the local one is not shown by `ip route` either. */
export const presentRoutes = (netns: Netns): RouteView[] => [...netns.allRoutes()].filter((route) => route.table === 'main').map(presentRouteView);

/** In the order of the kernel's table: by destination, the longer prefix first. The tool ends each line with a space. */
export const routesText = (netns: Netns): string => [...netns.allRoutes()].filter((route) => route.table === 'main')
  .toSorted((a, b) => a.destination.base - b.destination.base || b.destination.prefix - a.destination.prefix || a.metric - b.metric)
  .map((route) => `${routeText(route)} \n`).join('');
