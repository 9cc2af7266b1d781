import type { NodeWiring } from '../domain/cluster/settings.js';

/** A node as a new cluster is asked for it. */
export interface NodeSeed extends Partial<NodeWiring> {
  readonly name: string;
  readonly internalIP?: string;
  readonly podCIDR?: string;
  readonly labels?: Readonly<Record<string, string>>;
}
