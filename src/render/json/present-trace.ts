import type { Backend, Connection, Path, Trace, Translation } from '../../domain/trace/trace.js';
import { ipText } from '../linux/address-text.js';
import { presentConntrack, presentFdb, presentNeighbour } from './present-entries.js';
import { presentFrames } from './present-frame.js';
import { presentLeg } from './present-leg.js';
import type { BackendJson, ConnectionJson, DifferenceJson, PathJson, RequestJson, TraceJson, TranslationJson } from './trace-json.js';

/** A trace with its id, as the use-case returns it. */
interface PresentableTrace<Request extends RequestJson> {
  readonly id: string | null;
  readonly cluster: string;
  readonly createdAt: string;
  readonly trace: Trace<Request>;
  readonly differences: readonly DifferenceJson[] | null;
}

const presentTranslation = ({ type, netns, hook, before, after, step }: Translation): TranslationJson => ({
  type, netns, hook, before, after,
  step: `forward/${step}`,
});

const presentBackend = ({ ip, port, pod, node }: Backend): BackendJson => ({ ip: ipText(ip), port, pod, node });

function presentConnection({
  role, disposition, forward, return: back, data, translations, conntrack, neighboursLearned, fdbLearned,
}: Connection): ConnectionJson {
  const legs = { role, disposition, forward: presentLeg(forward), return: back === null ? null : presentLeg(back) };
  const tables = {
    translations: translations.map(presentTranslation),
    conntrack: conntrack.map(({ netns, entry }) => ({ netns, ...presentConntrack(entry) })),
    neighboursLearned: neighboursLearned.map(({ netns, entry }) => ({ netns, ...presentNeighbour(entry) })),
    fdbLearned: fdbLearned.map(({ netns, bridge, entry }) => ({ netns, ...presentFdb(entry.mac, entry.port, bridge) })),
  };
  return data === null ? { ...legs, ...tables } : { ...legs, data: presentLeg(data), ...tables };
}

function presentPath(path: Path, withFrames: boolean): PathJson {
  const shown: PathJson = {
    weight: path.weight, backend: path.backend === null ? null : presentBackend(path.backend), disposition: path.disposition,
    reason: path.reason, clientSees: path.clientSees, seenByServer: path.seenByServer, seenByClient: path.seenByClient,
    ...(path.http !== null && { http: path.http }),
    connections: path.connections.map(presentConnection),
  };
  return withFrames && path.frames !== null ? { ...shown, frames: presentFrames(path.frames, false) } : shown;
}

/** The trace as the API returns it, with frames if the request asked for them. */
export function presentTrace<Request extends RequestJson>({ id, cluster, createdAt, trace, differences }: PresentableTrace<Request>): TraceJson<Request> {
  const { request, revision, live, verdict, warnings, totalPaths, truncated } = trace;
  const withFrames = request.include.includes('frames');
  const paths = trace.paths.map((path) => presentPath(path, withFrames));
  const expectation = differences === null ? {} : { met: differences.length === 0, differences };
  return { id, cluster, revision, ...live, createdAt, request, verdict, warnings, ...expectation, totalPaths, truncated, paths };
}
