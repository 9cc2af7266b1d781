import { z } from 'zod';
import { filled, flag, integer, intOrString, namedMetaSchema, opaque, port, portOrZero, stringMap, text, texts, transportProtocol } from './fields.js';

const servicePortSchema = z.object({
  name: text, protocol: filled(transportProtocol), appProtocol: text, port, targetPort: intOrString.optional(), nodePort: portOrZero.optional(),
}).meta({ id: 'ServicePort', description: 'A port of the virtual IP, and the port of the pods that it leads to.' });

const ipFamily = z.enum(['IPv4', 'IPv6']);
const trafficPolicy = z.enum(['Cluster', 'Local']);

const serviceSpecSchema = z
  .object({
    type: filled(z.enum(['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])),
    selector: stringMap,
    ports: z.array(servicePortSchema).optional(),
    clusterIP: text,
    clusterIPs: texts,
    ipFamilies: z.array(ipFamily).optional(),
    ipFamilyPolicy: z.enum(['PreferDualStack', 'RequireDualStack', 'SingleStack']).optional(),
    externalIPs: texts,
    externalName: text,
    externalTrafficPolicy: filled(trafficPolicy),
    internalTrafficPolicy: trafficPolicy.optional(),
    healthCheckNodePort: portOrZero.optional(),
    loadBalancerIP: text,
    loadBalancerClass: text,
    loadBalancerSourceRanges: texts,
    allocateLoadBalancerNodePorts: flag,
    sessionAffinity: filled(z.enum(['ClientIP', 'None'])),
    sessionAffinityConfig: z.object({ clientIP: z.object({ timeoutSeconds: integer }).optional() }).optional(),
    publishNotReadyAddresses: flag,
    trafficDistribution: z.enum(['PreferClose', 'PreferSameNode', 'PreferSameZone']).optional(),
    ...opaque('topologyKeys', 'ipFamily'),
  })
  .meta({ id: 'ServiceSpec', description: 'A virtual IP in front of the pods that `selector` selects.' });

const serviceStatusSchema = z.object({
  loadBalancer: z.object({
    ingress: z.array(z.object({ ip: text, ipMode: z.enum(['Proxy', 'VIP']).optional(), hostname: text, ...opaque('ports') })).optional(),
  }).optional(),
  ...opaque('conditions'),
}).meta({ id: 'ServiceStatus', description: 'The addresses of the load balancer.' });

export const serviceSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('Service'), metadata: namedMetaSchema, spec: serviceSpecSchema, status: serviceStatusSchema.optional(),
}).meta({ id: 'Service', description: 'A stable name and address for a changing set of pods.' });

export type ServicePort = z.infer<typeof servicePortSchema>;
export type ServiceSpec = z.infer<typeof serviceSpecSchema>;
export type Service = z.infer<typeof serviceSchema>;
