import type { ClusterSummary } from '../../services/use-cases/clusters.js';

/** The settings by their own names, with what the server knows around them. */
export const presentCluster = ({ id, owner, revision, createdAt, settings, counts }: ClusterSummary): object => ({
  id, owner, revision, createdAt, ...settings, nodes: counts.nodes, counts,
});
