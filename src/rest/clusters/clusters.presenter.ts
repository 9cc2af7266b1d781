import type { ClusterSummary } from '../../services/use-cases/clusters.js';

/** A cluster as JSON: the settings, and beside them the fields that the server sets. */
export const presentCluster = ({ id, owner, revision, createdAt, settings, counts }: ClusterSummary): object => ({
  id, owner, revision, createdAt, ...settings, nodes: counts.nodes, counts,
});
