import type { Netns } from '../../domain/datapath/netns.js';
import { presentFdb } from '../json/present-entries.js';
import type { FdbJson } from '../json/step-json.js';
import type { InsideTables } from './tables.js';

/** One element of `bridge -j fdb`. @source iproute2 `bridge/fdb.c` */
export interface FdbView {
  readonly mac: string;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly master: string;
  readonly state: 'permanent' | '';
}

/** The addresses of a bridge and of its ports, which are in its table for good. */
function* ownEntries(netns: Netns): Iterable<FdbJson> {
  for (const { kind, name, mac } of netns.allInterfaces()) {
    if (kind === 'bridge') yield presentFdb(mac, name, name);
  }
  for (const { master, name, mac } of netns.allInterfaces()) {
    if (master === null) continue;
    const entry = presentFdb(mac, name, master);
    yield { ...entry, text: `${entry.text} permanent` };
  }
}

const view = ({ mac, port, bridge }: FdbJson, state: FdbView['state']): FdbView => ({ mac, ifname: port, flags: [], master: bridge, state });

export const presentFdbTable = (netns: Netns, { fdb }: InsideTables): FdbView[] =>
  [...fdb.map((entry) => view(entry, '')), ...Array.from(ownEntries(netns), (entry) => view(entry, 'permanent'))];

export const fdbTableText = (netns: Netns, { fdb }: InsideTables): string => [...fdb, ...ownEntries(netns)].map(({ text }) => `${text}\n`).join('');
