/** Allocates addresses for Services of type LoadBalancer, as the load balancer controller of a cloud does. */
import { invalidValue } from '../../domain/cluster/api-messages.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ServiceView } from '../../domain/cluster/view.js';
import { cidr, contains, lastHostOf } from '../../domain/values/cidr.js';
import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import { formatIpv4, toIpv4 } from '../../domain/values/ipv4.js';
import type { Findings } from '../admission/findings.js';
import { askedAddress } from './asked-address.js';
import type { AdmissionContext } from '../context.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import type { LoadBalancerIngress, ServiceObject } from '../object-shapes.js';

/**
 * The addresses that the Service states, else the lowest free one, each with the ipMode of the cluster's load balancer. A
 * Service with a loadBalancerClass is served by another load balancer, so it has only the addresses in its status.
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
  stated.forEach(({ ip = '' }, index) => refuseIf(findings, `status.loadBalancer.ingress[${index}].ip`, ip, addressProblem(state, service, ip)));
  const ingress = stated.length > 0 ? stated : isOurs ? askedIngress(state, service, before, context, findings) : waitForAnother(service, findings);
  return ingress.map((entry) => (entry.ip ? { ...entry, ipMode: entry.ipMode ?? ipMode } : entry));
}

const ingressOf = (service: ServiceObject | undefined): readonly LoadBalancerIngress[] => service?.status?.loadBalancer?.ingress ?? [];
const hasIngress = (service: ServiceObject): boolean => ingressOf(service).length > 0;

const refuseIf = (findings: Findings, path: string, ip: string, problem: string | undefined): void => {
  if (problem !== undefined) findings.refuse(path, invalidValue(ip, problem));
};

/**
 * The addresses of a changed `status`, else those that the Service had, unless it now asks for another one. An unchanged
 * status is not a request, since updates usually contain the former one.
 */
function statedIngress(service: ServiceObject, before: ServiceObject | undefined, isOurs: boolean): readonly LoadBalancerIngress[] {
  if (!isOurs) return service.status?.loadBalancer?.ingress ?? ingressOf(before);
  if (hasIngress(service) && !(before && deepEqual(ingressOf(service), ingressOf(before)))) return ingressOf(service);
  const asked = askedAddress(service)?.ip;
  const asksForAnother = asked !== undefined && asked !== (before && askedAddress(before)?.ip);
  return asksForAnother ? [] : ingressOf(before);
}

/**
 * The address that the Service asks for, else the lowest free one. If an annotation asks for an address that is not
 * available, a warning says so, and the Service keeps its former addresses or gets a free one.
 */
function askedIngress(
  state: ClusterState,
  service: ServiceObject,
  before: ServiceObject | undefined,
  context: AdmissionContext,
  findings: Findings,
): readonly LoadBalancerIngress[] {
  const asked = askedAddress(service);
  if (!asked) return allocate(state, context, findings);
  const { ip, annotation } = asked;
  const problem = addressProblem(state, service, ip) ?? (annotation !== null && parseLegacyIpv4(ip) === undefined ? 'is no IPv4 address' : undefined);
  if (annotation === null) refuseIf(findings, 'spec.loadBalancerIP', ip, problem);
  if (annotation === null || problem === undefined) return [{ ip }];
  const former = ingressOf(before);
  const given = former.length > 0 ? former : allocate(state, context, findings);
  findings.warnOf(
    service,
    `annotation ${annotation}: ${JSON.stringify(ip)} ${problem}; it has ${given.map(({ ip: own, ['hostname']: host }) => own ?? String(host)).join(', ') || 'none'} instead`,
  );
  return given;
}

function waitForAnother(service: ServiceObject, findings: Findings): readonly LoadBalancerIngress[] {
  findings.warnOf(
    service,
    `spec.loadBalancerClass ${JSON.stringify(service.spec.loadBalancerClass)} asks for another load balancer than the cluster's: it has no address until its status says one`,
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

/**
 * Why the Service cannot have the address. It must be in the load balancer's ranges, or on the node network, where a
 * program on a node announces it. Services share an address only on certain conditions.
 */
function addressProblem(state: ClusterState, service: ServiceObject, text: string): string | undefined {
  const address = parseLegacyIpv4(text);
  if (address === undefined) return undefined;
  const { nodeCIDR, loadBalancer } = state.settings.underlay;
  const blocks = [loadBalancer.cidr, ...(loadBalancer.furtherCIDRs ?? []), nodeCIDR];
  if (!blocks.some((block) => contains(cidr(block), address))) {
    const needs = 'the cluster needs the setting underlay.loadBalancer.cidr, or one of its furtherCIDRs, to contain it';
    return `is not in the cluster's underlay.loadBalancer.cidr ${loadBalancer.cidr}: ${needs}`;
  }
  const others = state
    .servicesAt(address)
    .filter(({ service: { namespace, name } }) => namespace !== service.metadata.namespace || name !== service.metadata.name);
  const wanted = new Set((service.spec.ports ?? []).map(({ port, protocol = 'TCP' }) => `${protocol}/${port}`));
  const holder = others.find(({ port }) => wanted.has(`${port.protocol}/${port.port}`))?.service;
  if (holder) return `is already the load balancer address of Service ${holder.namespace}/${holder.name} for the same port`;
  const stranger = others.find(({ kind, service: other }) => kind === 'loadBalancer' && !canShare(service, other))?.service;
  const needs = 'both need externalTrafficPolicy Cluster, or the same selector, to share it';
  return stranger && `is already the load balancer address of Service ${stranger.namespace}/${stranger.name}: ${needs}`;
}

/**
 * An address leads to one node for all ports, so Services can share it only if the same nodes can serve them.
 *
 * @source MetalLB `internal/allocator/allocator.go` `sharingOK`, and its documentation on IP address sharing
 */
function canShare({ metadata, spec }: ServiceObject, other: ServiceView): boolean {
  const { externalTrafficPolicy = 'Cluster', selector = {} } = spec;
  if (externalTrafficPolicy === 'Cluster' && other.externalTrafficPolicy === 'Cluster') return true;
  return externalTrafficPolicy === other.externalTrafficPolicy && metadata.namespace === other.namespace && deepEqual(selector, other.selector ?? {});
}
