/**
 * The connections that kube-proxy deletes when endpoints change: UDP connections of a Service that were translated to an
 * endpoint which no longer serves. TCP and SCTP connections stay, as do those of a Service without any serving endpoint.
 *
 * @source Kubernetes `pkg/proxy/conntrack/cleanup.go` `CleanStaleEntries`
 */
import type { ClusterView, ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import type { ConntrackEntry } from '../../domain/datapath/conntrack.js';
import { isProxiedService, loadBalancerVips } from './service-traffic.js';

export function isStaleConnection(view: ClusterView, { original, reply }: ConntrackEntry): boolean {
  if (original.protocol !== 'UDP') return false;
  const { destination, destinationPort } = original;
  const isStaleFor = (service: ServiceView, port: ServicePortView): boolean => {
    if (!isProxiedService(service)) return false;
    const serving = view.watchedEndpoints(service, port).filter((endpoint) => endpoint.serving);
    return serving.length > 0 && !serving.some((endpoint) => endpoint.ip === reply.source && endpoint.port === reply.sourcePort);
  };
  const atAddress = view.servicesAt(destination).some(({ service, port, kind }) =>
    port.port === destinationPort &&
    port.protocol === 'UDP' &&
    (kind !== 'loadBalancer' || loadBalancerVips(service).includes(destination)) &&
    isStaleFor(service, port));
  if (atAddress) return true;
  // Whatever the address: kube-proxy compares only the port.
  const byNodePort = view.serviceByNodePort('UDP', destinationPort);
  return byNodePort !== undefined && isStaleFor(byNodePort.service, byNodePort.port);
}
