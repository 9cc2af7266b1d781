import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { Chain, Hook, Rule, Table } from '../../domain/datapath/netfilter/rules.js';
import { cidr } from '../../domain/values/cidr.js';
import { comment, jump, NO_RULES, RETURN } from '../netfilter/matches.js';
import type { NetfilterProgram, NodeChains } from '../netfilter/program.js';
import { StaticChain } from '../netfilter/static-chain.js';

const CHAIN = 'IP-MASQ-AGENT';

const POSTROUTING: readonly Rule[] = [{
  matches: [
    comment('ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain'),
    { kind: 'addressType', side: 'destination', type: 'LOCAL', negate: true },
  ],
  target: jump(CHAIN),
}];

/**
 * Gives packets that leave the cluster their node's address. Two things of the original are left out, to keep ports
 * and the list of blocks as configured: `--to-ports 32768-65535`, and the link-local block that it always exempts.
 *
 * @source kubernetes-sigs/ip-masq-agent `syncMasqRules`
 */
class MasqueradeAgent implements NetfilterProgram {
  readonly #chains: NodeChains;

  constructor({ masquerade, kubeProxy }: ClusterSettings) {
    const chain = new StaticChain(CHAIN, [
      ...masquerade.nonMasqueradeCIDRs.map((block): Rule => ({
        destination: { value: cidr(block), negate: false },
        matches: [comment('ip-masq-agent: local traffic is not subject to MASQUERADE')],
        target: RETURN,
        cause: { code: 'DESTINATION_IN_NON_MASQUERADE_CIDR', subject: block },
      })),
      {
        matches: [comment('ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)')],
        target: { kind: 'MASQUERADE', randomFully: kubeProxy.randomFully },
      },
    ]);
    this.#chains = {
      chain: (table: Table, name: string): Chain | undefined => (table === 'nat' && name === CHAIN ? chain : undefined),
      allChains: (table: Table): Iterable<Chain> => (table === 'nat' ? [chain] : []),
    };
  }

  baseRules(table: Table, hook: Hook): readonly Rule[] {
    return table === 'nat' && hook === 'POSTROUTING' ? POSTROUTING : NO_RULES;
  }

  onNode(): NodeChains {
    return this.#chains;
  }
}

export const masqueradeAgent = (settings: ClusterSettings): NetfilterProgram => new MasqueradeAgent(settings);
