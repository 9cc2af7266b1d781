/** The facts about pods and addresses that policies use: ends with equal facts are equal to the policies. */
import { selectorRequirements } from '../cluster/label-selector.js';
import { rulesOf, type Direction, type Policy, type PolicyPeer, type PolicyRule } from '../cluster/policy/policy.js';
import { byText } from '../values/by-text.js';
import { sizeOf, type Cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';

const DIRECTIONS: readonly Direction[] = ['INGRESS', 'EGRESS'];

export class RelevantFacts {
  /** Label keys used by pod selectors of peers, in order. */
  readonly labelKeys: readonly string[];
  /** Names of ports, in order. */
  readonly portNames: readonly string[];
  /** The first address of each block, and the first after it, in order. */
  readonly #boundaries: readonly number[];

  constructor(policies: Iterable<Policy>) {
    const keys = new Set<string>();
    const names = new Set<string>();
    const boundaries = new Set<number>([0]);
    for (const { peers, ports } of allRules(policies)) {
      for (const peer of peers ?? []) {
        if (peer.kind === 'PODS') for (const { key } of selectorRequirements(peer.pods)) keys.add(key);
        for (const { base, prefix } of blocksOf(peer)) boundaries.add(base).add(base + 2 ** (32 - prefix));
      }
      for (const port of ports ?? []) if (port.kind === 'NAMED') names.add(port.name);
    }
    this.labelKeys = [...keys].sort(byText);
    this.portNames = [...names].sort(byText);
    this.#boundaries = [...boundaries].sort((a, b) => a - b);
  }

  /** Addresses with the same number are in the same blocks. */
  atomOf(address: Ipv4): number {
    const boundaries = this.#boundaries;
    let [low, high] = [0, boundaries.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (boundaries[middle]! <= address) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** One address of each part of `block` that policies can distinguish, in order. */
  samplesOf(block: Cidr): readonly Ipv4[] {
    const end = block.base + sizeOf(block);
    const samples: number[] = [block.base];
    for (let index = this.atomOf(block.base) + 1; index < this.#boundaries.length && this.#boundaries[index]! < end; index += 1) {
      samples.push(this.#boundaries[index]!);
    }
    return samples as Ipv4[];
  }
}

function* allRules(policies: Iterable<Policy>): Iterable<PolicyRule> {
  for (const policy of policies) for (const direction of DIRECTIONS) yield* rulesOf(policy, direction) ?? [];
}

const blocksOf = (peer: PolicyPeer): readonly Cidr[] => (peer.kind === 'BLOCKS' ? [...peer.blocks, ...peer.except] : []);
