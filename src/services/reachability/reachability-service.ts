import type { ClusterState } from '../../domain/cluster/draft.js';
import { ReachMatrix } from '../../domain/reachability/reach-matrix.js';
import { POLICIES_ALONE } from '../../domain/reachability/way.js';
import { AppError } from '../app-error.js';
import { pacer } from '../turns.js';
import type { ReachabilityService } from '../use-cases/reachability.js';
import type { WorldReader } from '../world/world-reader.js';
import { collectEnds, namedEnds, type Ends } from './collect-ends.js';
import { Explanations } from './explanations.js';
import { reachabilityRefusal, readReachabilityRequest, type ReachabilityRequest } from './reachability-request.js';
import { WalkedWays } from './walked-ways.js';
import type { PortReachability, Reachability } from './reachability.js';

/** How often a survey is restarted because the cluster has changed meanwhile. */
const MOST_SURVEYS = 8;

interface Survey {
  readonly revision: number;
  readonly ends: Ends;
  readonly matrix: ReachMatrix;
}

/** Yields to other requests between its steps; its results are valid while the cluster does not change. */
function* surveyOnce(index: ClusterState, request: ReachabilityRequest): Generator<void, Omit<Survey, 'revision'>> {
  const ends = yield* collectEnds(index, request);
  const all = [...ends.pods, ...ends.workloads, ...ends.ranges];
  const walked = request.listeners ? new WalkedWays(index, all) : null;
  if (walked) yield* walked.explore(request.ports);
  const matrix = new ReachMatrix(index.policies, all, walked ?? POLICIES_ALONE);
  yield* matrix.prepare();
  return { ends, matrix };
}

/** All that is read of the cluster, at one revision. */
async function survey(index: ClusterState, request: ReachabilityRequest): Promise<Survey> {
  for (let attempt = 0; attempt < MOST_SURVEYS; attempt += 1) {
    const { revision } = index;
    const begun = surveyOnce(index, request);
    const turn = pacer();
    for (let step = begun.next(); index.revision === revision; step = begun.next()) {
      if (step.done) return { revision, ...step.value };
      await turn();
    }
  }
  throw new AppError('UNAVAILABLE', 'The cluster changes faster than it can be surveyed: ask again when fewer writes are under way.');
}

/** First reads all it needs from the world, then computes the rows, with pauses for other requests. */
export const createReachabilityService = (world: Pick<WorldReader, 'open'>): ReachabilityService => ({
  async ask(viewer, cluster, input) {
    const { request, problems: own, shape, named } = readReachabilityRequest(input);
    const { index } = await world.open(viewer, cluster);
    if (!request) {
      const problems = [...own];
      namedEnds(index, named, problems);
      throw reachabilityRefusal(problems, shape);
    }
    const { revision, ends, matrix } = await survey(index, request);
    const explanations = new Explanations();
    const results: PortReachability[] = [];
    const turn = pacer();
    for (const { protocol, port } of request.ports) {
      const rows: string[] = [];
      if (!request.explain) {
        for (const row of matrix.rows(protocol, port)) {
          rows.push(row);
          await turn();
        }
        results.push({ protocol, port, rows });
        continue;
      }
      const positionOf = explanations.ofPort();
      const explain: (readonly number[])[] = [];
      for (const row of matrix.explained(protocol, port)) {
        rows.push(row.map(({ cell }) => cell).join(''));
        explain.push(row.map(positionOf));
        await turn();
      }
      results.push({ protocol, port, rows, explain });
    }
    return { revision, ...namesOf(ends), results, ...(request.explain ? { explanations: explanations.list } : {}), warnings: warningsOf(ends) };
  },
});

const namesOf = ({ pods, workloads, ranges }: Ends): Pick<Reachability, 'pods' | 'workloads' | 'external'> => ({
  pods: pods.map(({ name }) => name), workloads: workloads.map(({ name }) => name), external: ranges.map(({ name }) => name),
});

const warningsOf = ({ pods, workloads }: Ends): readonly string[] =>
  [...new Set([...pods, ...workloads].flatMap(({ unenforced }) => [...unenforced.EGRESS, ...unenforced.INGRESS]))].map(
    (object) => `${object} is stored but not modelled: cells of the pods that it selects are "?" where nothing else is against it`,
  );
