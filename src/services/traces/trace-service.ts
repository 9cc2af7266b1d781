import type { ClusterState } from '../../domain/cluster/draft.js';
import { presentFrame } from '../../render/json/present-frame.js';
import { presentTrace } from '../../render/json/present-trace.js';
import { AppError, type Problem } from '../app-error.js';
import { NO_TOKEN } from '../objects/continue-token.js';
import type { ListedTrace, RecordedTrace, TraceStore } from '../ports.js';
import type { ShownPath, TraceListItem, TraceRecord, TraceService } from '../use-cases/traces.js';
import type { Viewer } from '../use-cases/viewer.js';
import { together } from '../turns.js';
import type { WorldReader } from '../world/world-reader.js';
import { refusal } from '../zod-problems.js';
import { differencesFrom } from './expectation.js';
import { limitTables } from '../../domain/walk/limit-tables.js';
import type { Trace } from '../../domain/trace/trace.js';
import { nextState } from '../state/live-state.js';
import type { LiveStates } from '../state/live-states.js';
import { noSuchPath } from './no-such-path.js';
import { readTraceRequest } from './parse-trace-request.js';
import { isLive } from './run-path.js';
import { runTrace, walkTrace } from './run-trace.js';
import type { TraceRequest } from './trace-request.js';
import { formatTraceToken, sequenceOfToken } from './trace-token.js';
import { unsoundRequest } from './unsound-request.js';

interface TraceServiceDependencies {
  readonly world: WorldReader;
  readonly traces: TraceStore;
  readonly states: LiveStates;
  readonly now: () => string;
  readonly newId: () => string;
  readonly onRecorded: (event: { readonly id: string; readonly cluster: string; readonly trace: object }) => void;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const ALL_OF_IT: ShownPath = { path: 0, frames: false };

/** Called before anything is stored. @throws AppError UNPROCESSABLE when the trace lacks the path that is to be shown */
function withPath(trace: Trace<TraceRequest>, { path }: ShownPath): Trace<TraceRequest> {
  if (path >= trace.paths.length) throw noSuchPath(path, trace.paths.length);
  return trace;
}

export function createTraceService({ world, traces, states, now, newId, onRecorded }: TraceServiceDependencies): TraceService {
  const inStep = together(); // concurrent requests are handled in batches: with eight clients a trace costs a fifth less
  return {
    async run(viewer, cluster, input, shown = ALL_OF_IT) {
      await inStep();
      const read = readTraceRequest(input);
      const { request } = read;
      const { id: clusterId, name, index } = await world.open(viewer, cluster, request && isLive(request) ? 'write' : 'read');
      if (!request) throw unsoundRequest(index, read);
      const trace = isLive(request) ? await runLive(clusterId, index, request, shown) : withPath(runTrace(index, request, shown.frames), shown);
      const record: TraceRecord = {
        id: request.record ? newId() : null, cluster: name, createdAt: now(), trace,
        differences: request.expect ? differencesFrom(trace, request.expect) : null,
      };
      if (record.id !== null) {
        const kept: TraceRequest = { ...request, include: [] }; // a stored trace has its frames apart
        const body = presentTrace({ ...record, trace: { ...trace, request: kept } });
        const frames = trace.paths.map((path) => (path.frames ?? []).map((frame, seq) => ({ ...presentFrame(frame, seq), flooded: frame.flooded })));
        await traces.save({
          id: record.id,
          clusterId,
          createdAt: record.createdAt,
          revision: trace.revision,
          request: kept,
          verdict: trace.verdict,
          body,
          frames,
        });
        onRecorded({ id: record.id, cluster: clusterId, trace: body });
      }
      return record;
    },

    async list(viewer, cluster, { limit = DEFAULT_LIMIT, continue: token }) {
      const { id } = await world.open(viewer, cluster);
      const problems: Problem[] = [];
      if (limit < 1 || limit > MAX_LIMIT) problems.push({ path: 'limit', message: `must be from 1 to ${MAX_LIMIT}, not ${limit}` });
      const before = token === undefined ? undefined : sequenceOfToken(token, id);
      if (before === null) problems.push(NO_TOKEN);
      if (before === null || problems.length > 0) throw refusal('the query', problems, true);
      const items = await traces.list(id, limit + 1, before);
      const page = items.slice(0, limit);
      return { items: page.map(toListItem), continue: items.length > limit ? formatTraceToken(id, page.at(-1)!) : null };
    },

    async count(viewer, cluster) {
      return traces.count((await world.open(viewer, cluster)).id);
    },

    async get(viewer, cluster, id) {
      return (await load(viewer, cluster, id)).body;
    },

    async getMany(viewer, cluster, ids) {
      const { id: clusterId } = await world.open(viewer, cluster);
      const found = new Map((await traces.bodies(ids)).filter((trace) => trace.clusterId === clusterId).map((trace) => [trace.id, trace.body]));
      return ids.map((id) => found.get(id) ?? null);
    },

    async find(viewer, id) {
      const [trace] = await traces.bodies([id]);
      return trace && (await world.maySee(viewer, trace.clusterId)) ? trace.body : null;
    },

    async frames(viewer, cluster, id, path, flooded) {
      const capture = captureOf(await load(viewer, cluster, id), path, flooded);
      if (capture instanceof AppError) throw capture;
      return capture;
    },

    async framesMany(viewer, cluster, asked) {
      const { id: clusterId } = await world.open(viewer, cluster);
      const ids = [...new Set(asked.map(({ id }) => id))];
      const found = new Map((await traces.findMany(ids)).filter((trace) => trace.clusterId === clusterId).map((trace) => [trace.id, trace]));
      return asked.map(({ id, path, flooded }) => {
        const trace = found.get(id);
        return trace ? captureOf(trace, path, flooded) : null;
      });
    },
  };

  /** Walks in the live tables and stores what the flow leaves, as one step. The response comes after that. */
  async function runLive(clusterId: string, index: ClusterState, request: TraceRequest, shown: ShownPath): Promise<Trace<TraceRequest>> {
    await states.open(clusterId);
    const before = states.current(clusterId, index);
    const walked = walkTrace(index, request, before, shown.frames);
    withPath(walked.trace, shown);
    const { tables, forgotten } = limitTables(walked.tables);
    await states.change(clusterId, nextState(before, index, tables));
    const { stateRevision, clockSeconds } = before;
    const { warnings } = walked.trace;
    const full = forgotten === 0 ? [] : [`The live state was full: the ${forgotten} entries that were unused for longest are forgotten.`];
    return { ...walked.trace, live: { stateRevision, clockSeconds }, warnings: [...warnings, ...full] };
  }

  async function load(viewer: Viewer, cluster: string, id: string): Promise<RecordedTrace> {
    return traces.load((await world.open(viewer, cluster)).id, id);
  }
}

function captureOf({ frames }: RecordedTrace, path: number, flooded: boolean): readonly object[] | AppError {
  const items = frames[path] as readonly { readonly flooded: boolean }[] | undefined;
  if (!items) return noSuchPath(path, frames.length);
  const shown = items.filter((frame) => flooded || !frame.flooded);
  return shown.map(({ flooded: _copy, ...frame }, seq) => ({ ...frame, seq }));
}

const toListItem = ({ id, sequence, createdAt, revision, request, verdict }: ListedTrace): TraceListItem =>
  ({ id, sequence, createdAt, revision, request: request as TraceRequest, verdict });
