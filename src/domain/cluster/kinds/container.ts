import { z } from 'zod';
import { filled, flag, port, portOrZero, quantities, quantity, text, texts, transportProtocol } from './fields.js';
import { probeSchema, lifecycleSchema } from './probe.js';
import { securityContextSchema } from './security-context.js';

export const fieldRefSchema = z.object({ apiVersion: text, fieldPath: z.string() });
export const resourceFieldRefSchema = z.object({ containerName: text, resource: z.string(), divisor: quantity.optional() });
const keyRef = z.object({ name: text, key: z.string(), optional: flag });

const envVarSchema = z
  .object({
    name: z.string(),
    value: text,
    valueFrom: z
      .object({
        fieldRef: fieldRefSchema.optional(),
        resourceFieldRef: resourceFieldRefSchema.optional(),
        configMapKeyRef: keyRef.optional(),
        secretKeyRef: keyRef.optional(),
        fileKeyRef: z.object({ volumeName: z.string(), path: z.string(), key: z.string(), optional: flag }).optional(),
      })
      .optional(),
  })
  .meta({ id: 'EnvVar', description: 'An environment variable: a value, or its source.' });

const nameRef = z.object({ name: text, optional: flag });
const envFromSchema = z.object({ prefix: text, configMapRef: nameRef.optional(), secretRef: nameRef.optional() });

const volumeMountSchema = z.object({
  name: z.string(), mountPath: z.string(), readOnly: flag, recursiveReadOnly: z.enum(['Disabled', 'Enabled', 'IfPossible']).optional(),
  subPath: text, subPathExpr: text, mountPropagation: z.enum(['Bidirectional', 'HostToContainer', 'None']).optional(),
}).meta({ id: 'VolumeMount', description: "Where a container mounts one of its pod's volumes." });

export const resourcesSchema = z.object({
  limits: quantities, requests: quantities, claims: z.array(z.object({ name: z.string(), request: text })).optional(),
}).meta({ id: 'ResourceRequirements', description: 'Resource requests and limits of a container.' });

const containerPortSchema = z.object({
  name: text, containerPort: port, hostPort: portOrZero.optional(), hostIP: text, protocol: filled(transportProtocol),
}).meta({ id: 'ContainerPort', description: 'A port that the container listens on, on all addresses of the pod.' });

const containerFields = {
  name: z.string(),
  // The API server requires an image; here nothing is pulled, so it is optional.
  image: text, imagePullPolicy: filled(z.enum(['Always', 'IfNotPresent', 'Never'])),
  ports: z.array(containerPortSchema).optional(),
  args: texts, command: texts, workingDir: text, env: z.array(envVarSchema).optional(), envFrom: z.array(envFromSchema).optional(),
  volumeMounts: z.array(volumeMountSchema).optional(), volumeDevices: z.array(z.object({ name: z.string(), devicePath: z.string() })).optional(),
  livenessProbe: probeSchema.optional(), readinessProbe: probeSchema.optional(), startupProbe: probeSchema.optional(), lifecycle: lifecycleSchema.optional(),
  resources: resourcesSchema.optional(), resizePolicy: z.array(z.object({ resourceName: z.string(), restartPolicy: z.string() })).optional(),
  restartPolicy: text,
  restartPolicyRules: z.array(z.object({
    action: z.string(), exitCodes: z.object({ operator: z.string(), values: z.array(z.int()).optional() }).optional(),
  })).optional(),
  securityContext: securityContextSchema.optional(), stdin: flag, stdinOnce: flag, tty: flag,
  terminationMessagePath: filled(z.string()), terminationMessagePolicy: filled(z.enum(['File', 'FallbackToLogsOnError'])),
};

export const containerSchema = z.object(containerFields).meta({ id: 'Container', description: 'A program of a pod. It listens on its `ports`.' });
export const ephemeralContainerSchema = z.object({ ...containerFields, targetContainerName: text });

export type Container = z.infer<typeof containerSchema>;
export type EphemeralContainer = z.infer<typeof ephemeralContainerSchema>;
export type EnvVar = z.infer<typeof envVarSchema>;
export type EnvFromSource = z.infer<typeof envFromSchema>;
export type FieldRef = z.infer<typeof fieldRefSchema>;
export type ResourceFieldRef = z.infer<typeof resourceFieldRefSchema>;
export type ResourceRequirements = z.infer<typeof resourcesSchema>;
