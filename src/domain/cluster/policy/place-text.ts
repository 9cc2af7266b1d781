import type { RulePlace } from './decision.js';
import type { Direction } from './policy.js';

/** The position of a rule, its peer and its port in the object, as text: `spec.ingress[0] from[1] ports[0]`. */
export function placeText(direction: Direction, { rule, peer, port }: Pick<RulePlace, 'rule' | 'peer' | 'port'>): string {
  const [rules, peers] = direction === 'INGRESS' ? ['ingress', 'from'] : ['egress', 'to'];
  return `spec.${rules}[${rule}]${peer === null ? '' : ` ${peers}[${peer}]`}${port === null ? '' : ` ports[${port}]`}`;
}
