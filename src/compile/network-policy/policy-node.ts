import { isEmptySelection } from '../../domain/cluster/policy/policy-set.js';
import type { Direction, Policy } from '../../domain/cluster/policy/policy.js';
import type { PolicyQuestion } from '../../domain/cluster/policy/question.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { ClusterView, NodeView, PodView } from '../../domain/cluster/view.js';
import type { Chain, Table } from '../../domain/datapath/netfilter/rules.js';
import type { Packet } from '../../domain/packet/packet.js';
import { isLoopback, type Ipv4 } from '../../domain/values/ipv4.js';
import { cniOf } from '../cni/registry.js';
import { isAttached, type Compilation } from '../compilation.js';
import type { NodeChains } from '../netfilter/program.js';
import { DispatchChain } from './dispatch-chain.js';
import { PodChain } from './pod-chain.js';
import { FORWARD_CHAIN, INPUT_CHAIN, isPolicyChainName, OUTPUT_CHAIN } from './policy-chain-names.js';
import { PolicyChain } from './policy-chain.js';
import type { AddressedPod, Universe } from './rule-matches.js';

const DIRECTIONS: readonly Direction[] = ['EGRESS', 'INGRESS'];

/** The chains of policies on one node. Those of a pod and of a policy are made on demand. */
export class PolicyNode implements NodeChains {
  readonly view: ClusterView;
  readonly settings: ClusterSettings;
  readonly #compilation: Compilation;
  readonly #node: NodeView;
  readonly #dispatch: readonly Chain[];
  readonly #chains = new Map<string, Chain>();
  #complete = false;

  constructor(compilation: Compilation, node: NodeView) {
    this.view = compilation.view;
    this.settings = compilation.plan.settings;
    this.#compilation = compilation;
    this.#node = node;
    // Traffic between a node's own programs and its pods never passes FORWARD.
    this.#dispatch = [
      new DispatchChain(FORWARD_CHAIN, this, DIRECTIONS), new DispatchChain(INPUT_CHAIN, this, ['EGRESS']), new DispatchChain(OUTPUT_CHAIN, this, ['INGRESS']),
    ];
    for (const chain of this.#dispatch) this.#chains.set(chain.name, chain);
  }

  chain(table: Table, name: string): Chain | undefined {
    if (table !== 'filter') return undefined;
    const known = this.#chains.get(name);
    return known || this.#complete || !isPolicyChainName(name) ? known : this.#makeAll().get(name);
  }

  allChains(table: Table): Iterable<Chain> {
    return table === 'filter' ? this.#makeAll().values() : [];
  }

  localPod(address: Ipv4): AddressedPod | null {
    const pod = this.view.podByAddress(address);
    return pod && this.#isLocal(pod) ? pod : null;
  }

  *localPods(): Iterable<AddressedPod> {
    for (const pod of this.view.podsOnNode(this.#node.name)) if (this.#isLocal(pod)) yield pod;
  }

  letsThrough(direction: Direction, packet: Packet): boolean {
    return this.#compilation.options.letThrough?.(direction, packet) === true;
  }

  /** @returns `null` if no policy selects the pod */
  podChain(pod: AddressedPod, direction: Direction): PodChain | null {
    const selection = this.view.policies.selecting(pod, direction);
    if (isEmptySelection(selection)) return null;
    const chain = new PodChain(this, pod, direction, selection);
    const known = this.#chains.get(chain.name);
    if (known instanceof PodChain) return known;
    this.#chains.set(chain.name, chain);
    for (const policy of chain.policies()) {
      const ofPolicy = new PolicyChain(this, policy, direction);
      if (!this.#chains.has(ofPolicy.name)) this.#chains.set(ofPolicy.name, ofPolicy);
    }
    return chain;
  }

  questionOf(packet: Packet, direction: Direction, subject: PodView): PolicyQuestion {
    const address = direction === 'INGRESS' ? packet.source : packet.destination;
    const pod = this.view.podByAddress(address) ?? null;
    const node = this.view.nodeByAddress(address) ?? (direction === 'INGRESS' && this.#isOwn(address) ? this.#node : null);
    return { direction, subject, peer: { address, pod, node: pod ? null : node }, protocol: packet.protocol, port: packet.destinationPort };
  }

  /** The two ends of a packet. */
  universeOf(packet: Packet, direction: Direction): Universe {
    const [own, address] = direction === 'INGRESS' ? [packet.destination, packet.source] : [packet.source, packet.destination];
    const subject = this.localPod(own);
    const pod = this.view.podByAddress(address);
    const node = pod ? undefined : this.view.nodeByAddress(address);
    return { address, subjects: () => (subject ? [subject] : []), pods: () => (pod && hasAddress(pod) ? [pod] : []), nodes: () => (node ? [node] : []) };
  }

  /** All pods and nodes that a policy can match. */
  universeOfAll(policy: Policy, direction: Direction): Universe {
    const isSelected = (pod: PodView): boolean => {
      const { admin, network, baseline } = this.view.policies.selecting(pod, direction);
      return admin.includes(policy) || network.includes(policy) || baseline.includes(policy);
    };
    return {
      address: null, subjects: () => [...this.localPods()].filter(isSelected),
      pods: () => [...this.view.allPods()].filter(hasAddress), nodes: () => this.view.allNodes(),
    };
  }

  #makeAll(): ReadonlyMap<string, Chain> {
    if (!this.#complete) for (const pod of this.localPods()) for (const direction of DIRECTIONS) this.podChain(pod, direction);
    this.#complete = true;
    return this.#chains;
  }

  #isLocal(pod: PodView): pod is AddressedPod {
    return isAttached(pod) && pod.node === this.#node.name;
  }

  /** An address that identifies the node only on the node itself: its bridge's or a loopback address. */
  #isOwn(address: Ipv4): boolean {
    return isLoopback(address) || cniOf(this.settings).nodeNetwork(this.#compilation, this.#node).localInterface(address) !== null;
  }
}

const hasAddress = (pod: PodView): pod is AddressedPod => pod.ip !== null && !pod.hostNetwork && !pod.finished;
