/** @source k8s.io/apimachinery `metav1.Condition` */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

/** A condition as its controller determines it now. */
export type NewCondition = readonly [type: string, holds: boolean, reason: string, message?: string];

/** The conditions for a status. A condition keeps its transition time as long as its status does not change. */
export function conditionsOf(conditions: readonly NewCondition[], before: unknown, generation: number, now: string): readonly Condition[] {
  const former = Array.isArray(before) ? (before as readonly Partial<Condition>[]) : [];
  return conditions.map(([type, holds, reason, message = '']) => {
    const status = holds ? 'True' : 'False';
    const same = former.find((condition) => condition.type === type && condition.status === status);
    return { type, status, reason, message, observedGeneration: generation, lastTransitionTime: same?.lastTransitionTime ?? now };
  });
}
