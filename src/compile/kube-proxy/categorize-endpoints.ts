import type { EndpointView, NodeView, ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import { ZONE_LABEL } from '../../domain/cluster/zone-label.js';
import { usesClusterEndpoints, usesLocalEndpoints } from './service-traffic.js';

export interface CategorizedEndpoints {
  /** For traffic policy Cluster; `null` where the service never uses it. */
  readonly cluster: readonly EndpointView[] | null;
  /** For traffic policy Local; `null` where the service never uses it. */
  readonly local: readonly EndpointView[] | null;
  /** The union of `cluster` and `local`, in the order of the input. */
  readonly reachable: readonly EndpointView[];
  /** Is there a usable endpoint anywhere, this node's or not? */
  readonly hasAny: boolean;
  /** Which hints narrowed the cluster's endpoints. */
  readonly topology: Topology;
}

export type Topology = 'NONE' | 'SAME_NODE' | 'SAME_ZONE';

const NO_ENDPOINTS: readonly EndpointView[] = [];

/**
 * Decides which endpoints of a service port a node uses. These are the ready endpoints or, if there are none, those that
 * are serving while they terminate; this is decided separately for the policies Cluster and Local. Topology hints apply
 * only if every ready endpoint has one and at least one is for this node or its zone.
 *
 * @source Kubernetes `pkg/proxy/topology.go` `CategorizeEndpoints` (with PreferSameTrafficDistribution, on since 1.34)
 */
export function categorizeEndpoints(endpoints: readonly EndpointView[], service: ServiceView, port: ServicePortView, node: NodeView): CategorizedEndpoints {
  const wantsCluster = usesClusterEndpoints(service, port);
  const wantsLocal = usesLocalEndpoints(service, port);
  if (endpoints.length === 0) {
    return { cluster: wantsCluster ? NO_ENDPOINTS : null, local: wantsLocal ? NO_ENDPOINTS : null, reachable: NO_ENDPOINTS, hasAny: false, topology: 'NONE' };
  }
  const zone = node.labels[ZONE_LABEL] ?? '';
  const topology = wantsCluster ? topologyOf(endpoints, node.name, zone) : 'NONE';
  const cluster = wantsCluster ? clusterEndpoints(endpoints, topology, node.name, zone) : null;
  if (!wantsLocal) {
    const reachable = cluster ?? NO_ENDPOINTS;
    return { cluster, local: null, reachable, hasAny: reachable.length > 0, topology };
  }
  const local = readyElseServing(endpoints.filter((endpoint) => endpoint.node === node.name));
  const hasAny = endpoints.some((endpoint) => endpoint.ready || isServingTerminating(endpoint));
  const reachable = cluster === null ? local : endpoints.filter((endpoint) => cluster.includes(endpoint) || local.includes(endpoint));
  return { cluster, local, reachable, hasAny, topology };
}

const isServingTerminating = ({ serving, terminating }: EndpointView): boolean => serving && terminating;

function readyElseServing(endpoints: readonly EndpointView[]): readonly EndpointView[] {
  const ready = filterReady(endpoints);
  return ready.length > 0 ? ready : endpoints.filter(isServingTerminating);
}

/** Returns the list itself if all are ready, the usual case. */
const filterReady = (endpoints: readonly EndpointView[]): readonly EndpointView[] =>
  endpoints.every(({ ready }) => ready) ? endpoints : endpoints.filter(({ ready }) => ready);

function clusterEndpoints(endpoints: readonly EndpointView[], topology: Topology, node: string, zone: string): readonly EndpointView[] {
  switch (topology) {
    case 'NONE': return readyElseServing(endpoints);
    case 'SAME_NODE': return endpoints.filter(({ ready, nodeHints }) => ready && nodeHints.includes(node));
    case 'SAME_ZONE': return endpoints.filter(({ ready, zoneHints }) => ready && zoneHints.includes(zone));
  }
}

function topologyOf(endpoints: readonly EndpointView[], node: string, zone: string): Topology {
  let [allForNodes, allForZones, forNode, forZone] = [true, true, false, false];
  for (const { ready, nodeHints, zoneHints } of endpoints) {
    if (!ready) continue;
    if (nodeHints.length === 0) allForNodes = false;
    else if (nodeHints.includes(node)) forNode = true;
    if (zoneHints.length === 0) allForZones = false;
    else if (zoneHints.includes(zone)) forZone = true;
  }
  return allForNodes && forNode ? 'SAME_NODE' : allForZones && forZone ? 'SAME_ZONE' : 'NONE';
}
