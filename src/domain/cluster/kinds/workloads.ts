/** The other owners of pods: typed as far as they own pods, so that the pods of a dump keep their owners. */
import { z } from 'zod';
import { count, labelSelectorSchema, namedMetaSchema, opaque } from './fields.js';
import { podTemplateSchema } from './pod.js';

const status = z.record(z.string(), z.unknown()).optional();

export const replicaSetSchema = z.object({
  apiVersion: z.literal('apps/v1'), kind: z.literal('ReplicaSet'), metadata: namedMetaSchema, status,
  spec: z.object({ replicas: count, selector: labelSelectorSchema, template: podTemplateSchema.optional(), minReadySeconds: count }),
}).meta({ id: 'ReplicaSet', description: 'One generation of the pods of a Deployment.' });

export const statefulSetSchema = z.object({
  apiVersion: z.literal('apps/v1'), kind: z.literal('StatefulSet'), metadata: namedMetaSchema, status,
  spec: z.object({
    replicas: count, selector: labelSelectorSchema, template: podTemplateSchema,
    ...opaque(
      'minReadySeconds', 'ordinals', 'persistentVolumeClaimRetentionPolicy', 'podManagementPolicy', 'revisionHistoryLimit', 'serviceName',
      'updateStrategy', 'volumeClaimTemplates',
    ),
  }),
}).meta({ id: 'StatefulSet', description: 'Pods with stable names.' });

export const daemonSetSchema = z.object({
  apiVersion: z.literal('apps/v1'), kind: z.literal('DaemonSet'), metadata: namedMetaSchema, status,
  spec: z.object({ selector: labelSelectorSchema, template: podTemplateSchema, ...opaque('minReadySeconds', 'revisionHistoryLimit', 'updateStrategy') }),
}).meta({ id: 'DaemonSet', description: 'A pod on every node.' });

export const jobSchema = z.object({
  apiVersion: z.literal('batch/v1'), kind: z.literal('Job'), metadata: namedMetaSchema, status,
  spec: z.object({
    parallelism: count, completions: count, selector: labelSelectorSchema.optional(), template: podTemplateSchema,
    ...opaque(
      'activeDeadlineSeconds', 'backoffLimit', 'backoffLimitPerIndex', 'completionMode', 'managedBy', 'manualSelector', 'maxFailedIndexes',
      'podFailurePolicy', 'podReplacementPolicy', 'successPolicy', 'suspend', 'ttlSecondsAfterFinished',
    ),
  }),
}).meta({ id: 'Job', description: 'Pods that run to completion.' });

/** What all of them, and Deployment, have in common. */
export type Workload = z.infer<typeof replicaSetSchema> | z.infer<typeof statefulSetSchema> | z.infer<typeof daemonSetSchema> | z.infer<typeof jobSchema>;
