import { allMachines } from '../../compile/all-machines.js';
import { AppError } from '../app-error.js';
import type { LabService } from '../use-cases/lab.js';
import type { World } from '../world/world.js';

/** Most network namespaces in one script, which writes each out in full, with every rule. */
const MOST_MACHINES = 2_000;

export const createLabService = (world: World): LabService => ({
  async writeOut(viewer, cluster) {
    const { index } = await world.open(viewer, cluster);
    const { nodes, pods } = index.counts();
    if (nodes + pods > MOST_MACHINES) {
      throw new AppError(
        'UNPROCESSABLE',
        `a lab is built on one machine: it has room for ${MOST_MACHINES} nodes and pods, and this cluster has ${nodes + pods}`,
      );
    }
    return { name: index.settings.name, revision: index.revision, machines: allMachines(index) };
  },
});
