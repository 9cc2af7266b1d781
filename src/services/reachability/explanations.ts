import type { Considered, PolicyDecision } from '../../domain/cluster/policy/decision.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { policyTitle } from '../../domain/cluster/policy/policy.js';
import type { ClassDecision } from '../../domain/reachability/class-decisions.js';
import type { CellReason } from '../../domain/reachability/reach-matrix.js';
import type { Explanation, PolicySide } from './reachability.js';

/** The different reasons of one port's cells, each once, in the order of their first cell: decisions are numbered for each port. */
export class Explanations {
  readonly list: Explanation[];
  readonly #positions = new Map<string, number>();

  /** @param list of the answer, with those of the ports before */
  constructor(list: Explanation[]) {
    this.list = list;
  }

  positionOf(reason: CellReason): number {
    const key = `${reason.cell}|${reason.egress?.number ?? ''}|${reason.ingress?.number ?? ''}|${reason.lost ?? ''}`;
    let position = this.#positions.get(key);
    if (position === undefined) this.#positions.set(key, (position = this.list.push(explain(reason)) - 1));
    return position;
  }
}

const explain = ({ cell, egress, ingress, lost }: CellReason): Explanation => ({ cell, egress: sideOf(egress), ingress: sideOf(ingress), reason: lost });

function sideOf(found: ClassDecision | null): PolicySide | null {
  if (!found) return null;
  const { direction, allowed, basis, considered } = found.decision;
  const deciding = basis === 'RULE' ? considered.at(-1) : undefined;
  return {
    direction, allowed, basis, policy: deciding ? policyTitle(deciding.policy) : null, rule: deciding ? ruleOf(found.decision, deciding) : null,
    considered: considered.map((each) => `${policyTitle(each.policy)}: ${each.outcome}`),
  };
}

const ruleOf = ({ direction }: PolicyDecision, deciding: Considered): string | null => ('peer' in deciding ? placeText(direction, deciding) : null);
