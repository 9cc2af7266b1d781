import { validateClusterSettings } from '../../domain/cluster/validate-cluster-settings.js';
import { assertMayCreateCluster } from '../access.js';
import { checkConditions } from '../objects/refusals.js';
import { assertPlainData } from '../plain-data.js';
import type { ClusterRecord } from '../ports.js';
import type { ClusterService, ClusterSummary } from '../use-cases/clusters.js';
import type { World } from '../world/world.js';
import { refusal } from '../zod-problems.js';
import { initialWorld, putNew } from './initial-world.js';
import { assertPatch, patchedName, patchSettings } from './patch-settings.js';

interface ClusterServiceDependencies {
  readonly world: World;
  readonly newId: () => string;
  /** After a cluster was deleted. */
  readonly onDeleted: (cluster: string) => void;
}

export const createClusterService = ({ world, newId, onDeleted }: ClusterServiceDependencies): ClusterService => ({
  async create(viewer, input) {
    assertMayCreateCluster(viewer);
    assertPlainData(input);
    const { settings, nodes, errors } = validateClusterSettings(input);
    if (errors.length > 0) {
      throw refusal(
        'the cluster',
        errors.map(({ path, message }) => ({ path, message })),
        errors.some(({ category }) => category === 'shape'),
      );
    }
    const record = await world.create(viewer, newId(), settings, (edit) => {
      const problems = putNew(edit, initialWorld(settings, nodes));
      if (problems.length > 0) throw refusal('the cluster', problems, false);
    });
    return summaryOf(record);
  },

  list: (viewer) => Promise.resolve(world.directory.list(viewer).map(summaryOf)),

  async get(viewer, cluster) {
    return summaryOf(world.directory.load(viewer, cluster, 'read'));
  },

  async patch(viewer, cluster, patch, options = {}) {
    const { id, settings } = world.directory.load(viewer, cluster, 'write');
    assertPatch(patch);
    const apply = (target: string) => world.edit(viewer, target, options, (edit, { revision }) => {
      checkConditions(options, String(revision));
      return patchSettings(edit, patch);
    });
    const name = patchedName(patch);
    await (name === undefined || name === settings.name ? apply(cluster) : world.withName(viewer.id, name, () => apply(id)));
    return summaryOf(world.directory.reload(viewer, id, cluster, 'read'));
  },

  async delete(viewer, cluster, options = {}) {
    const { id } = await world.delete(viewer, cluster, ({ revision }) => checkConditions(options, String(revision)));
    onDeleted(id);
  },
});

const summaryOf = ({ id, owner, revision, createdAt, settings, counts }: ClusterRecord): ClusterSummary => ({
  id,
  owner,
  revision,
  createdAt,
  settings,
  counts,
});
