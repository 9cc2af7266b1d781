import type { ReasonCode } from '../../domain/trace/reasons.js';

/** What a reason's message is made of. */
export type Details = Record<string, string>;

/** The code of a reason, and what its message is made of. */
export type Explanation = readonly [code: ReasonCode, details?: Details];
