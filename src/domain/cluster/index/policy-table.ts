import type { PolicyFacts } from '../facts.js';
import { FactTable } from './fact-table.js';

export const policyKey = (kind: PolicyFacts['kind'], name: string): string => `${kind}/${name}`;

/** Policies by kind and name, and by namespace. */
export class PolicyTable extends FactTable<PolicyFacts> {
  override keyOf({ kind, name }: PolicyFacts): string {
    return policyKey(kind, name);
  }
}
