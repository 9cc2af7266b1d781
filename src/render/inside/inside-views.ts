import type { Netns, Network } from '../../domain/datapath/netns.js';
import { saveText } from '../iptables/save-text.js';
import { conntrackTableText, presentConntrackTable } from './conntrack.js';
import { fdbTableText, presentFdbTable } from './fdb.js';
import { interfacesText, presentInterfaces } from './interfaces.js';
import { neighboursText, presentNeighbours } from './neighbours.js';
import { presentRoutes, routesText } from './routes.js';
import { presentRules } from './rules.js';
import { presentSockets, socketsText } from './sockets.js';
import type { InsideTables } from './tables.js';

export interface InsideRenderer {
  json(netns: Netns, tables: InsideTables): unknown;
  /** What the Linux tool prints. */
  text(netns: Netns, tables: InsideTables, network: Network): string;
}

/** What a node or a pod looks like from inside, by the name that the API gives the view. */
export const INSIDE_VIEWS = {
  interfaces: { json: presentInterfaces, text: (netns, _tables, network) => interfacesText(netns, network) },
  routes: { json: presentRoutes, text: routesText },
  neighbours: { json: (_netns, tables) => presentNeighbours(tables), text: (_netns, tables) => neighboursText(tables) },
  fdb: { json: presentFdbTable, text: fdbTableText },
  rules: { json: presentRules, text: ({ netfilter }) => saveText(netfilter) },
  conntrack: { json: (_netns, tables) => presentConntrackTable(tables), text: (_netns, tables) => conntrackTableText(tables) },
  sockets: { json: presentSockets, text: socketsText },
} as const satisfies Record<string, InsideRenderer>;

export type InsideViewName = keyof typeof INSIDE_VIEWS;

export const isInsideViewName = (name: string): name is InsideViewName => Object.hasOwn(INSIDE_VIEWS, name);
