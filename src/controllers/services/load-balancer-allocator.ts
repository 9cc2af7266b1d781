/** What a cloud's load balancer controller does: an address for every Service of type LoadBalancer that wants the cloud's. */
import { invalidValue } from '../../domain/cluster/api-messages.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ServiceView } from '../../domain/cluster/view.js';
import { cidr, contains, lastHostOf } from '../../domain/values/cidr.js';
import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import { formatIpv4, toIpv4 } from '../../domain/values/ipv4.js';
import type { Findings } from '../admission/findings.js';
import type { AdmissionContext } from '../context.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import type { LoadBalancerIngress, ServiceObject } from '../object-shapes.js';

/**
 * Addresses that the service states, or the lowest free one; each with the mode that the cluster's load balancer has.
 * One of a class is another load balancer's to serve: it has what its status says, be it nothing.
 *
 * @source kubernetes/kubernetes staging/src/k8s.io/cloud-provider/controllers/service `wantsLoadBalancer`
 */
export function admitIngress(
  state: ClusterState,
  service: ServiceObject,
  before: ServiceObject | undefined,
  context: AdmissionContext,
  findings: Findings,
): readonly LoadBalancerIngress[] {
  const isOurs = service.spec.loadBalancerClass === undefined;
  const ipMode = isOurs ? state.settings.underlay.loadBalancer.ipMode : 'VIP';
  const stated = statedIngress(service, before, isOurs);
  const ingress = stated.length > 0 ? stated : isOurs ? allocate(state, context, findings) : waitForAnother(service, findings);
  const isFromSpec = stated === ingress && !hasIngress(service);
  ingress.forEach(({ ip }, index) => {
    const path = isFromSpec ? 'spec.loadBalancerIP' : `status.loadBalancer.ingress[${index}].ip`;
    if (ip) checkAddress(state, service, ip, path, findings);
  });
  return ingress.map((entry) => (entry.ip ? { ...entry, ipMode: entry.ipMode ?? ipMode } : entry));
}

const ingressOf = (service: ServiceObject | undefined): readonly LoadBalancerIngress[] => service?.status?.loadBalancer?.ingress ?? [];
const hasIngress = (service: ServiceObject): boolean => ingressOf(service).length > 0;

/** `status` first, then what the service had, then the field by which an address of the cloud's is asked for. */
function statedIngress(service: ServiceObject, before: ServiceObject | undefined, isOurs: boolean): readonly LoadBalancerIngress[] {
  const { loadBalancerIP } = service.spec;
  if (!isOurs) return service.status?.loadBalancer?.ingress ?? ingressOf(before);
  if (hasIngress(service)) return ingressOf(service);
  const asksForAnother = Boolean(loadBalancerIP) && loadBalancerIP !== before?.spec.loadBalancerIP;
  if (!asksForAnother && before && hasIngress(before)) return ingressOf(before);
  return loadBalancerIP ? [{ ip: loadBalancerIP }] : [];
}

function waitForAnother({ metadata, spec }: ServiceObject, findings: Findings): readonly LoadBalancerIngress[] {
  findings.warn(
    `Service ${metadata.namespace}/${metadata.name}: spec.loadBalancerClass ${JSON.stringify(spec.loadBalancerClass)} asks for another load balancer than the cluster's: it has no address until its status says one`,
  );
  return [];
}

function allocate(state: ClusterState, { allocations }: AdmissionContext, findings: Findings): readonly LoadBalancerIngress[] {
  const range = state.settings.underlay.loadBalancer.cidr;
  const block = cidr(range);
  const isTaken = (candidate: number): boolean => allocations.reservedAddresses.has(candidate) || state.servicesAt(toIpv4(candidate)).length > 0;
  const found = allocations.loadBalancerIPs.next(block.base + 1, lastHostOf(block), isTaken);
  if (found !== null) return [{ ip: formatIpv4(toIpv4(found)) }];
  findings.refuse('status.loadBalancer.ingress', `no load balancer address is free: all of the cluster's underlay.loadBalancer.cidr ${range} are taken`);
  return [];
}

/** An address of the load balancer's own range, or one of the node network that a program on a node announces. */
function checkAddress(state: ClusterState, service: ServiceObject, text: string, path: string, findings: Findings): void {
  const address = parseLegacyIpv4(text);
  if (address === undefined) return;
  const { nodeCIDR, loadBalancer } = state.settings.underlay;
  const blocks = [loadBalancer.cidr, ...(loadBalancer.furtherCIDRs ?? []), nodeCIDR];
  if (!blocks.some((block) => contains(cidr(block), address))) {
    const needs = 'the cluster needs the setting underlay.loadBalancer.cidr, or one of its furtherCIDRs, to contain it';
    findings.refuse(path, invalidValue(text, `is not in the cluster's underlay.loadBalancer.cidr ${loadBalancer.cidr}: ${needs}`));
    return;
  }
  const others = state
    .servicesAt(address)
    .filter(({ service: { namespace, name } }) => namespace !== service.metadata.namespace || name !== service.metadata.name);
  const wanted = new Set((service.spec.ports ?? []).map(({ port, protocol = 'TCP' }) => `${protocol}/${port}`));
  const holder = others.find(({ port }) => wanted.has(`${port.protocol}/${port.port}`))?.service;
  const stranger = others.find(({ kind, service: other }) => kind === 'loadBalancer' && !canShare(service, other))?.service;
  if (holder) findings.refuse(path, invalidValue(text, `is already the load balancer address of Service ${holder.namespace}/${holder.name} for the same port`));
  else if (stranger) {
    const needs = 'both need externalTrafficPolicy Cluster, or the same selector, to share it';
    findings.refuse(path, invalidValue(text, `is already the load balancer address of Service ${stranger.namespace}/${stranger.name}: ${needs}`));
  }
}

/**
 * An address leads to one node whatever the port, so that services share it only where the same nodes will do.
 *
 * @source MetalLB `internal/allocator/allocator.go` `sharingOK`, and its documentation on IP address sharing
 */
function canShare({ metadata, spec }: ServiceObject, other: ServiceView): boolean {
  const { externalTrafficPolicy = 'Cluster', selector = {} } = spec;
  if (externalTrafficPolicy === 'Cluster' && other.externalTrafficPolicy === 'Cluster') return true;
  return externalTrafficPolicy === other.externalTrafficPolicy && metadata.namespace === other.namespace && deepEqual(selector, other.selector ?? {});
}
