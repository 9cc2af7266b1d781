import type { ClusterView } from '../../../domain/cluster/view.js';
import { isProxiedService } from '../service-traffic.js';

const THRESHOLD = 1000;

const known = new WeakMap<ClusterView, { readonly revision: number; readonly isLarge: boolean }>();

/**
 * Has the cluster so many endpoints that kube-proxy omits the comments of the rules for them? Endpoints are counted once for
 * each service port, whether they are usable or not.
 *
 * @source Kubernetes `pkg/proxy/iptables/proxier.go` `largeClusterEndpointsThreshold`, `appendServiceCommentLocked`
 */
export function isLargeCluster(view: ClusterView): boolean {
  let answer = known.get(view);
  if (answer?.revision !== view.revision) {
    answer = { revision: view.revision, isLarge: hasMoreThan(view, THRESHOLD) };
    known.set(view, answer);
  }
  return answer.isLarge;
}

function hasMoreThan(view: ClusterView, limit: number): boolean {
  if (view.mostWatchedEndpoints() <= limit) return false; // a cluster of many services and few endpoints: they need not be looked through
  let count = 0;
  for (const service of view.allServices()) {
    if (!isProxiedService(service)) continue;
    for (const port of service.ports) count += view.watchedEndpoints(service, port).length;
    if (count > limit) return true;
  }
  return false;
}
