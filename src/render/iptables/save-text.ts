/** A namespace's rules as `iptables-save` prints them, without its comment lines. @source iptables 1.8 `iptables/iptables-save.c` */
import type { Netfilter, Table } from '../../domain/datapath/netfilter/rules.js';
import { ruleText } from './rule-text.js';
import { savedChains } from './saved-chains.js';

/** Tables in the order in which iptables-nft lists them. */
const TABLES: readonly Table[] = ['mangle', 'raw', 'filter', 'nat'];

/** What `iptables-save` prints after loading these rules, and `iptables-restore` takes; counters are zero. `''` without rules. */
export const saveText = (netfilter: Netfilter | null): string =>
  netfilter === null ? '' : TABLES.map((table) => tableText(netfilter, table)).join('');

/** One table; `''` if it is unused. */
export function tableText(netfilter: Netfilter, table: Table): string {
  const chains = savedChains(netfilter, table);
  if (chains.length === 0) return '';
  const heads = chains.map(({ name, policy }) => `:${name} ${policy ?? '-'} [0:0]`);
  const rules = chains.flatMap((chain) => chain.rules.map((rule) => ruleText(chain.name, rule)));
  return [`*${table}`, ...heads, ...rules, 'COMMIT', ''].join('\n');
}
