/** The workload kinds besides Deployment, so that the pods of a dump keep their owners. */
import { z } from 'zod';
import {
  conditionsSchema,
  count,
  filled,
  flag,
  intOrPercent,
  labelSelectorSchema,
  longCount,
  namedMetaSchema,
  objectMetaSchema,
  opaque,
  stringMap,
  text,
} from './fields.js';
import { podTemplateSchema } from './pod.js';

/** Typed are only the fields that the controllers read again. */
const status = z
  .looseObject({
    conditions: conditionsSchema,
    collisionCount: count,
    currentRevision: text,
    updateRevision: text,
    completedIndexes: text,
    failed: count,
    succeeded: count,
    startTime: text,
  })
  .optional();

export const replicaSetSchema = z.object({
  apiVersion: z.literal('apps/v1'), kind: z.literal('ReplicaSet'), metadata: namedMetaSchema, status,
  spec: z.object({ replicas: count, selector: labelSelectorSchema, template: podTemplateSchema, minReadySeconds: count }),
}).meta({ id: 'ReplicaSet', description: 'One generation of the pods of a Deployment.' });

export const replicationControllerSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('ReplicationController'), metadata: namedMetaSchema, status,
  spec: z.object({ replicas: count, selector: stringMap, template: podTemplateSchema, minReadySeconds: count }),
}).meta({ id: 'ReplicationController', description: 'The predecessor of ReplicaSet: a number of identical pods.' });

const claimRetention = z.enum(['Retain', 'Delete']);

export const statefulSetSchema = z.object({
  apiVersion: z.literal('apps/v1'), kind: z.literal('StatefulSet'), metadata: namedMetaSchema, status,
  spec: z.object({
    replicas: count, selector: labelSelectorSchema, template: podTemplateSchema, serviceName: text, ordinals: z.object({ start: count }).optional(),
    podManagementPolicy: filled(z.enum(['OrderedReady', 'Parallel'])),
    updateStrategy: z.object({
      type: filled(z.enum(['OnDelete', 'RollingUpdate'])),
      rollingUpdate: z.object({ partition: count, maxUnavailable: intOrPercent.optional() }).optional(),
    }).optional(),
    volumeClaimTemplates: z.array(z.object({ metadata: namedMetaSchema, ...opaque('apiVersion', 'kind', 'spec', 'status') })).optional(),
    minReadySeconds: count, revisionHistoryLimit: count,
    persistentVolumeClaimRetentionPolicy: z.object({ whenDeleted: filled(claimRetention), whenScaled: filled(claimRetention) }).optional(),
  }),
}).meta({ id: 'StatefulSet', description: 'Pods with stable names.' });

export const daemonSetSchema = z.object({
  apiVersion: z.literal('apps/v1'), kind: z.literal('DaemonSet'), metadata: namedMetaSchema, status,
  spec: z.object({
    selector: labelSelectorSchema, template: podTemplateSchema,
    updateStrategy: z.object({
      type: filled(z.enum(['OnDelete', 'RollingUpdate'])),
      rollingUpdate: z.object({ maxSurge: intOrPercent.optional(), maxUnavailable: intOrPercent.optional() }).optional(),
    }).optional(),
    minReadySeconds: count, revisionHistoryLimit: count,
  }),
}).meta({ id: 'DaemonSet', description: 'A pod on every node.' });

const jobSpecSchema = z.object({
  parallelism: count, completions: count, selector: labelSelectorSchema.optional(), template: podTemplateSchema, manualSelector: flag,
  completionMode: z.enum(['Indexed', 'NonIndexed']).optional(), backoffLimit: count, suspend: flag,
  podReplacementPolicy: z.enum(['Failed', 'TerminatingOrFailed']).optional(),
  activeDeadlineSeconds: longCount, backoffLimitPerIndex: count, maxFailedIndexes: count, ttlSecondsAfterFinished: count, managedBy: text,
  ...opaque('podFailurePolicy', 'successPolicy'),
});

export const jobSchema = z.object({
  apiVersion: z.literal('batch/v1'), kind: z.literal('Job'), metadata: namedMetaSchema, status, spec: jobSpecSchema,
}).meta({ id: 'Job', description: 'Pods that run to completion.' });

export const cronJobSchema = z.object({
  apiVersion: z.literal('batch/v1'), kind: z.literal('CronJob'), metadata: namedMetaSchema, status,
  spec: z.object({
    schedule: z.string(), jobTemplate: z.object({ metadata: objectMetaSchema.optional(), spec: jobSpecSchema }), suspend: flag, timeZone: text,
    concurrencyPolicy: filled(z.enum(['Allow', 'Forbid', 'Replace'])), successfulJobsHistoryLimit: count, failedJobsHistoryLimit: count,
    startingDeadlineSeconds: longCount,
  }),
}).meta({ id: 'CronJob', description: 'Jobs on a schedule. It creates none, since no time passes.' });

export const podDisruptionBudgetSchema = z.object({
  apiVersion: z.literal('policy/v1'), kind: z.literal('PodDisruptionBudget'), metadata: namedMetaSchema, status,
  spec: z.object({
    minAvailable: intOrPercent.optional(), maxUnavailable: intOrPercent.optional(), selector: labelSelectorSchema.optional(),
    unhealthyPodEvictionPolicy: z.enum(['AlwaysAllow', 'IfHealthyBudget']).optional(),
  }).optional(),
}).meta({ id: 'PodDisruptionBudget', description: 'How many of the selected pods must stay available. Stored, but not enforced: a drain ignores it.' });

export type ReplicationController = z.infer<typeof replicationControllerSchema>;
export type Workload = z.infer<typeof replicaSetSchema> | z.infer<typeof statefulSetSchema> | z.infer<typeof daemonSetSchema> | z.infer<typeof jobSchema>;
export type StatefulSet = z.infer<typeof statefulSetSchema>;
export type DaemonSet = z.infer<typeof daemonSetSchema>;
export type Job = z.infer<typeof jobSchema>;
export type CronJob = z.infer<typeof cronJobSchema>;
export type PodDisruptionBudget = z.infer<typeof podDisruptionBudgetSchema>;
