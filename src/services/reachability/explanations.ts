import type { Considered, PolicyDecision } from '../../domain/cluster/policy/decision.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { policyTitle } from '../../domain/cluster/policy/policy.js';
import type { ClassDecision } from '../../domain/reachability/class-decisions.js';
import type { CellReason } from '../../domain/reachability/reach-matrix.js';
import type { Explanation, PolicySide } from './reachability.js';

/** The distinct explanations of cells, in the order of their first cell. */
export class Explanations {
  readonly list: Explanation[] = [];
  /** By content. */
  readonly #positions = new Map<string, number>();

  /** Finds the explanations of the cells of one port: decisions are numbered for each port. */
  ofPort(): (reason: CellReason) => number {
    const known = new Map<string, number>();
    return (reason) => {
      const key = `${reason.cell}|${reason.egress?.number ?? ''}|${reason.ingress?.number ?? ''}|${reason.lost ?? ''}`;
      let position = known.get(key);
      if (position === undefined) known.set(key, (position = this.#positionOf(explain(reason))));
      return position;
    };
  }

  #positionOf(explanation: Explanation): number {
    const text = JSON.stringify(explanation);
    let position = this.#positions.get(text);
    if (position === undefined) this.#positions.set(text, (position = this.list.push(explanation) - 1));
    return position;
  }
}

const explain = ({ cell, egress, ingress, lost }: CellReason): Explanation => ({ cell, egress: sideOf(egress), ingress: sideOf(ingress), reason: lost });

function sideOf(found: ClassDecision | null): PolicySide | null {
  if (!found) return null;
  const { direction, allowed, basis, considered } = found.decision;
  if (basis === 'NOT_SELECTED') return null;
  const deciding = basis === 'RULE' ? considered.at(-1) : undefined;
  return {
    direction, allowed, basis, policy: deciding ? policyTitle(deciding.policy) : null, rule: deciding ? ruleOf(found.decision, deciding) : null,
    considered: considered.map((each) => `${policyTitle(each.policy)}: ${each.outcome}`),
  };
}

const ruleOf = ({ direction }: PolicyDecision, deciding: Considered): string | null => ('peer' in deciding ? placeText(direction, deciding) : null);
