/** What a controller holds of an object. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

export type Holding = readonly [type: string, holds: boolean, reason: string, message?: string];

/** A condition keeps its time as long as its status stays. */
export function conditionsOf(holdings: readonly Holding[], before: unknown, generation: number, now: string): readonly Condition[] {
  const former = Array.isArray(before) ? (before as readonly Partial<Condition>[]) : [];
  return holdings.map(([type, holds, reason, message = '']) => {
    const status = holds ? 'True' : 'False';
    const same = former.find((condition) => condition.type === type && condition.status === status);
    return { type, status, reason, message, observedGeneration: generation, lastTransitionTime: same?.lastTransitionTime ?? now };
  });
}
