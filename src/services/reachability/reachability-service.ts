import type { ClusterState } from '../../domain/cluster/draft.js';
import { ReachMatrix } from '../../domain/reachability/reach-matrix.js';
import { POLICIES_ALONE, type Ways } from '../../domain/reachability/way.js';
import { pacer } from '../turns.js';
import type { ReachabilityService, Viewer } from '../types.js';
import { collectEnds, type Ends } from './collect-ends.js';
import { Explanations } from './explanations.js';
import type { Explanation, PortReachability, Reachability } from './reachability.js';

/** Opens a cluster that the viewer may see. @throws AppError NOT_FOUND */
interface WorldReader {
  open(viewer: Viewer, cluster: string): Promise<{ readonly index: ClusterState }>;
}

/** What is asked of the world is read at once; then only what was read is looked at, in turns with other requests. */
export const createReachabilityService = (world: WorldReader): ReachabilityService => ({
  async ask(viewer, cluster, request) {
    const { index } = await world.open(viewer, cluster);
    const { revision } = index;
    const ends = collectEnds(index, request);
    const all = [...ends.pods, ...ends.workloads, ...ends.ranges];
    const ways: Ways = POLICIES_ALONE;
    const matrix = new ReachMatrix(index.policies, all, ways);
    const explanations: Explanation[] = [];
    const results: PortReachability[] = [];
    const turn = pacer();
    for (const [position, { protocol, port }] of request.ports.entries()) {
      const explaining = request.explain ? new Explanations(position, explanations) : null;
      const rows: string[] = [];
      const explain: (readonly number[])[] = [];
      for (const row of matrix.rows(protocol, port)) {
        rows.push(row.map(({ cell }) => cell).join(''));
        if (explaining) explain.push(row.map((reason) => explaining.positionOf(reason)));
        await turn();
      }
      results.push({ protocol, port, rows, ...(explaining ? { explain } : {}) });
    }
    return { revision, ...namesOf(ends), results, ...(request.explain ? { explanations } : {}), warnings: warningsOf(ends) };
  },
});

const namesOf = ({ pods, workloads, ranges }: Ends): Pick<Reachability, 'pods' | 'workloads' | 'external'> => ({
  pods: pods.map(({ name }) => name), workloads: workloads.map(({ name }) => name), external: ranges.map(({ name }) => name),
});

const warningsOf = ({ pods, workloads }: Ends): readonly string[] =>
  [...new Set([...pods, ...workloads].flatMap(({ unenforced }) => unenforced))].map((object) => `${object} is stored but not modelled: cells of the pods that it selects are "?" where nothing else is against it`);
