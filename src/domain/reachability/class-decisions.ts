import type { PolicyDecision } from '../cluster/policy/decision.js';
import { evaluatePolicies } from '../cluster/policy/evaluate-policies.js';
import type { PolicySet } from '../cluster/policy/policy-set.js';
import type { Direction, TransportProtocol } from '../cluster/policy/policy.js';
import type { PolicyClasses } from './policy-classes.js';

export type ClassOutcome = 'ALLOWED' | 'DENIED' | /** part of a range */ 'PARTLY';

export interface ClassDecision {
  readonly outcome: ClassOutcome;
  /** For `PARTLY` a decision that denies. */
  readonly decision: PolicyDecision;
  /** Counts decisions, from 0. */
  readonly number: number;
}

/** The policies' decisions about one port, class by class; each pair is evaluated once. */
export class ClassDecisions {
  readonly #policies: PolicySet;
  readonly #classes: PolicyClasses;
  readonly #direction: Direction;
  readonly #protocol: TransportProtocol;
  readonly #port: number;
  readonly #bySubject: (ClassDecision | undefined)[][] = [];
  readonly #own = new Map<string, ClassDecision>();
  #count = 0;

  constructor(policies: PolicySet, classes: PolicyClasses, direction: Direction, protocol: TransportProtocol, port: number) {
    this.#policies = policies;
    this.#classes = classes;
    this.#direction = direction;
    this.#protocol = protocol;
    this.#port = port;
  }

  decide(subject: number, peer: number): ClassDecision {
    const row = (this.#bySubject[subject] ??= []);
    return (row[peer] ??= this.#evaluate(subject, peer, null));
  }

  /** The decision about traffic from the subject's own node. */
  decideOwnNode(subject: number, peer: number, node: string): ClassDecision {
    const key = `${subject}/${peer}`;
    let known = this.#own.get(key);
    if (!known) this.#own.set(key, (known = this.#evaluate(subject, peer, node)));
    return known;
  }

  #evaluate(subject: number, peer: number, node: string | null): ClassDecision {
    const { pod } = this.#classes.subjects[subject]!;
    let [allowed, denied]: (PolicyDecision | null)[] = [null, null];
    for (const end of this.#classes.peers[peer]!.samples) {
      const decision = evaluatePolicies(this.#policies, {
        direction: this.#direction,
        subject: { ...pod, node },
        peer: end,
        protocol: this.#protocol,
        port: this.#port,
      });
      if (decision.allowed) allowed ??= decision;
      else denied ??= decision;
      if (allowed && denied) break;
    }
    const number = this.#count;
    this.#count += 1;
    return { outcome: !denied ? 'ALLOWED' : allowed ? 'PARTLY' : 'DENIED', decision: (denied ?? allowed)!, number };
  }
}
