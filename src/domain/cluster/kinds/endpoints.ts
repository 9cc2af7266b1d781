import { z } from 'zod';
import { filled, namedMetaSchema, objectReferenceSchema, port, text, transportProtocol } from './fields.js';

const endpointAddressSchema = z.object({ ip: z.string(), hostname: text, nodeName: text, targetRef: objectReferenceSchema.optional() });

/** The older form of EndpointSlice: mirrored into slices, since kube-proxy reads only those. */
export const endpointsSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('Endpoints'), metadata: namedMetaSchema,
  subsets: z.array(z.object({
    addresses: z.array(endpointAddressSchema).optional(), notReadyAddresses: z.array(endpointAddressSchema).optional(),
    ports: z.array(z.object({ name: text, port, protocol: filled(transportProtocol), appProtocol: text })).optional(),
  })).optional(),
}).meta({ id: 'Endpoints', description: 'The older form of EndpointSlice.' });

export type Endpoints = z.infer<typeof endpointsSchema>;
