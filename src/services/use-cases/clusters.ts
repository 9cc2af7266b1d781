import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { WriteOptions } from './objects.js';
import type { Viewer } from './viewer.js';

export interface ClusterSummary {
  readonly id: string;
  readonly owner: string;
  readonly revision: number;
  /** RFC 3339 */
  readonly createdAt: string;
  readonly settings: ClusterSettings;
  /** Stored objects of each kind; `others` are those of all further kinds together. */
  readonly counts: {
    readonly nodes: number;
    readonly namespaces: number;
    readonly pods: number;
    readonly services: number;
    readonly endpointslices: number;
    readonly deployments: number;
    readonly others: number;
  };
}

/** `cluster` is always an id or a name. */
export interface ClusterService {
  /** @param input the settings; what they leave out has the documented default */
  create(viewer: Viewer, input: unknown): Promise<ClusterSummary>;
  list(viewer: Viewer): Promise<readonly ClusterSummary[]>;
  /** @throws NOT_FOUND with the nearest name. */
  get(viewer: Viewer, cluster: string): Promise<ClusterSummary>;
  /** @param patch a JSON merge patch of the settings */
  patch(viewer: Viewer, cluster: string, patch: unknown, options?: WriteOptions): Promise<ClusterSummary>;
  delete(viewer: Viewer, cluster: string, options?: WriteOptions): Promise<void>;
}
