/** The interface for running a family of cases. Each family has a file that exports an `Adapter`, listed in `registry.ts`. */
import type { Api } from './api.js';

/** A case as in its file; each family has further fields. */
export interface ConformanceCase {
  /** Unique among all cases. */
  readonly id: string;
  readonly family: string;
}

/** One expectation of a case and the actual result. It holds if both are deeply equal. */
export interface Finding {
  /** A short name of what was compared, unique in its case. */
  readonly name: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface Context {
  /** The public API of a running server. */
  readonly api: Api;
  /** Another file in the folder of cases, parsed. @throws if it does not exist */
  readonly file: (name: string) => unknown;
}

/**
 * Translates a case's fields to requests, and the responses to the case's notation. It must not implement any rule of
 * Kubernetes, since such a rule would be compared with itself.
 */
export interface Adapter<Case extends ConformanceCase = ConformanceCase> {
  /** The values of `family` that it handles. */
  readonly families: readonly string[];
  /** Compares everything that the case states. The case fails if this throws. */
  readonly run: (given: Case, context: Context) => Promise<readonly Finding[]> | readonly Finding[];
}

/** Casts an adapter for a type of case to one for any case. */
export const adapter = <Case extends ConformanceCase>(given: Adapter<Case>): Adapter => given as unknown as Adapter;
