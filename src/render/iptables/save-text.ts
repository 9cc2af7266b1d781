/** A namespace's rules as `iptables-save` prints them, without its comment lines. @source iptables 1.8 `iptables/iptables-save.c` */
import type { BaseChain, Chain, Hook, Netfilter, Table } from '../../domain/datapath/netfilter/rules.js';
import { ruleText } from './rule-text.js';

/** Tables in the order in which iptables-nft lists them. */
const TABLES: readonly Table[] = ['mangle', 'raw', 'filter', 'nat'];

/** The chains that every table is born with, in the order of `iptables-save`. */
const BASE_CHAINS: Readonly<Record<Table, readonly Hook[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** What `iptables-save` prints after loading these rules, and `iptables-restore` takes; counters are zero. `''` without rules. */
export const saveText = (netfilter: Netfilter | null): string =>
  netfilter === null ? '' : TABLES.map((table) => tableText(netfilter, table)).join('');

/** One table; `''` for one that nothing has touched: the kernel makes a table when its first chain or rule comes. */
export function tableText(netfilter: Netfilter, table: Table): string {
  const heads: string[] = [];
  const rules: string[] = [];
  const own = new Map<string, Chain>(Array.from(netfilter.allChains(table), (chain) => [chain.name, chain]));
  for (const hook of BASE_CHAINS[table]) {
    heads.push(`:${hook} ${policyOf(netfilter, table, hook)} [0:0]`);
    rules.push(...chainText(own.get(hook)));
    own.delete(hook);
  }
  const isUntouched = own.size === 0 && rules.length === 0 && heads.every((head) => head.includes(' ACCEPT '));
  if (isUntouched) return '';
  for (const [name, chain] of own) {
    heads.push(`:${name} - [0:0]`);
    rules.push(...chainText(chain));
  }
  return [`*${table}`, ...heads, ...rules, 'COMMIT', ''].join('\n');
}

const chainText = (chain: Chain | undefined): string[] => (chain ? Array.from(chain.allRules(), (rule) => ruleText(chain.name, rule)) : []);

const policyOf = (netfilter: Netfilter, table: Table, hook: Hook): BaseChain['policy'] =>
  netfilter.at(hook).find((base) => base.table === table)?.policy ?? 'ACCEPT';
