/**
 * The policies' decisions about one port, without reasons: for a class of subjects and all peers at once, by the
 * sets of peers that the rules match. The results equal those of `ClassDecisions`, which evaluates pair by pair.
 */
import { matchesPort } from '../cluster/policy/match-rule.js';
import type { PolicySet } from '../cluster/policy/policy-set.js';
import { rulesOf, type Direction, type Policy, type PolicyPort, type PolicyRule, type TransportProtocol } from '../cluster/policy/policy.js';
import type { PolicyEnd, PolicyPod } from '../cluster/policy/question.js';
import { ClassDecisions, type ClassOutcome } from './class-decisions.js';
import { PeerSets, type EndSet } from './peer-sets.js';
import type { PolicyClasses } from './policy-classes.js';

/** The state of the decision about one peer; `PASSED`: left to NetworkPolicies. */
const [OPEN, ALLOWED, DENIED, PASSED, PARTLY] = [0, 1, 2, 3, 4];
const CODES = { ALLOW: ALLOWED, DENY: DENIED, PASS: PASSED } as const;
/** Outcomes by code; `OPEN` and `PASSED` do not remain in the end. */
const OUTCOMES: readonly (ClassOutcome | undefined)[] = [undefined, 'ALLOWED', 'DENIED', undefined, 'PARTLY'];

export class ClassOutcomes {
  readonly #policies: PolicySet;
  readonly #classes: PolicyClasses;
  readonly #direction: Direction;
  readonly #protocol: TransportProtocol;
  readonly #port: number;
  /** The samples of all peers, peer by peer. */
  readonly #ends: readonly PolicyEnd[];
  readonly #everyEnd: EndSet;
  /** Index of each peer's first sample, and the end of the last peer's samples. */
  readonly #begins: readonly number[];
  readonly #sets: PeerSets;
  readonly #bySubject: (Uint8Array | undefined)[] = [];
  /** For peers that appear later, and for subjects whose node matters. */
  readonly #exact: ClassDecisions;

  constructor(policies: PolicySet, classes: PolicyClasses, direction: Direction, protocol: TransportProtocol, port: number) {
    this.#policies = policies;
    this.#classes = classes;
    this.#direction = direction;
    this.#protocol = protocol;
    this.#port = port;
    this.#ends = classes.peers.flatMap(({ samples }) => samples);
    this.#everyEnd = this.#ends.map((_, position) => position);
    let begin = 0;
    this.#begins = [0, ...classes.peers.map(({ samples }) => (begin += samples.length))];
    this.#sets = new PeerSets(this.#ends, policies.namespaceLabels);
    this.#exact = new ClassDecisions(policies, classes, direction, protocol, port);
  }

  decide(subject: number, peer: number): ClassOutcome {
    const row = (this.#bySubject[subject] ??= this.#row(this.#classes.subjects[subject]!.pod));
    return OUTCOMES[row[peer] ?? OPEN] ?? this.#exact.decide(subject, peer).outcome;
  }

  decideOwnNode(subject: number, peer: number, node: string): ClassOutcome {
    return this.#exact.decideOwnNode(subject, peer, node).outcome;
  }

  /** Codes by peer. Most peers have one sample, so that nothing has to be combined. */
  #row(subject: PolicyPod): Uint8Array {
    const decided = this.#decideAll(subject);
    const peers = this.#begins.length - 1;
    if (decided.length === peers) return decided;
    const row = new Uint8Array(peers);
    for (let peer = 0; peer < peers; peer += 1) {
      const first = decided[this.#begins[peer]!]!;
      row[peer] = first;
      for (let position = this.#begins[peer]! + 1; position < this.#begins[peer + 1]!; position += 1) if (decided[position] !== first) row[peer] = PARTLY;
    }
    return row;
  }

  /** In the order of evaluation of `evaluatePolicies`. */
  #decideAll(subject: PolicyPod): Uint8Array {
    const decided = new Uint8Array(this.#ends.length);
    const { admin, network, baseline } = this.#policies.selecting(subject, this.#direction);
    const decideUndecided = (position: number, code: number): void => {
      if (decided[position] === OPEN) decided[position] = code;
    };
    for (const policy of admin) this.#apply(policy, subject, decideUndecided);
    const decideUnlessFinal = (position: number, code: number): void => {
      if (decided[position] === OPEN || decided[position] === PASSED) decided[position] = code;
    };
    for (const policy of network.length > 0 ? network : baseline) this.#apply(policy, subject, decideUnlessFinal);
    const rest = network.length > 0 ? DENIED : ALLOWED;
    for (let position = 0; position < decided.length; position += 1) decideUnlessFinal(position, rest);
    return decided;
  }

  #apply(policy: Policy, subject: PolicyPod, decide: (position: number, code: number) => void): void {
    for (const rule of rulesOf(policy, this.#direction) ?? []) {
      const code = CODES[rule.action];
      const holds = this.#portTest(rule, subject);
      if (!holds) continue;
      const sets = rule.peers === null ? [this.#everyEnd] : rule.peers.map((peer) => this.#sets.of(policy, peer, subject.namespace));
      for (const set of sets) for (const position of set) if (holds === true || holds(position)) decide(position, code);
    }
  }

  /** Does the rule match the port? Either for all peers, or depending on the peer, if that is the end with the port. */
  #portTest({ ports }: PolicyRule, subject: PolicyPod): boolean | ((position: number) => boolean) {
    if (ports === null) return true;
    const holds = (port: PolicyPort, peer: PolicyEnd): boolean =>
      matchesPort(port, { direction: this.#direction, subject, peer, protocol: this.#protocol, port: this.#port });
    const named = this.#direction === 'EGRESS' ? ports.filter(({ kind }) => kind === 'NAMED') : [];
    if (ports.some((port) => !named.includes(port) && holds(port, NOBODY))) return true;
    return named.length > 0 && ((position) => named.some((port) => holds(port, this.#ends[position]!)));
  }
}

const NOBODY: PolicyEnd = { address: null, pod: null, node: null };
