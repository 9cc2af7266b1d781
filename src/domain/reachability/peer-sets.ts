import { contains } from '../values/cidr.js';
import { matchesNamespace, type NamespaceLabels } from '../cluster/policy/match-rule.js';
import { matchesSelector } from '../cluster/policy/match-selector.js';
import type { Policy, PolicyPeer } from '../cluster/policy/policy.js';
import type { PolicyEnd } from '../cluster/policy/question.js';

/** Positions of ends, in order. */
export type EndSet = readonly number[];

/** The ends that a rule's peer matches. Computed once for equal peers, and for pods by namespace first. */
export class PeerSets {
  readonly #ends: readonly PolicyEnd[];
  readonly #labelsOf: NamespaceLabels;
  readonly #podsOf = new Map<string, number[]>();
  readonly #known = new Map<string, EndSet>();

  constructor(ends: readonly PolicyEnd[], labelsOf: NamespaceLabels) {
    this.#ends = ends;
    this.#labelsOf = labelsOf;
    for (const [position, { pod }] of ends.entries()) {
      if (!pod) continue;
      const known = this.#podsOf.get(pod.namespace);
      if (known) known.push(position);
      else this.#podsOf.set(pod.namespace, [position]);
    }
  }

  /** @param subject namespace of the pod that the policy selects */
  of(policy: Policy, peer: PolicyPeer, subject: string): EndSet {
    const key = keyOf(policy, peer, subject);
    let set = this.#known.get(key);
    if (!set) this.#known.set(key, (set = this.#find(policy, peer, subject)));
    return set;
  }

  #find(policy: Policy, peer: PolicyPeer, subject: string): EndSet {
    switch (peer.kind) {
      case 'PODS': return [...this.#podsOf].filter(([namespace]) => matchesNamespace(peer.namespaces, namespace, policy, subject, this.#labelsOf))
        .flatMap(([, pods]) => pods.filter((position) => matchesSelector(peer.pods, this.#ends[position]!.pod!.labels)));
      case 'BLOCKS':
        return this.#filter(
          ({ address }) =>
            address !== null && peer.blocks.some((block) => contains(block, address)) && !peer.except.some((block) => contains(block, address)),
        );
      case 'NODES': return this.#filter(({ node }) => node !== null && matchesSelector(peer.nodes, node.labels));
      case 'UNKNOWN': return [];
    }
  }

  #filter(holds: (end: PolicyEnd) => boolean): EndSet {
    return this.#ends.flatMap((end, position) => (holds(end) ? [position] : []));
  }
}

/** The peer's selectors or blocks as text: the cache key. */
function keyOf(policy: Policy, peer: PolicyPeer, subject: string): string {
  const text = JSON.stringify(peer);
  if (peer.kind !== 'PODS') return text;
  const { kind } = peer.namespaces;
  return kind === 'OWN' ? `${policy.namespace}|${text}` : kind === 'SELECTOR' ? text : `${subject}|${text}`;
}
