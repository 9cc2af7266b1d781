import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Network, Netns } from '../../domain/datapath/netns.js';
import type { Viewer } from './viewer.js';

/** What a network namespace looks like from inside. */
export interface InsideView {
  readonly netns: Netns;
  readonly network: Network;
  readonly state: ClusterState;
  /** The tables after a stored trace if one was named, else the live ones. */
  readonly tables: { readonly neighbours: readonly object[]; readonly fdb: readonly object[]; readonly conntrack: readonly object[] };
}

/** `id` is `node:<name>` or `pod:<namespace>/<name>`. */
export interface InsideService {
  /** @throws NOT_FOUND */
  look(viewer: Viewer, cluster: string, id: string, trace: string | undefined): Promise<InsideView>;
  /** The tables alone, after a stored trace; also of a node or pod that no longer exists. @throws NOT_FOUND */
  tablesAfter(viewer: Viewer, cluster: string, id: string, trace: string): Promise<InsideView['tables']>;
}
