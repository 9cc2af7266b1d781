import { nodesWithReadyEndpoint } from '../../../compile/kube-proxy/nodes-with-ready-endpoint.js';
import type { ClusterView } from '../../../domain/cluster/view.js';

export interface HealthCheckAnswer {
  readonly status: 200 | 503;
  readonly notes: readonly string[];
}

/**
 * kube-proxy's answer to a load balancer's health check, for any path: 200 if there is a ready endpoint on the node, else 503.
 *
 * @returns `undefined` if the port is no health check's
 * @source Kubernetes `pkg/proxy/healthcheck/service_health.go` `ServeHTTP`
 */
export function answerHealthCheck(view: ClusterView, netns: string, port: number): HealthCheckAnswer | undefined {
  const node = /^node:(.*)/.exec(netns)?.[1];
  const service = node === undefined ? undefined : view.serviceByHealthCheckNodePort(port);
  if (node === undefined || !service) return undefined;
  if (nodesWithReadyEndpoint(view, service).has(node)) return { status: 200, notes: [] };
  return {
    status: 503,
    notes: [`kube-proxy answers the health check with 503, because Service ${service.namespace}/${service.name} has no ready endpoint on ${node}`],
  };
}
