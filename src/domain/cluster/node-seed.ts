/** A requested node: an entry in the list of a new cluster, or a node's shorthand. */
import type { NodeSeedInput } from './cluster-settings-schema.js';
import { encodeNodeWiring, PLAIN_WIRING } from './node-wiring.js';
import type { KubeObject } from './objects.js';
import type { ExtraRoute, NodeWiring } from './settings.js';

export interface NodeSeed {
  readonly name: string;
  /** `null`: the lowest free one is allocated. */
  readonly internalIP: string | null;
  /** `null`: the lowest free one is allocated. */
  readonly podCIDR: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly wiring: NodeWiring;
}

export const extraRoutes = (routes: NodeSeedInput['routes']): readonly ExtraRoute[] =>
  (routes ?? []).map(({ to, via, src }) => (src === undefined ? { to, via } : { to, via, src }));

export const completeNodeSeed = (input: NodeSeedInput): NodeSeed => ({
  name: input.name,
  internalIP: input.internalIP ?? null,
  podCIDR: input.podCIDR ?? null,
  labels: input.labels ?? {},
  wiring: {
    addresses: input.addresses ?? PLAIN_WIRING.addresses,
    routes: extraRoutes(input.routes),
    forwardPolicy: input.forwardPolicy ?? PLAIN_WIRING.forwardPolicy,
    announces: input.announces ?? PLAIN_WIRING.announces,
  },
});

/** The node's object, without addresses that are still to be allocated. */
export function nodeFromSeed({ name, internalIP, podCIDR, labels, wiring }: NodeSeed): KubeObject {
  const annotations = encodeNodeWiring(wiring);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, ...(Object.keys(labels).length > 0 && { labels }), ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: podCIDR === null ? {} : { podCIDR, podCIDRs: [podCIDR] },
    status: internalIP === null ? {} : { addresses: [{ type: 'InternalIP', address: internalIP }, { type: 'Hostname', address: name }] },
  };
}
