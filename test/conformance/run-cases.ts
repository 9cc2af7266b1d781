/** Runs cases by the adapters of their families, one after the other, and returns the result of each. */
import { isDeepStrictEqual } from 'node:util';
import type { Adapter, ConformanceCase, Context, Finding } from './adapter.js';

export interface Failure {
  /** The name of the finding; `null` for the case as a whole. */
  readonly check: string | null;
  readonly message: string;
}

export interface CaseResult {
  readonly id: string;
  readonly family: string;
  /** `excepted` if it did not pass, and is listed as an exception. */
  readonly outcome: 'passed' | 'failed' | 'excepted';
  /** Number of findings that hold. */
  readonly held: number;
  readonly failures: readonly Failure[];
}

/** Reasons by case id, or by `<case id> › <finding>` if only one finding is excepted. */
export type Exceptions = Readonly<Record<string, string>>;

export const findingKey = (id: string, finding: string): string => `${id} › ${finding}`;

export async function runCases(
  cases: readonly ConformanceCase[],
  adapters: readonly Adapter[],
  exceptions: Exceptions,
  context: Context,
): Promise<readonly CaseResult[]> {
  const byFamily = new Map(adapters.flatMap((each) => each.families.map((family) => [family, each] as const)));
  const results: CaseResult[] = [];
  for (const each of cases) results.push(await runCase(each, byFamily.get(each.family), exceptions, context));
  return results;
}

export const failedResult = ({ id, family }: ConformanceCase, message: string): CaseResult => ({
  id,
  family,
  outcome: 'failed',
  held: 0,
  failures: [{ check: null, message }],
});

async function runCase(given: ConformanceCase, adapter: Adapter | undefined, exceptions: Exceptions, context: Context): Promise<CaseResult> {
  const { id, family } = given;
  const isExcepted = exceptions[id] !== undefined;
  const findings = adapter ? await ask(adapter, given, context) : new Error(`no adapter reads the family ${family}`);
  if (!(findings instanceof Error)) return judge(given, findings, isExcepted, exceptions);
  return isExcepted ? { id, family, outcome: 'excepted', held: 0, failures: [] } : failedResult(given, findings.message);
}

async function ask(adapter: Adapter, given: ConformanceCase, context: Context): Promise<readonly Finding[] | Error> {
  try {
    const findings = await adapter.run(given, context);
    return findings.length > 0 ? findings : new Error('nothing was asked');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** An exception for a finding that holds is a failure too, so that the list stays up to date. */
function judge({ id, family }: ConformanceCase, findings: readonly Finding[], isExcepted: boolean, exceptions: Exceptions): CaseResult {
  const failures: Failure[] = [];
  let [held, excepted] = [0, 0];
  for (const { name, expected, actual } of findings) {
    const exception = exceptions[findingKey(id, name)];
    const holds = isDeepStrictEqual(actual, expected);
    if (holds) held += 1;
    if (holds && exception !== undefined) failures.push({ check: name, message: `holds, but is excepted (${exception}): take the exception away` });
    else if (!holds && exception !== undefined) excepted += 1;
    else if (!holds) failures.push({ check: name, message: `expected ${JSON.stringify(expected)}\n     came ${JSON.stringify(actual)}` });
  }
  if (!isExcepted) return { id, family, outcome: failures.length > 0 ? 'failed' : excepted > 0 ? 'excepted' : 'passed', held, failures };
  if (held < findings.length) return { id, family, outcome: 'excepted', held, failures: [] };
  return { id, family, outcome: 'failed', held, failures: [{ check: null, message: `passes, but is excepted (${exceptions[id]}): take the exception away` }] };
}
