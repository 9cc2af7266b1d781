import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Permission } from '../access.js';
import type { Viewer } from '../use-cases/viewer.js';

/** The part of `World` that requests which only read need. */
export interface WorldReader {
  /** Opens a cluster that the viewer may see. @throws AppError NOT_FOUND */
  open(viewer: Viewer, cluster: string, permission?: Permission): Promise<{ readonly id: string; readonly name: string; readonly index: ClusterState }>;
  /** Is it the id of a cluster that the viewer may see? */
  maySee(viewer: Viewer, clusterId: string): Promise<boolean>;
}
