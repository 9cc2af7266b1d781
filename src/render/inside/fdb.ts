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

/** The permanent entries: the addresses of a bridge and its ports. */
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

/**
 * Multicast groups of IPv4 that every interface listens to; a bridge also hears other routers' (RFC 4286).
 *
 * @source Linux `ip_mc_up`, `br_ip4_multicast_join_snoopers`
 */
function* groupLines(netns: Netns): Iterable<string> {
  for (const { name, kind } of netns.allInterfaces()) {
    if (kind === 'loopback') continue;
    yield `01:00:5e:00:00:01 dev ${name} self permanent`;
    if (kind === 'bridge') yield `01:00:5e:00:00:6a dev ${name} self permanent`;
  }
}

/** `bridge fdb`, learned entries first. The tool ends their lines with a space. The groups of IPv6 are left out. */
export const fdbTableText = (netns: Netns, { fdb }: InsideTables): string =>
  [...fdb.map(({ text }) => `${text} `), ...Array.from(ownEntries(netns), ({ text }) => text), ...groupLines(netns)].map((line) => `${line}\n`).join('');
