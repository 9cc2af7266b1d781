/** What a family of cases needs to be run: one file that exports an `Adapter`, listed in `registry.ts`. */
import type { Api } from './api.js';

/** A case as its file holds it; each family has further fields. */
export interface ConformanceCase {
  /** Unique among all cases. */
  readonly id: string;
  readonly family: string;
}

/** One thing that a case says, beside what came; it holds where both are deeply equal. */
export interface Finding {
  /** What was asked, in a few words; unique in its case. */
  readonly name: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface Context {
  /** The public API of a running server. */
  readonly api: Api;
  /** Another file of the folder that the case comes from, parsed. @throws where there is none */
  readonly file: (name: string) => unknown;
}

/**
 * Translates a case's fields into questions, and the answers back into the case's words. It holds no rule of Kubernetes:
 * a rule in here would be tested against itself.
 */
export interface Adapter<Case extends ConformanceCase = ConformanceCase> {
  /** The values of `family` that it reads. */
  readonly families: readonly string[];
  /** Asks everything that the case says. What it throws makes the case a failed one. */
  readonly run: (given: Case, context: Context) => Promise<readonly Finding[]> | readonly Finding[];
}

/** Ties an adapter's own type of case to the fields that a file promises. */
export const adapter = <Case extends ConformanceCase>(given: Adapter<Case>): Adapter => given as unknown as Adapter;
