import type { Trace } from '../../domain/trace/trace.js';
import type { TraceRecord } from '../use-cases/traces.js';
import type { TraceExpectation, TraceRequest } from './trace-request.js';

type Differences = NonNullable<TraceRecord['differences']>;

/** The differences between a trace and what was expected. Each path must meet the expectation; if there are several, the field names the path. */
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

/** Is the expected source an address without a port, and equal to the address of `source`? */
const isAddressOf = (expected: string | undefined, source: string | null): boolean =>
  expected !== undefined && !expected.includes(':') && expected === source?.split(':')[0];
