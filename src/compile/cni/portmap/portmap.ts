/**
 * The CNI plug-in `portmap`: host ports of pods with a network namespace of their own. It appends its jumps to those that are
 * there, so kube-proxy's Services come first; only its masquerade rule is inserted before all others.
 *
 * @source containernetworking/plugins `plugins/meta/portmap/portmap_iptables.go`
 */
import type { ClusterView, NodeView } from '../../../domain/cluster/view.js';
import type { Chain, Hook, MatchContext, Rule, Table } from '../../../domain/datapath/netfilter/rules.js';
import { isAttached, type Compilation } from '../../compilation.js';
import { comment, jump, NO_RULES, TO_LOCAL } from '../../netfilter/matches.js';
import type { NetfilterProgram, NodeChains } from '../../netfilter/program.js';
import { StaticChain } from '../../netfilter/static-chain.js';
import { mappedPortsOf, podPorts, SET_MARK, type AttachedPod, type PodPorts } from './pod-ports.js';

const TOP = 'CNI-HOSTPORT-DNAT';
const MASQUERADE = 'CNI-HOSTPORT-MASQ';

/** Bit 13: the plug-in's default `markMasqBit`; Kubernetes has 14 and 15. */
const MARK = 0x2000;

const TO_TOP: readonly Rule[] = [{ matches: [TO_LOCAL], target: jump(TOP) }];
const TO_MASQUERADE: readonly Rule[] = [{ matches: [comment('CNI portfwd requiring masquerade')], target: jump(MASQUERADE) }];

const FIXED: readonly StaticChain[] = [
  new StaticChain(SET_MARK, [{ matches: [comment('CNI portfwd masquerade mark')], target: { kind: 'MARK', value: MARK, mask: MARK } }]),
  new StaticChain(MASQUERADE, [{ matches: [{ kind: 'mark', value: MARK, mask: MARK, negate: false }], target: { kind: 'MASQUERADE', randomFully: false } }]),
];

/** The pods of a node with host ports for the plug-in, in order of creation. */
function* mappedPods(view: ClusterView, node: NodeView): Iterable<AttachedPod> {
  for (const pod of view.podsWithHostPorts(node.name)) if (isAttached(pod)) yield pod;
}

export function hasMappedPorts(view: ClusterView, node: NodeView): boolean {
  for (const pod of mappedPods(view, node)) if (mappedPortsOf(pod).length > 0) return true;
  return false;
}

/** CNI-HOSTPORT-DNAT: of all its jumps a packet can match those for its port. */
class TopChain implements Chain {
  readonly name = TOP;
  readonly #pods: readonly PodPorts[];

  constructor(pods: readonly PodPorts[]) {
    this.#pods = pods;
  }

  rulesFor({ packet }: MatchContext): readonly Rule[] {
    const isAsked = (rule: Rule): boolean =>
      rule.protocol === packet.protocol &&
      rule.matches.some((match) => match.kind === 'destinationPorts' && match.ports.includes(packet.destinationPort));
    return this.#pods.flatMap(({ entries }) => entries.filter(isAsked));
  }

  *allRules(): Iterable<Rule> {
    for (const { entries } of this.#pods) yield* entries;
  }
}

class PortmapChains implements NodeChains {
  readonly #chains: ReadonlyMap<string, Chain>;

  constructor(pods: readonly PodPorts[]) {
    this.#chains = new Map([new TopChain(pods), ...FIXED, ...pods.map(({ chain }) => chain)].map((chain) => [chain.name, chain]));
  }

  chain(table: Table, name: string): Chain | undefined {
    return table === 'nat' ? this.#chains.get(name) : undefined;
  }

  allChains(table: Table): Iterable<Chain> {
    return table === 'nat' ? this.#chains.values() : [];
  }
}

/** A node where some pod has a host port. */
export const PORTMAP: NetfilterProgram = {
  baseRules: (table: Table, hook: Hook) => (table === 'nat' && (hook === 'PREROUTING' || hook === 'OUTPUT') ? TO_TOP : NO_RULES),
  firstRules: (table: Table, hook: Hook) => (table === 'nat' && hook === 'POSTROUTING' ? TO_MASQUERADE : NO_RULES),
  onNode: ({ view, plan }: Compilation, node: NodeView) =>
    new PortmapChains(
      Array.from(mappedPods(view, node), (pod) => podPorts(pod, node.podCIDR?.prefix ?? plan.settings.nodeCIDRMaskSize)).filter(
        ({ entries }) => entries.length > 0,
      ),
    ),
};
