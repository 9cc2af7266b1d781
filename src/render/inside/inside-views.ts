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

interface InsideRenderer {
  json(netns: Netns, tables: InsideTables): unknown;
  /** What the Linux tool prints. */
  text(netns: Netns, tables: InsideTables, network: Network): string;
}

/** Views that need nothing but the tables. */
export const TABLE_VIEWS = {
  neighbours: { json: presentNeighbours, text: neighboursText },
  conntrack: { json: presentConntrackTable, text: conntrackTableText },
} as const;

const ofTables = ({ json, text }: { json(tables: InsideTables): unknown; text(tables: InsideTables): string }): InsideRenderer =>
  ({ json: (_netns, tables) => json(tables), text: (_netns, tables) => text(tables) });

/** What a node or a pod looks like from inside, by the name that the API gives the view. */
export const INSIDE_VIEWS = {
  interfaces: { json: presentInterfaces, text: (netns, _tables, network) => interfacesText(netns, network) },
  routes: { json: presentRoutes, text: routesText },
  neighbours: ofTables(TABLE_VIEWS.neighbours),
  fdb: { json: presentFdbTable, text: fdbTableText },
  rules: { json: presentRules, text: ({ netfilter }) => saveText(netfilter) },
  conntrack: ofTables(TABLE_VIEWS.conntrack),
  sockets: { json: presentSockets, text: socketsText },
} as const satisfies Record<string, InsideRenderer>;

export type InsideViewName = keyof typeof INSIDE_VIEWS;

export type TableViewName = keyof typeof TABLE_VIEWS;

export const isTableViewName = (name: InsideViewName): name is TableViewName => Object.hasOwn(TABLE_VIEWS, name);

export const isInsideViewName = (name: string): name is InsideViewName => Object.hasOwn(INSIDE_VIEWS, name);
