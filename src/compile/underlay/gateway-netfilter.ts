import type { BaseChain, Chain, Hook, Netfilter, Rule, Table } from '../../domain/datapath/netfilter/rules.js';
import type { ClusterPlan } from '../cluster-plan.js';
import { destinationPort } from '../netfilter/matches.js';
import { StaticChain } from '../netfilter/static-chain.js';
import { hostCidr } from '../netns-parts.js';

const NONE: readonly BaseChain[] = [];

class GatewayNetfilter implements Netfilter {
  readonly #prerouting: readonly BaseChain[];
  readonly #postrouting: readonly BaseChain[];

  constructor(plan: ClusterPlan) {
    this.#prerouting = natChain('PREROUTING', plan.portForwards.map((forward): Rule => ({
      destination: { value: hostCidr(plan.gatewayExternal), negate: false },
      protocol: forward.protocol,
      matches: [destinationPort(forward.port)],
      target: { kind: 'DNAT', address: forward.toAddress, port: forward.toPort },
    })));
    this.#postrouting = natChain('POSTROUTING', [
      { outInterface: { value: 'wan0', negate: false }, matches: [], target: { kind: 'MASQUERADE', randomFully: false } },
    ]);
  }

  at(hook: Hook): readonly BaseChain[] {
    return hook === 'PREROUTING' ? this.#prerouting : hook === 'POSTROUTING' ? this.#postrouting : NONE;
  }

  chain(_table: Table, _name: string): Chain | undefined {
    return undefined;
  }

  allChains(table: Table): Iterable<Chain> {
    return table === 'nat' ? [...this.#prerouting, ...this.#postrouting].map(({ chain }) => chain) : [];
  }

  hasRecentList(_name: string): boolean {
    return false;
  }
}

const natChain = (hook: Hook, rules: readonly Rule[]): readonly BaseChain[] =>
  [{ table: 'nat', hook, policy: 'ACCEPT', chain: new StaticChain(hook, rules) }];

const compiled = new WeakMap<ClusterPlan, Netfilter>();

/** Port forwards for incoming connections, masquerade for outgoing ones. */
export function gatewayNetfilter(plan: ClusterPlan): Netfilter {
  let netfilter = compiled.get(plan);
  if (!netfilter) compiled.set(plan, (netfilter = new GatewayNetfilter(plan)));
  return netfilter;
}
