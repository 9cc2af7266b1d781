import { forbidden, invalidValue } from '../../domain/cluster/api-messages.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import type { Findings } from '../admission/findings.js';
import type { AdmissionContext } from '../context.js';
import type { ServiceObject, ServicePort, ServiceSpec } from '../object-shapes.js';
import { allocateClusterIP, checkClusterIP } from './cluster-ip-allocator.js';
import { withIpFamilies } from './ip-families.js';
import { admitIngress } from './load-balancer-allocator.js';
import { NodePortAllocator } from './node-port-allocator.js';
import { serviceWarnings } from './service-warnings.js';
import { dropTypeDependentFields, mayHaveHealthCheck, needsClusterIP } from './type-dependent-fields.js';

/**
 * Fills in what the API server's allocators and the cloud set: cluster IP, node ports and load balancer address. Refuses
 * what is invalid in this cluster.
 */
export function admitService(
  state: ClusterState,
  input: ServiceObject,
  before: ServiceObject | undefined,
  context: AdmissionContext,
  findings: Findings,
): ServiceObject {
  const service = before ? dropTypeDependentFields(input, before) : input;
  if (before) checkServiceUpdate(service.spec, before.spec, findings);
  const addressed = withIpFamilies(withClusterIP(state, service, before, context, findings), before?.spec, findings);
  const spec = withPorts(state, addressed, service, before, context, findings);
  findings.warnOf(service, ...serviceWarnings(service));
  if (before) releaseFormer(before, spec, context);
  const complete: ServiceObject = { ...service, spec };
  const ingress = spec.type === 'LoadBalancer' ? admitIngress(state, complete, before, context, findings) : [];
  const loadBalancer = ingress.length > 0 ? { ingress } : {};
  return { ...complete, status: { ...before?.status, ...service.status, loadBalancer } };
}

/** @source kubernetes/kubernetes pkg/apis/core/validation `ValidateServiceUpdate` */
function checkServiceUpdate(spec: ServiceSpec, before: ServiceSpec, findings: Findings): void {
  const isBalanced = spec.type === 'LoadBalancer' && before.type === 'LoadBalancer';
  if (isBalanced && spec.loadBalancerClass !== before.loadBalancerClass) {
    findings.refuse('spec.loadBalancerClass', invalidValue(spec.loadBalancerClass ?? null, 'may not change once set'));
  }
  const { healthCheckNodePort } = spec;
  const isRenumbered = healthCheckNodePort && before.healthCheckNodePort && healthCheckNodePort !== before.healthCheckNodePort;
  if (isRenumbered && mayHaveHealthCheck(spec) && mayHaveHealthCheck(before)) {
    findings.refuse('spec.healthCheckNodePort', forbidden('field is immutable'));
  }
}

/** @source kubernetes/kubernetes pkg/registry/core/service/storage `patchAllocatedValues`, `allocClusterIPs` */
function withClusterIP(
  state: ClusterState,
  { metadata, spec }: ServiceObject,
  before: ServiceObject | undefined,
  context: AdmissionContext,
  findings: Findings,
): ServiceSpec {
  if (!needsClusterIP(spec)) return spec;
  const stated = spec.clusterIP || spec.clusterIPs?.[0];
  const previous = before && needsClusterIP(before.spec) ? before.spec.clusterIP : undefined;
  if (previous && stated && stated !== previous) {
    findings.refuse('spec.clusterIPs[0]', invalidValue([stated], `may not change once set (it is ${previous})`));
    return spec;
  }
  if (stated && stated !== 'None' && stated !== previous) checkClusterIP(state, metadata.namespace ?? '', metadata.name, stated, findings);
  const clusterIP = stated || previous || allocateClusterIP(state, context.allocations, findings);
  if (!clusterIP) return spec;
  // If the update itself states "None", its validation has already reported this.
  if (clusterIP === 'None' && !stated && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) {
    findings.refuse('spec.clusterIPs[0]', invalidValue('None', `may not be set to 'None' for ${spec.type} services`));
  }
  const others = (spec.clusterIPs ?? (stated ? [] : before?.spec.clusterIPs))?.slice(1) ?? [];
  return { ...spec, clusterIP, clusterIPs: [clusterIP, ...others] };
}

function withPorts(
  state: ClusterState,
  spec: ServiceSpec,
  { metadata }: ServiceObject,
  before: ServiceObject | undefined,
  context: AdmissionContext,
  findings: Findings,
): ServiceSpec {
  const takesNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (!takesNodePorts) return spec;
  const allocator = new NodePortAllocator(state, context.allocations, { namespace: metadata.namespace ?? '', name: metadata.name }, findings);
  const ports = keepNodePorts(spec.ports ?? [], before?.spec.ports ?? []);
  const allocates = spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
  const assigned = before ? allocator.reassign(ports, allocates) : allocator.assign(ports, allocates);
  const withNodePorts: ServiceSpec = { ...spec, ports: assigned };
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') return withNodePorts;
  const stated = spec.healthCheckNodePort || before?.spec.healthCheckNodePort;
  if (stated) allocator.claim(stated, 'spec.healthCheckNodePort');
  const healthCheckNodePort = stated || allocator.next('spec.healthCheckNodePort');
  return healthCheckNodePort ? { ...withNodePorts, healthCheckNodePort } : withNodePorts;
}

/** A port without a node port keeps that of the former port with the same name. */
function keepNodePorts(ports: readonly ServicePort[], previous: readonly ServicePort[]): readonly ServicePort[] {
  if (previous.length === 0) return ports;
  const used = new Set(ports.map(({ nodePort }) => nodePort));
  return ports.map((port) => {
    if (port.nodePort) return port;
    const kept = previous.find(({ name = '' }) => name === (port.name ?? ''))?.nodePort;
    if (!kept || used.has(kept)) return port;
    used.add(kept);
    return { ...port, nodePort: kept };
  });
}

/** Releases what the Service no longer has after this update, so that later documents of the request can get it. */
function releaseFormer(before: ServiceObject, spec: ServiceSpec, { allocations }: AdmissionContext): void {
  const clusterIP = parseLegacyIpv4(before.spec.clusterIP ?? '');
  if (clusterIP !== undefined && before.spec.clusterIP !== spec.clusterIP) allocations.clusterIPs.release(clusterIP);
  const kept = new Set([spec.healthCheckNodePort, ...(spec.ports ?? []).map(({ nodePort }) => nodePort)]);
  const former = [before.spec.healthCheckNodePort, ...(before.spec.ports ?? []).map(({ nodePort }) => nodePort)];
  for (const nodePort of former) {
    if (nodePort && !kept.has(nodePort)) allocations.nodePorts.release(nodePort);
  }
  if (spec.type === 'LoadBalancer') return;
  for (const { ip } of before.status?.loadBalancer?.ingress ?? []) {
    const address = parseLegacyIpv4(ip ?? '');
    if (address !== undefined) allocations.loadBalancerIPs.release(address);
  }
}
