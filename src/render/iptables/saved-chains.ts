import { BASE_CHAINS } from '../../domain/datapath/netfilter/base-chains.js';
import type { BaseChain, Chain, Netfilter, Rule, Table } from '../../domain/datapath/netfilter/rules.js';

interface SavedChain {
  readonly name: string;
  /** `null`: a user chain, which has none. */
  readonly policy: BaseChain['policy'] | null;
  readonly rules: readonly Rule[];
}

/**
 * A table's chains as `iptables-save` lists them: all base chains first, even without rules. An unused table has
 * none: the kernel creates a table with its first chain or rule.
 */
export function savedChains(netfilter: Netfilter, table: Table): readonly SavedChain[] {
  const own = new Map<string, Chain>(Array.from(netfilter.allChains(table), (chain) => [chain.name, chain]));
  const baseChains = BASE_CHAINS[table].map((hook): SavedChain => {
    const policy = netfilter.at(hook).find((base) => base.table === table)?.policy ?? 'ACCEPT';
    const rules = [...(own.get(hook)?.allRules() ?? [])];
    own.delete(hook);
    return { name: hook, policy, rules };
  });
  const isUntouched = own.size === 0 && baseChains.every(({ policy, rules }) => policy === 'ACCEPT' && rules.length === 0);
  if (isUntouched) return [];
  return [...baseChains, ...Array.from(own.values(), (chain): SavedChain => ({ name: chain.name, policy: null, rules: [...chain.allRules()] }))];
}
