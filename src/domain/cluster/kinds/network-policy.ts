import { z } from 'zod';
import { labelSelectorSchema, namedMetaSchema } from './fields.js';

/** Stored, and checked only at the top and where it selects pods. */
export const networkPolicySchema = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'), kind: z.literal('NetworkPolicy'), metadata: namedMetaSchema,
  spec: z.object({
    podSelector: labelSelectorSchema.optional(), policyTypes: z.array(z.enum(['Egress', 'Ingress'])).optional(),
    ingress: z.array(z.unknown()).optional(), egress: z.array(z.unknown()).optional(),
  }).optional(),
  status: z.unknown().optional(),
}).meta({ id: 'NetworkPolicy', description: 'Which traffic the selected pods may send and receive.' });

export type NetworkPolicy = z.infer<typeof networkPolicySchema>;
