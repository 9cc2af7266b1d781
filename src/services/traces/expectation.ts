import type { Trace } from '../../domain/trace/trace.js';
import type { TraceRecord } from '../use-cases/traces.js';
import type { TraceExpectation, TraceRequest } from './trace-request.js';

type Differences = NonNullable<TraceRecord['differences']>;

/** What a program expected and did not get. Of several paths each has to meet it; a path that differs is named. */
export function differencesFrom(trace: Trace<TraceRequest>, expected: TraceExpectation): Differences {
  const differences: Differences[number][] = [];
  const compare = (field: string, wanted: string | undefined, actual: string | null): void => {
    if (wanted !== undefined && wanted !== actual) differences.push({ field, expected: wanted, actual: actual ?? 'null' });
  };
  compare('verdict', expected.verdict, trace.verdict);
  trace.paths.forEach((path, index) => {
    const prefix = trace.paths.length > 1 ? `paths[${index}].` : '';
    compare(`${prefix}disposition`, expected.disposition, path.disposition);
    compare(`${prefix}reason`, expected.reason, path.reason?.code ?? null);
    compare(`${prefix}clientSees.outcome`, expected.clientSees?.outcome, path.clientSees.outcome);
    const source = path.seenByServer?.source ?? null;
    if (!isAddressOf(expected.seenByServer?.source, source)) compare(`${prefix}seenByServer.source`, expected.seenByServer?.source, source);
  });
  return differences;
}

/** Who expects an address alone takes any port. */
const isAddressOf = (expected: string | undefined, source: string | null): boolean => expected !== undefined && !expected.includes(':') && expected === source?.split(':')[0];
