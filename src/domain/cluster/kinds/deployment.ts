import { z } from 'zod';
import { conditionsSchema, count, filled, flag, intOrPercent, labelSelectorSchema, namedMetaSchema, opaque } from './fields.js';
import { podTemplateSchema } from './pod.js';

export const deploymentSchema = z.object({
  apiVersion: z.literal('apps/v1'), kind: z.literal('Deployment'), metadata: namedMetaSchema,
  spec: z.object({
    replicas: count, selector: labelSelectorSchema, template: podTemplateSchema, minReadySeconds: count, paused: flag, progressDeadlineSeconds: count,
    revisionHistoryLimit: count,
    strategy: z.object({
      type: filled(z.enum(['Recreate', 'RollingUpdate'])),
      rollingUpdate: z.object({ maxSurge: intOrPercent.optional(), maxUnavailable: intOrPercent.optional() }).optional(),
    }).optional(),
  }),
  status: z.object({
    conditions: conditionsSchema, collisionCount: count,
    ...opaque(
      'availableReplicas', 'observedGeneration', 'readyReplicas', 'replicas', 'terminatingReplicas',
      'unavailableReplicas', 'updatedReplicas',
    ),
  }).optional(),
}).meta({ id: 'Deployment', description: 'A number of identical pods.' });

export type Deployment = z.infer<typeof deploymentSchema>;
