import { z } from 'zod';
import { namedMetaSchema, opaque, text } from './fields.js';

/** Stored, and checked only at the top. */
export const ingressSchema = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'), kind: z.literal('Ingress'), metadata: namedMetaSchema,
  spec: z.object({
    ingressClassName: text, ...opaque('defaultBackend'), rules: z.array(z.unknown()).optional(), tls: z.array(z.unknown()).optional(),
  }).optional(),
  status: z.object({ ...opaque('loadBalancer') }).optional(),
}).meta({ id: 'Ingress', description: 'HTTP routing by host and path.' });
