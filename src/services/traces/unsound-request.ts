import type { ClusterState } from '../../domain/cluster/draft.js';
import type { AppError, Problem } from '../app-error.js';
import { traceRefusal, type ReadTraceRequest } from './parse-trace-request.js';
import { resolveDestination } from './resolve-destination.js';
import { compileFor } from './run-path.js';
import { resolveSource } from './resolve-source.js';
import { checkSourcePort } from './source-port.js';

/** The refusal of an invalid request. Its valid parts are checked against the cluster, so that all problems are reported at once. */
export function unsoundRequest(view: ClusterState, { problems, shape, from, to, protocol, sourcePort }: ReadTraceRequest): AppError {
  const found: Problem[] = [];
  const source = from ? resolveSource(view, from, found) : null;
  if (source && protocol !== undefined && sourcePort !== undefined) {
    checkSourcePort({ view, ...compileFor(view, source, null) }, source, protocol, sourcePort, found);
  }
  if (to && protocol !== undefined) resolveDestination(view, { to, protocol }, source, found);
  const told = new Set(problems.map(({ path }) => path)); // a second problem at the same place may be a consequence of the first
  return traceRefusal([...problems, ...found.filter(({ path }) => !told.has(path))], shape);
}
