import { z } from 'zod';
import { affinitySchema, spreadConstraintSchema } from './affinity.js';
import { containerSchema, ephemeralContainerSchema, resourcesSchema } from './container.js';
import { conditionStatus, filled, flag, integer, long, namedMetaSchema, objectMetaSchema, opaque, quantities, stringMap, text } from './fields.js';
import { podSecurityContextSchema } from './security-context.js';
import { volumeSchema } from './volume.js';

const podSpecSchema = z
  .object({
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).optional(),
    ephemeralContainers: z.array(ephemeralContainerSchema).optional(),
    volumes: z.array(volumeSchema).optional(),
    nodeName: text,
    nodeSelector: stringMap,
    hostNetwork: flag,
    hostname: text,
    subdomain: text,
    enableServiceLinks: flag,
    setHostnameAsFQDN: flag,
    restartPolicy: filled(z.enum(['Always', 'OnFailure', 'Never'])),
    dnsPolicy: filled(z.enum(['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'])),
    dnsConfig: z
      .object({
        nameservers: z.array(z.string()).optional(),
        searches: z.array(z.string()).optional(),
        options: z.array(z.object({ name: text, value: text })).optional(),
      })
      .optional(),
    hostAliases: z.array(z.object({ ip: z.string(), hostnames: z.array(z.string()).optional() })).optional(),
    tolerations: z
      .array(
        z.object({
          key: text,
          operator: filled(z.enum(['Equal', 'Exists'])),
          value: text,
          effect: z.enum(['', 'NoExecute', 'NoSchedule', 'PreferNoSchedule']).optional(),
          tolerationSeconds: long,
        }),
      )
      .optional(),
    readinessGates: z.array(z.object({ conditionType: z.string() })).optional(),
    affinity: affinitySchema.optional(),
    topologySpreadConstraints: z.array(spreadConstraintSchema).optional(),
    securityContext: podSecurityContextSchema.optional(),
    resources: resourcesSchema.optional(),
    overhead: quantities,
    activeDeadlineSeconds: long,
    terminationGracePeriodSeconds: long,
    automountServiceAccountToken: flag,
    hostIPC: flag,
    hostPID: flag,
    hostUsers: flag,
    shareProcessNamespace: flag,
    hostnameOverride: text,
    imagePullSecrets: z.array(z.object({ name: text })).optional(),
    os: z.object({ name: z.string() }).optional(),
    preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).optional(),
    priority: integer,
    priorityClassName: text,
    runtimeClassName: text,
    schedulerName: filled(z.string()),
    schedulingGates: z.array(z.object({ name: z.string() })).optional(),
    serviceAccount: text,
    serviceAccountName: text,
    resourceClaims: z.array(z.object({ name: z.string(), resourceClaimName: text, resourceClaimTemplateName: text, ...opaque('source') })).optional(),
    ...opaque('workloadRef'),
  })
  .meta({ id: 'PodSpec', description: 'What the pod runs, and where.' });

const podStatusSchema = z.object({
  phase: filled(z.enum(['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'])),
  podIP: text, podIPs: z.array(z.object({ ip: text })).optional(), hostIP: text, hostIPs: z.array(z.object({ ip: text })).optional(),
  conditions: z.array(z.object({
    type: z.string(), status: conditionStatus, ...opaque('lastProbeTime', 'lastTransitionTime', 'message', 'observedGeneration', 'reason'),
  })).optional(),
  ...opaque(
    'allocatedResources', 'containerStatuses', 'ephemeralContainerStatuses', 'extendedResourceClaimStatus', 'initContainerStatuses', 'message',
    'nominatedNodeName', 'observedGeneration', 'qosClass', 'reason', 'resize', 'resourceClaimStatuses', 'resources', 'startTime',
  ),
}).meta({ id: 'PodStatus', description: 'The address of the pod, its phase and its conditions; the condition Ready decides about its endpoints.' });

export const podTemplateSchema = z
  .object({ metadata: objectMetaSchema.optional(), spec: podSpecSchema })
  .meta({ id: 'PodTemplate', description: 'What the pods of a workload are made from.' });

export const podSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('Pod'), metadata: namedMetaSchema, spec: podSpecSchema, status: podStatusSchema.optional(),
}).meta({ id: 'Pod', description: 'Containers that share one network namespace.' });

export type PodSpec = z.infer<typeof podSpecSchema>;
export type PodTemplate = z.infer<typeof podTemplateSchema>;
export type Pod = z.infer<typeof podSchema>;
