/** Answers a trace request from a cluster's state. Pure. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { requestFor } from '../../domain/http/http-request.js';
import type { Verdict } from '../../domain/trace/disposition.js';
import type { Path, Trace } from '../../domain/trace/trace.js';
import { COLD, type Tables } from '../../domain/walk/tables.js';
import type { Problem } from '../app-error.js';
import { lookupWarnings } from './look-up-host.js';
import { traceRefusal } from './parse-trace-request.js';
import { resolveDestination } from './resolve-destination.js';
import { resolveSource } from './resolve-source.js';
import { compileFor, type LiveTables, type Question } from './run-path.js';
import { withSourcePort } from './source-port.js';
import type { TraceRequest } from './trace-request.js';
import {
  cutData,
  mayGoElsewhere,
  notesOf,
  otherContainer,
  otherPod,
  passedByPolicies,
  restrictedOutside,
  translatedOutside,
  unenforcedOn,
  unseenRanges,
  untranslatedPort,
  unusedNode,
} from './trace-warnings.js';
import { meshRoutesOn, servicesAsked, unfollowedStreams, unmadePodsOn } from './unmodelled.js';
import { walkPaths } from './walk-paths.js';

/**
 * Traces a flow without live tables.
 *
 * @param withFrames captures frames even if the request does not ask for them
 * @throws AppError UNPROCESSABLE with every problem, when the flow's ends are not in the cluster
 */
export const runTrace = (view: ClusterState, request: TraceRequest, withFrames = false): Trace<TraceRequest> =>
  walkTrace(view, request, NOTHING_LIVE, withFrames).trace;

const NOTHING_LIVE: LiveTables = { tables: COLD, stateRevision: 0 };

/**
 * Traces a flow, starting from the live tables where the request asks for them.
 *
 * @returns the trace, and the live tables as the request leaves them
 * @throws AppError UNPROCESSABLE as `runTrace`
 */
export function walkTrace(
  view: ClusterState,
  asked: TraceRequest,
  live: LiveTables,
  withFrames = false,
): { readonly trace: Trace<TraceRequest>; readonly tables: Tables } {
  const question = questionOf(view, asked, live, withFrames);
  const { request } = question;
  const { paths, walks, totalPaths, after } = walkPaths(question);
  const lookup = walks[0]?.lookup ?? null; // the same on every path
  const translated = translatedOutside(view, walks);
  const services = servicesAsked(question, walks);
  const elsewhere = [...meshRoutesOn(question, services), ...unmadePodsOn(question, services, walks), ...translated];
  const unenforced = [
    ...unenforcedOn(question, walks),
    ...unseenRanges(view, question, walks),
    ...restrictedOutside(view, question, walks),
    ...elsewhere,
    ...unfollowedStreams(question, walks),
  ];
  const trace: Trace<TraceRequest> = {
    request,
    revision: view.revision,
    verdict: lookup && lookup.doubts.length > 0 ? 'UNDETERMINED' : verdictOf(paths, unenforced, elsewhere.length > 0 || mayGoElsewhere(walks)),
    warnings: [
      ...unenforced,
      ...(lookup ? lookupWarnings(lookup) : []),
      ...notesOf(walks),
      ...cutData(request, walks),
      ...otherContainer(request, paths),
      ...otherPod(view, request, paths),
      ...unusedNode(request),
      ...untranslatedPort(view, request, paths),
      ...passedByPolicies(view, request),
    ],
    totalPaths,
    truncated: request.choice.mode === 'ALL' && totalPaths > paths.length,
    paths,
  };
  return { trace, tables: after() };
}

function questionOf(view: ClusterState, asked: TraceRequest, live: LiveTables, withFrames: boolean): Question {
  const problems: Problem[] = [];
  const source = resolveSource(view, asked.from, problems);
  const destination = resolveDestination(view, asked, source, problems);
  const compiled = compileFor(view, source, destination);
  const request = source ? withSourcePort({ view, ...compiled }, asked, source, problems) : asked;
  if (!source || !destination || problems.length > 0) throw traceRefusal(problems, false);
  const capture = withFrames || request.record || request.include.includes('frames');
  const http = 'url' in request.to ? requestFor(new URL(request.to.url), request.to.method, request.to.headers) : null;
  return { view, request, source, destination, capture, live, http, ...compiled };
}

function verdictOf(paths: readonly Path[], unenforced: readonly string[], mayGoElsewhere: boolean): Verdict {
  const accepted = paths.filter((path) => path.disposition === 'ACCEPTED').length;
  if (paths.some((path) => path.disposition === 'UNSUPPORTED')) return 'UNDETERMINED';
  if (accepted === 0 && !mayGoElsewhere) return 'UNREACHABLE';
  if (unenforced.length > 0) return 'UNDETERMINED';
  return accepted === paths.length ? 'REACHABLE' : 'PARTIAL';
}
