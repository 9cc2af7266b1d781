import type { Resolvers } from '../generated/graphql.js';
import { presentFrames } from '../render/json/present-frame.js';
import { presentTrace } from '../render/json/present-trace.js';
import { AppError } from '../services/app-error.js';
import { noSuchPath } from '../services/traces/no-such-path.js';
import type { FrameJson } from '../render/json/packet-json.js';
import type { TraceRequest } from '../services/traces/trace-request.js';
import { formatTraceToken, sequenceOfToken } from '../services/traces/trace-token.js';
import type { TraceListItem } from '../services/use-cases/traces.js';
import type { GraphqlContext } from './context.js';
import { pageOfList, type ListPiece } from './page.js';
import type { FullTrace, TraceParent } from './parents.js';
import { withoutNulls } from './without-nulls.js';

/** An expectation of null is refused, as by REST: if it were ignored, it would count as met. */
const AS_THEY_ARE = ['expect'];

/** As many traces as are kept of a cluster. */
const LARGEST_TRACE_PAGE = 1000;

/** The steps of a trace in a list are read only if they are selected, and for all traces of the list at once. */
function fullTrace(parent: TraceParent, { loaders }: GraphqlContext): FullTrace | Promise<FullTrace> {
  if ('paths' in parent) return parent;
  return loaders.trace.load({ cluster: parent.cluster, key: parent.id }).then((trace) => kept(parent.id, trace) as FullTrace);
}

/** @throws AppError NOT_FOUND if the trace was deleted meanwhile for newer ones */
function kept<T>(id: string, found: T | null): T {
  if (found === null) throw new AppError('NOT_FOUND', `The trace ${id} is no longer kept`);
  return found;
}

/** Returns no promise if nothing has to be read, since a trace that was just walked is then resolved synchronously. */
function field<Name extends keyof FullTrace>(name: Name) {
  return (parent: TraceParent, _args: unknown, context: GraphqlContext): FullTrace[Name] | Promise<FullTrace[Name]> => {
    const trace = fullTrace(parent, context);
    return trace instanceof Promise ? trace.then((full) => full[name]) : trace[name];
  };
}

export const traceResolvers: Resolvers = {
  Query: {
    trace: async (_root, { id }, { loaders }) => (await loaders.traceById.load(id)) as FullTrace | null,
  },
  Mutation: {
    traceFlow: async (_root, { cluster, input }, { services, viewer }) => {
      const record = await services.traces.run(viewer, cluster, withoutNulls(input, AS_THEY_ARE));
      const shown = presentTrace(record);
      if (record.id !== null) return shown;
      const asked = record.trace.request.include.includes('frames');
      return { ...shown, captures: record.trace.paths.map(({ frames }) => (asked ? frames : null)) };
    },
  },
  Subscription: {
    traceRecorded: {
      subscribe: (_root, { cluster }, { services, viewer }) => services.events.traceRecorded(viewer, cluster) as AsyncIterable<never>,
      resolve: (event: unknown) => (event as RecordedEvent).trace,
    },
  },
  Cluster: {
    traces: (parent, args, { services, viewer }) => {
      const list: ListPiece<TraceListItem> = (limit, token) => services.traces.list(viewer, parent.id, { limit, continue: token });
      return pageOfList(args, LARGEST_TRACE_PAGE, list, {
        tokenOf: (item) => formatTraceToken(parent.id, item),
        isCursor: (token) => sequenceOfToken(token, parent.id) !== null,
        nodeOf: (item): TraceParent => ({ ...item, cluster: parent.name }),
        count: () => services.traces.count(viewer, parent.id),
      });
    },
  },
  /** Traces that were recorded before this option existed had fresh tables. */
  TraceRequest: {
    conntrack: ({ conntrack }: Partial<TraceRequest>) => conntrack ?? 'FRESH',
  },
  Trace: {
    stateRevision: field('stateRevision'),
    clockSeconds: field('clockSeconds'),
    warnings: field('warnings'),
    met: field('met'),
    differences: field('differences'),
    totalPaths: field('totalPaths'),
    truncated: field('truncated'),
    paths: field('paths'),
    frames: async (parent, { path, flooded }, { loaders }) => {
      const { id, cluster } = parent;
      if (id === null) return framesOfAnswer(parent as FullTrace, path, flooded);
      return kept(id, await loaders.frames.load({ cluster, key: { id, path, flooded } })) as readonly FrameJson[];
    },
  },
};

/** @throws AppError BAD_REQUEST if the trace is unrecorded and its frames were not requested, UNPROCESSABLE if it has no such path */
function framesOfAnswer({ captures = [] }: FullTrace, path: number, flooded: boolean): readonly FrameJson[] {
  const capture = captures[path];
  if (capture === undefined) throw noSuchPath(path, captures.length);
  if (capture === null) {
    throw new AppError('BAD_REQUEST', 'The trace was not kept: ask for its frames with include: [frames]', [
      { path: 'include', message: 'must hold frames, as record is false' },
    ]);
  }
  return presentFrames(capture, flooded);
}

/** A recorded trace is stored as the response of REST. */
interface RecordedEvent {
  readonly trace: FullTrace;
}
