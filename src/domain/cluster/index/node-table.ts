import { cidrOf, maskOf } from '../../values/cidr.js';
import { parseIpv4, type Ipv4 } from '../../values/ipv4.js';
import type { NodeFacts } from '../facts.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';

const addressesOf = (texts: readonly string[]): readonly Ipv4[] => texts.map(parseIpv4).filter((address) => address !== undefined);

/** Nodes, also by address and by podCIDR. */
export class NodeTable extends FactTable<NodeFacts> {
  readonly #byAddress = new Buckets<Ipv4, NodeFacts>();
  readonly #byExternalIP = new Buckets<Ipv4, NodeFacts>();
  readonly #announcing = new Buckets<Ipv4, NodeFacts>();
  /** By prefix length (a cluster has few) and base address. */
  readonly #byPodCidr = new Map<number, Buckets<number, NodeFacts>>();

  /** By InternalIP or one of the wiring's further addresses. */
  at(address: Ipv4): readonly NodeFacts[] {
    return inOrder(this.#byAddress.get(address));
  }

  atExternalIP(address: Ipv4): readonly NodeFacts[] {
    return inOrder(this.#byExternalIP.get(address));
  }

  announcing(address: Ipv4): readonly NodeFacts[] {
    return inOrder(this.#announcing.get(address));
  }

  /** Nodes whose podCIDR contains `address`. */
  holding(address: Ipv4): readonly NodeFacts[] {
    let found: readonly NodeFacts[] = [];
    for (const [prefix, nodes] of this.#byPodCidr) {
      const holders = nodes.get((address & maskOf(prefix)) >>> 0);
      if (holders.length > 0) found = found.length === 0 ? holders : [...found, ...holders];
    }
    return inOrder(found);
  }

  protected override added(node: NodeFacts): void {
    for (const address of [node.internalIP, ...addressesOf(node.wiring.addresses)]) this.#byAddress.add(address, node);
    for (const address of node.externalIPs ?? []) this.#byExternalIP.add(address, node);
    for (const address of addressesOf(node.wiring.announces)) this.#announcing.add(address, node);
    if (!node.podCIDR) return;
    const { base, prefix } = cidrOf(node.podCIDR.base, node.podCIDR.prefix);
    const nodes = this.#byPodCidr.get(prefix) ?? new Buckets<number, NodeFacts>();
    this.#byPodCidr.set(prefix, nodes);
    nodes.add(base, node);
  }

  protected override removed(node: NodeFacts): void {
    for (const address of [node.internalIP, ...addressesOf(node.wiring.addresses)]) this.#byAddress.remove(address, node);
    for (const address of node.externalIPs ?? []) this.#byExternalIP.remove(address, node);
    for (const address of addressesOf(node.wiring.announces)) this.#announcing.remove(address, node);
    if (!node.podCIDR) return;
    const { base, prefix } = cidrOf(node.podCIDR.base, node.podCIDR.prefix);
    const nodes = this.#byPodCidr.get(prefix);
    nodes?.remove(base, node);
    if (nodes?.isEmpty) this.#byPodCidr.delete(prefix);
  }
}
