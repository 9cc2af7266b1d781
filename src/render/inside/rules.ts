import type { Netfilter, Table } from '../../domain/datapath/netfilter/rules.js';
import type { Hook } from '../../domain/datapath/netfilter/rules.js';
import type { Netns } from '../../domain/datapath/netns.js';
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
const HOOKS: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

function policiesOf(netfilter: Netfilter, table: Table): ReadonlyMap<string, 'ACCEPT' | 'DROP'> {
  const policies = new Map<string, 'ACCEPT' | 'DROP'>();
  for (const hook of HOOKS) {
    for (const base of netfilter.at(hook)) if (base.table === table) policies.set(base.chain.name, base.policy);
  }
  return policies;
}

function presentTable(netfilter: Netfilter, table: Table): Record<string, ChainView> {
  const policies = policiesOf(netfilter, table);
  const chains: Record<string, ChainView> = {};
  for (const chain of netfilter.allChains(table)) {
    const rules = Array.from(chain.allRules(), (rule) => {
      const { text, target, cause } = presentRule(chain.name, rule);
      return { text, target, cause };
    });
    chains[chain.name] = { policy: policies.get(chain.name) ?? null, rules };
  }
  return chains;
}

/** A namespace without netfilter has no tables; a table without chains is left out. */
export function presentRules({ netfilter }: Netns): RulesView {
  const tables: Record<string, Record<string, ChainView>> = {};
  if (netfilter === null) return tables;
  for (const table of TABLES) {
    const chains = presentTable(netfilter, table);
    if (Object.keys(chains).length > 0) tables[table] = chains;
  }
  return tables;
}
