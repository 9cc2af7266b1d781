import { z } from 'zod';
import { conditionStatus, flag, integer, namedMetaSchema, objectMetaSchema, opaque, port, portOrZero, stringMap, text, transportProtocol } from './fields.js';

const containerPortSchema = z.object({
  name: text, containerPort: port, hostPort: portOrZero.optional(), hostIP: text, protocol: transportProtocol.optional(),
}).meta({ id: 'ContainerPort', description: 'A port that the container listens on, on all addresses of the pod.' });

const containerFields = {
  name: z.string(),
  // The API server demands an image; here nothing is ever pulled, so a pod that only has ports is whole.
  image: text, imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  ports: z.array(containerPortSchema).optional(),
  ...opaque(
    'args', 'command', 'env', 'envFrom', 'lifecycle', 'livenessProbe', 'readinessProbe', 'resizePolicy', 'resources', 'restartPolicyRules',
    'securityContext', 'startupProbe', 'stdin', 'stdinOnce', 'terminationMessagePath', 'terminationMessagePolicy', 'tty', 'volumeDevices',
    'volumeMounts', 'workingDir',
  ),
  restartPolicy: text,
};

export const containerSchema = z.object(containerFields).meta({ id: 'Container', description: 'A program of a pod. What it listens on are its ports.' });

export const podSpecSchema = z.object({
  containers: z.array(containerSchema),
  initContainers: z.array(containerSchema).optional(),
  ephemeralContainers: z.array(z.object({ ...containerFields, targetContainerName: text })).optional(),
  nodeName: text, nodeSelector: stringMap, hostNetwork: flag, hostname: text, subdomain: text, enableServiceLinks: flag, setHostnameAsFQDN: flag,
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).optional(),
  dnsPolicy: z.enum(['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']).optional(),
  dnsConfig: z.object({
    nameservers: z.array(z.string()).optional(), searches: z.array(z.string()).optional(),
    options: z.array(z.object({ name: text, value: text })).optional(),
  }).optional(),
  hostAliases: z.array(z.object({ ip: z.string(), hostnames: z.array(z.string()).optional() })).optional(),
  tolerations: z.array(z.object({
    key: text, operator: z.enum(['Equal', 'Exists', 'Gt', 'Lt']).optional(), value: text,
    effect: z.enum(['', 'NoExecute', 'NoSchedule', 'PreferNoSchedule']).optional(), tolerationSeconds: integer,
  })).optional(),
  readinessGates: z.array(z.object({ conditionType: z.string() })).optional(),
  ...opaque(
    'activeDeadlineSeconds', 'affinity', 'automountServiceAccountToken', 'hostIPC', 'hostPID', 'hostUsers', 'hostnameOverride', 'imagePullSecrets',
    'os', 'overhead', 'preemptionPolicy', 'priority', 'priorityClassName', 'resourceClaims', 'resources', 'runtimeClassName', 'schedulerName',
    'schedulingGates', 'securityContext', 'serviceAccount', 'serviceAccountName', 'shareProcessNamespace', 'terminationGracePeriodSeconds',
    'topologySpreadConstraints', 'volumes', 'workloadRef',
  ),
}).meta({ id: 'PodSpec', description: 'What the pod runs, and where.' });

export const podStatusSchema = z.object({
  phase: z.enum(['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown']).optional(),
  podIP: text, podIPs: z.array(z.object({ ip: text })).optional(), hostIP: text, hostIPs: z.array(z.object({ ip: text })).optional(),
  conditions: z.array(z.object({
    type: z.string(), status: conditionStatus, ...opaque('lastProbeTime', 'lastTransitionTime', 'message', 'observedGeneration', 'reason'),
  })).optional(),
  ...opaque(
    'allocatedResources', 'containerStatuses', 'ephemeralContainerStatuses', 'extendedResourceClaimStatus', 'initContainerStatuses', 'message',
    'nominatedNodeName', 'observedGeneration', 'qosClass', 'reason', 'resize', 'resourceClaimStatuses', 'resources', 'startTime',
  ),
}).meta({ id: 'PodStatus', description: 'The address of the pod, its phase and its conditions; the condition Ready decides about its endpoints.' });

export const podTemplateSchema = z.object({ metadata: objectMetaSchema.optional(), spec: podSpecSchema }).meta({ id: 'PodTemplate', description: 'What the pods of a workload are made from.' });

export const podSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('Pod'), metadata: namedMetaSchema, spec: podSpecSchema, status: podStatusSchema.optional(),
}).meta({ id: 'Pod', description: 'Containers that share one network namespace.' });

export type Container = z.infer<typeof containerSchema>;
export type PodSpec = z.infer<typeof podSpecSchema>;
export type PodTemplate = z.infer<typeof podTemplateSchema>;
export type Pod = z.infer<typeof podSchema>;
