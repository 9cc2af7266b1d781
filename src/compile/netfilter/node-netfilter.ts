import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { NodeView } from '../../domain/cluster/view.js';
import { BASE_CHAINS } from '../../domain/datapath/netfilter/base-chains.js';
import type { BaseChain, Chain, Hook, Netfilter, Rule, Table } from '../../domain/datapath/netfilter/rules.js';
import { hasMappedPorts, PORTMAP } from '../cni/portmap/portmap.js';
import type { Compilation } from '../compilation.js';
import { kubeProxyOf } from '../kube-proxy/registry.js';
import { masqueradeAgent } from '../masquerade/masquerade-agent.js';
import { networkPolicyProgram } from '../network-policy/network-policy-program.js';
import type { NetfilterProgram, NodeChains } from './program.js';
import { StaticChain } from './static-chain.js';

type ForwardPolicy = NodeView['wiring']['forwardPolicy'];

/** The tables of each hook in the order of their priority. */
const BY_PRIORITY: readonly Table[] = ['raw', 'mangle', 'nat', 'filter'];
const HOOKS: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/** The tables shared by all nodes with the same forward policy, with and without host ports. */
class NodePrograms {
  readonly programs: readonly NetfilterProgram[];
  readonly #atHook: Readonly<Record<Hook, readonly BaseChain[]>>;

  constructor(programs: readonly NetfilterProgram[], forwardPolicy: ForwardPolicy) {
    this.programs = programs;
    const atHook: Partial<Record<Hook, readonly BaseChain[]>> = {};
    for (const hook of HOOKS) {
      atHook[hook] = BY_PRIORITY
        .filter((table) => BASE_CHAINS[table].includes(hook))
        .map((table): BaseChain => ({
          table, hook, policy: table === 'filter' && hook === 'FORWARD' ? forwardPolicy : 'ACCEPT',
          chain: new StaticChain(hook, rulesAt(programs, table, hook)),
        }))
        .filter(({ chain, policy }) => policy === 'DROP' || [...chain.allRules()].length > 0);
    }
    this.#atHook = atHook as Record<Hook, readonly BaseChain[]>;
  }

  at(hook: Hook): readonly BaseChain[] {
    return this.#atHook[hook];
  }
}

const rulesAt = (programs: readonly NetfilterProgram[], table: Table, hook: Hook): readonly Rule[] =>
  [...programs.flatMap((program) => program.firstRules?.(table, hook) ?? []), ...programs.flatMap((program) => program.baseRules(table, hook))];

const compiled = new WeakMap<ClusterSettings, Map<string, NodePrograms>>();

/** Programs with rules only on nodes that need them. */
interface Needs {
  readonly policies: boolean;
  readonly hostPorts: boolean;
}

function programsOf(settings: ClusterSettings, forwardPolicy: ForwardPolicy, { policies, hostPorts }: Needs): NodePrograms {
  let known = compiled.get(settings);
  if (!known) compiled.set(settings, (known = new Map()));
  const key = `${forwardPolicy}${policies ? ' policies' : ''}${hostPorts ? ' host ports' : ''}`;
  let programs = known.get(key);
  if (!programs) {
    const all = [...(policies ? [networkPolicyProgram] : []), kubeProxyOf(settings), masqueradeAgent(settings), ...(hostPorts ? [PORTMAP] : [])];
    known.set(key, (programs = new NodePrograms(all, forwardPolicy)));
  }
  return programs;
}

/** The rules of a node: base chains shared with all nodes, user chains looked up program by program. */
export const nodeNetfilter = (compilation: Compilation, node: NodeView): Netfilter =>
  new NodeNetfilter(compilation, node, programsOf(compilation.plan.settings, node.wiring.forwardPolicy, {
    policies: !compilation.view.policies.isEmpty, hostPorts: hasMappedPorts(compilation.view, node),
  }));

class NodeNetfilter implements Netfilter {
  readonly #compilation: Compilation;
  readonly #node: NodeView;
  readonly #programs: NodePrograms;
  #chains: readonly NodeChains[] | undefined;

  constructor(compilation: Compilation, node: NodeView, programs: NodePrograms) {
    this.#compilation = compilation;
    this.#node = node;
    this.#programs = programs;
  }

  at(hook: Hook): readonly BaseChain[] {
    return this.#programs.at(hook);
  }

  chain(table: Table, name: string): Chain | undefined {
    for (const chains of this.#userChains()) {
      const chain = chains.chain(table, name);
      if (chain) return chain;
    }
    return undefined;
  }

  hasRecentList(name: string): boolean {
    return this.#userChains().some((program) => program.hasRecentList?.(name) === true);
  }

  *allChains(table: Table): Iterable<Chain> {
    for (const hook of BASE_CHAINS[table]) {
      yield this.at(hook).find((base) => base.table === table)?.chain ?? new StaticChain(hook, []);
    }
    const chains = this.#userChains().flatMap((program) => [...program.allChains(table)]);
    yield* chains.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #userChains(): readonly NodeChains[] {
    return (this.#chains ??= this.#programs.programs.map((program) => program.onNode(this.#compilation, this.#node)));
  }
}
