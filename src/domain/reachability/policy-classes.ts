/**
 * Classes of ends that no policy can distinguish, as numbers: as the pod that policies select (subject), and as the other end of its
 * traffic (peer). Policies are evaluated once for each pair of classes, however many pods there are.
 */
import type { Labels } from '../cluster/label-selector.js';
import { rulesOf, type Direction, type Policy } from '../cluster/policy/policy.js';
import type { PolicySet } from '../cluster/policy/policy-set.js';
import type { PolicyEnd, PolicyPod } from '../cluster/policy/question.js';
import type { Ipv4 } from '../values/ipv4.js';
import { hasOwnEdge, type NodeEnd, type ReachEnd } from './reach-end.js';
import { RelevantFacts } from './relevant-facts.js';

/** The other end of traffic: one sample for each part of a range that policies can distinguish. */
interface PeerClass {
  readonly samples: readonly PolicyEnd[];
}

interface SubjectClass {
  /** A pod of the class, without a name and a node: identity and shared nodes do not depend on the class. */
  readonly pod: PolicyPod;
}

/** Number of ends processed between two pauses. */
const TOGETHER = 64;
const DIRECTIONS: readonly Direction[] = ['INGRESS', 'EGRESS'];

export class PolicyClasses {
  readonly subjects: SubjectClass[] = [];
  readonly peers: PeerClass[] = [];
  readonly #policies: PolicySet;
  #facts = new RelevantFacts([]);
  readonly #numbers = new Map<Policy, number>();
  readonly #subjectNumbers = new Map<string, number>();
  readonly #peerNumbers = new Map<string, number>();

  constructor(policies: PolicySet) {
    this.#policies = policies;
  }

  /** Reads the policies that select the ends, and the facts they use, with pauses. Must run before any class is asked for. */
  *survey(ends: readonly ReachEnd[]): Generator<void> {
    for (const [index, end] of ends.entries()) {
      if (end.kind === 'pod') this.#policies.namespaceLabels(end.pod.namespace);
      if (hasOwnEdge(end)) for (const direction of DIRECTIONS) for (const policy of this.#selecting(end.pod, direction)) this.#numberOf(policy);
      if (index % TOGETHER === TOGETHER - 1) yield;
    }
    this.#facts = new RelevantFacts(this.#numbers.keys());
  }

  /** @returns −1 if no policy is evaluated for the end's traffic in this direction */
  subjectOf(end: ReachEnd, direction: Direction): number {
    if (!hasOwnEdge(end)) return -1;
    const selecting = this.#selecting(end.pod, direction);
    if (selecting.length === 0) return -1;
    const { namespace, labels, containers } = end.pod;
    const ports = direction === 'INGRESS' ? this.#namedPortsOf(end.pod) : '';
    const key = `${selecting.map((policy) => this.#numberOf(policy)).join(',')}|${direction}|${ports}|${selecting.some(comparesNamespaces) ? namespace : ''}`;
    return numberFor(this.#subjectNumbers, key, () =>
      this.subjects.push({ pod: { namespace, name: '', labels, node: null, hostNetwork: false, finished: false, containers } }),
    );
  }

  peerOf(end: ReachEnd): number {
    if (end.kind === 'range') {
      const samples = (): readonly PolicyEnd[] => this.#facts.samplesOf(end.block).map((address) => ({ address, pod: null, node: null }));
      return numberFor(this.#peerNumbers, `range|${end.name}`, () => this.peers.push({ samples: samples() }));
    }
    if (end.pod.hostNetwork && end.node) return this.nodePeer(end.node);
    const { pod, address } = end;
    const key = [
      'pod',
      this.#atomOf(address),
      pod.namespace,
      ...this.#facts.labelKeys.map((name) => valueOf(pod.labels, name)),
      this.#namedPortsOf(pod),
    ].join('|');
    return numberFor(this.#peerNumbers, key, () => this.peers.push({ samples: [{ address, pod, node: null }] }));
  }

  /** A process on a node, or traffic masqueraded as the node. */
  nodePeer({ name, labels, address }: NodeEnd): number {
    return numberFor(this.#peerNumbers, `node|${name}|${address}`, () => this.peers.push({ samples: [{ address, pod: null, node: { name, labels } }] }));
  }

  #atomOf(address: Ipv4 | null): string {
    return address === null ? '' : String(this.#facts.atomOf(address));
  }

  #namedPortsOf({ containers }: PolicyPod): string {
    const names = this.#facts.portNames;
    if (names.length === 0) return '';
    return containers
      .flatMap(({ ports }) => ports)
      .filter(({ name }) => name !== null && names.includes(name))
      .map(({ name, protocol, containerPort }) => `${name}/${protocol}/${containerPort}`)
      .join(',');
  }

  #selecting(pod: PolicyPod, direction: Direction): readonly Policy[] {
    const { admin, network, baseline } = this.#policies.selecting(pod, direction);
    return [...admin, ...network, ...baseline];
  }

  #numberOf(policy: Policy): number {
    let number = this.#numbers.get(policy);
    if (number === undefined) this.#numbers.set(policy, (number = this.#numbers.size));
    return number;
  }
}

/** Distinguishes an absent label from an empty one. */
const valueOf = (labels: Labels, key: string): string => (Object.hasOwn(labels, key) ? `=${labels[key]}` : '');

const comparesNamespaces = (policy: Policy): boolean =>
  DIRECTIONS.some((direction) =>
    (rulesOf(policy, direction) ?? []).some(({ peers }) =>
      (peers ?? []).some((peer) => peer.kind === 'PODS' && (peer.namespaces.kind === 'SAME_LABELS' || peer.namespaces.kind === 'NOT_SAME_LABELS')),
    ),
  );

/** @param add appends a member of a new class, and returns the number of classes */
function numberFor(numbers: Map<string, number>, key: string, add: () => number): number {
  let number = numbers.get(key);
  if (number === undefined) numbers.set(key, (number = add() - 1));
  return number;
}
