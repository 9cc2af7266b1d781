import { z } from 'zod';
import { filled, namedMetaSchema, opaque, texts } from './fields.js';

export const namespaceSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('Namespace'), metadata: namedMetaSchema,
  spec: z.object({ finalizers: texts }).optional(),
  status: z.object({ phase: filled(z.enum(['Active', 'Terminating'])), ...opaque('conditions') }).optional(),
}).meta({ id: 'Namespace', description: 'A scope for names.' });

export type Namespace = z.infer<typeof namespaceSchema>;
