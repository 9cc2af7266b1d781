/** @source k8s.io/kubernetes `pkg/apis/core/v1`, `SetDefaults_Service` */
import type { Service, ServicePort, ServiceSpec } from '../kinds/service.js';

/** Default timeout of ClientIP affinity, in seconds: three hours. */
export const DEFAULT_AFFINITY_SECONDS = 10_800;

/** The default target port, also for 0 or '', is the port itself. */
const defaultPort = (port: ServicePort): ServicePort => ({ ...port, protocol: port.protocol ?? 'TCP', targetPort: port.targetPort || port.port });

/** `clusterIP` and the first of `clusterIPs` are the same: whichever is missing is taken from the other. */
function defaultClusterIPs({ clusterIP, clusterIPs }: ServiceSpec): Pick<ServiceSpec, 'clusterIP' | 'clusterIPs'> {
  if (clusterIP !== undefined && clusterIP !== '') {
    return { clusterIP, clusterIPs: clusterIPs !== undefined && clusterIPs.length > 0 ? clusterIPs : [clusterIP] };
  }
  const first = clusterIPs?.[0];
  return first === undefined ? {} : { clusterIP: first };
}

function defaultSpec(spec: ServiceSpec): ServiceSpec {
  const type = spec.type ?? 'ClusterIP';
  const sessionAffinity = spec.sessionAffinity ?? 'None';
  const virtual = type !== 'ExternalName';
  const external = type === 'NodePort' || type === 'LoadBalancer' || (virtual && (spec.externalIPs ?? []).length > 0);
  const { sessionAffinityConfig, ...rest } = spec;
  return {
    ...(virtual && { internalTrafficPolicy: 'Cluster' }),
    ...(external && { externalTrafficPolicy: 'Cluster' }),
    ...(type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: true }),
    ...rest,
    ...(virtual && defaultClusterIPs(spec)),
    ...(spec.ports && { ports: spec.ports.map(defaultPort) }),
    ...(sessionAffinity === 'ClientIP' && {
      sessionAffinityConfig: { clientIP: { timeoutSeconds: sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS } },
    }),
    sessionAffinity,
    type,
  };
}

/** The default `ipMode` of a load balancer's address is VIP. */
function defaultStatus(status: Service['status']): NonNullable<Service['status']> {
  const ingress = status?.loadBalancer?.ingress;
  if (!ingress) return { loadBalancer: {}, ...status };
  return {
    ...status,
    loadBalancer: {
      ...status.loadBalancer,
      ingress: ingress.map((entry) => (entry.ip === undefined ? entry : { ...entry, ipMode: entry.ipMode ?? 'VIP' })),
    },
  };
}

export const defaultService = (service: Service): Service => ({ ...service, spec: defaultSpec(service.spec), status: defaultStatus(service.status) });
