import type { Netfilter, Table } from '../../domain/datapath/netfilter/rules.js';
import type { Netns } from '../../domain/datapath/netns.js';
import { savedChains } from '../iptables/saved-chains.js';
import { presentRule } from '../json/present-entries.js';
import type { RuleJson } from '../json/step-json.js';

export interface ChainView {
  /** Of a base chain; `null` for a user chain. */
  readonly policy: 'ACCEPT' | 'DROP' | null;
  /** In chain order. */
  readonly rules: readonly Pick<RuleJson, 'text' | 'target' | 'cause'>[];
}

/** Tables by name, their chains by name, base chains first. */
export type RulesView = Readonly<Record<string, Readonly<Record<string, ChainView>>>>;

const TABLES: readonly Table[] = ['raw', 'mangle', 'nat', 'filter'];

const presentTable = (netfilter: Netfilter, table: Table): RulesView[string] =>
  Object.fromEntries(savedChains(netfilter, table).map(({ name, policy, rules }) => [name, {
    policy,
    rules: rules.map((rule) => {
      const { text, target, cause } = presentRule(name, rule);
      return { text, target, cause };
    }),
  }]));

/** A namespace without netfilter has no tables; an unused table is left out. */
export function presentRules({ netfilter }: Netns): RulesView {
  const tables: Record<string, RulesView[string]> = {};
  if (netfilter === null) return tables;
  for (const table of TABLES) {
    const chains = presentTable(netfilter, table);
    if (Object.keys(chains).length > 0) tables[table] = chains;
  }
  return tables;
}
