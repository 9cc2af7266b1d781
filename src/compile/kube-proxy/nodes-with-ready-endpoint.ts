import type { ClusterView, ServiceView } from '../../domain/cluster/view.js';

/** Where a health check of the service finds a ready endpoint, of whichever port. `null` stands for endpoints without a node. */
export function nodesWithReadyEndpoint(view: ClusterView, service: ServiceView): ReadonlySet<string | null> {
  const nodes = new Set<string | null>();
  for (const port of service.ports) for (const endpoint of view.watchedEndpoints(service, port)) if (endpoint.ready) nodes.add(endpoint.node);
  return nodes;
}
