import { z } from 'zod';
import { flag, namedMetaSchema, objectReferenceSchema, portOrZero, stringMap, text, transportProtocol } from './fields.js';

const endpointSchema = z.object({
  addresses: z.array(z.string()),
  conditions: z.object({ ready: flag, serving: flag, terminating: flag }).optional(),
  hints: z.object({ forZones: z.array(z.object({ name: z.string() })).optional(), forNodes: z.array(z.object({ name: z.string() })).optional() }).optional(),
  hostname: text, nodeName: text, zone: text, targetRef: objectReferenceSchema.optional(), deprecatedTopology: stringMap,
}).meta({ id: 'Endpoint', description: 'One destination of a Service; kube-proxy uses its first address.' });

export const endpointSliceSchema = z.object({
  apiVersion: z.literal('discovery.k8s.io/v1'), kind: z.literal('EndpointSlice'), metadata: namedMetaSchema,
  addressType: z.enum(['FQDN', 'IPv4', 'IPv6']),
  // The API server reads `endpoints: null` as an empty list.
  endpoints: z.array(endpointSchema).optional(),
  ports: z.array(z.object({ name: text, protocol: transportProtocol.optional(), port: portOrZero.optional(), appProtocol: text })).optional(),
}).meta({ id: 'EndpointSlice', description: 'Destinations of the Service that the label kubernetes.io/service-name names.' });

export type EndpointSlice = z.infer<typeof endpointSliceSchema>;
