import type { Cidr } from '../../values/cidr.js';
import { parseLegacyCidr, parseLegacyIpv4 } from '../legacy-address.js';
import type { Ipv4 } from '../../values/ipv4.js';
import type { ServiceFacts } from '../facts.js';
import type { Service, ServiceSpec } from '../kinds/service.js';
import type { ObjectMeta } from '../objects.js';
import type { ServicePortView } from '../view.js';
import { DEFAULT_AFFINITY_SECONDS } from '../defaults/service-defaults.js';
import { restrictingAnnotations } from './cloud-annotations.js';
import { labelsOf } from './meta-facts.js';
import { isLabelledHeadless, proxyNameOf } from './proxy-labels.js';

/** Only IPv4: the other addresses of a dual-stack dump are not modelled. */
const ipv4sOf = (addresses: readonly string[] | undefined): readonly Ipv4[] =>
  (addresses ?? []).map(parseLegacyIpv4).filter((address) => address !== undefined);
const cidrsOf = (blocks: readonly string[] | undefined): readonly Cidr[] =>
  (blocks ?? []).map((block) => parseLegacyCidr(block.trim())).filter((block) => block !== undefined);

/**
 * Node ports of an ExternalName Service are accepted, but have no effect.
 *
 * @source kubernetes/kubernetes pkg/registry/core/service/storage `txnAllocNodePorts`
 */
const portsOf = (spec: ServiceSpec): readonly ServicePortView[] =>
  (spec.ports ?? []).map(({ name = '', protocol = 'TCP', port, targetPort, nodePort = 0, appProtocol }) => ({
    name, protocol, port, targetPort: targetPort || port, nodePort: spec.type === 'ExternalName' ? 0 : nodePort,
    ...(appProtocol !== undefined && { appProtocol }),
  }));

function ingressOf(service: Service): ServiceFacts['loadBalancerIngress'] {
  return (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode = 'VIP' }) => {
    const address = ip === undefined ? undefined : parseLegacyIpv4(ip);
    return address === undefined ? [] : [{ ip: address, ipMode }];
  });
}

/** Do the annotations ask for topology hints? @source kubernetes/kubernetes staging/src/k8s.io/endpointslice `hintsEnabled` */
function hasTopologyHints(annotations: ObjectMeta['annotations'] = {}): boolean {
  const mode = annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode'];
  return mode === 'Auto' || mode === 'auto';
}

/** An empty selector selects nothing, like a missing one. */
const selectorOf = ({ selector }: ServiceSpec): ServiceFacts['selector'] => (selector && Object.keys(selector).length > 0 ? selector : null);

export function extractServiceFacts(service: Service, metadata: ObjectMeta, ordinal: number): ServiceFacts {
  const { spec } = service;
  const type = spec.type ?? 'ClusterIP';
  const virtual = type !== 'ExternalName';
  const restricting = type === 'LoadBalancer' ? restrictingAnnotations(metadata) : [];
  return {
    kind: 'Service',
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    uid: metadata.uid ?? '',
    labels: labelsOf(metadata),
    type,
    clusterIP: virtual ? (parseLegacyIpv4(spec.clusterIP ?? '') ?? null) : null,
    headless: virtual && spec.clusterIP === 'None',
    externalName: virtual ? null : (spec.externalName ?? null),
    ports: portsOf(spec),
    selector: virtual ? selectorOf(spec) : null,
    externalIPs: ipv4sOf(spec.externalIPs),
    loadBalancerIngress: type === 'LoadBalancer' ? ingressOf(service) : [],
    loadBalancerSourceRanges: cidrsOf(spec.loadBalancerSourceRanges),
    ...(restricting.length > 0 && { restrictedBy: restricting }),
    internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
    healthCheckNodePort: spec.healthCheckNodePort ?? 0,
    sessionAffinitySeconds: spec.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS) : null,
    publishNotReadyAddresses: spec.publishNotReadyAddresses === true,
    trafficDistribution: spec.trafficDistribution ?? null,
    topologyHints: hasTopologyHints(metadata.annotations),
    proxyName: proxyNameOf(metadata.labels ?? {}),
    labelledHeadless: isLabelledHeadless(metadata.labels ?? {}),
    ordinal,
  };
}
