import { z } from 'zod';
import { integer, namedMetaSchema, opaque, text, texts } from './fields.js';

const ingressBackendSchema = z.object({
  service: z.object({ name: z.string(), port: z.object({ name: text, number: integer }).optional() }).optional(),
  resource: z.object({ apiGroup: text, kind: z.string(), name: z.string() }).optional(),
}).meta({ id: 'IngressBackend', description: 'A Service with a name or number of one of its ports, or an object of another kind.' });

const pathSchema = z.object({ path: text, pathType: z.enum(['Exact', 'ImplementationSpecific', 'Prefix']).optional(), backend: ingressBackendSchema });

export const ingressSchema = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'), kind: z.literal('Ingress'), metadata: namedMetaSchema,
  spec: z.object({
    ingressClassName: text, defaultBackend: ingressBackendSchema.optional(),
    rules: z.array(z.object({ host: text, http: z.object({ paths: z.array(pathSchema).optional() }).optional() })).optional(),
    tls: z.array(z.object({ hosts: texts, secretName: text })).optional(),
  }).optional(),
  status: z.object({
    loadBalancer: z.object({ ingress: z.array(z.object({ ip: text, hostname: text, ...opaque('ports') })).optional() }).optional(),
  }).optional(),
}).meta({ id: 'Ingress', description: 'HTTP routing by host and path.' });

export const ingressClassSchema = z
  .object({
    apiVersion: z.literal('networking.k8s.io/v1'),
    kind: z.literal('IngressClass'),
    metadata: namedMetaSchema,
    spec: z
      .object({
        controller: text,
        parameters: z
          .object({ apiGroup: text, kind: text, name: text, scope: z.enum(['Cluster', 'Namespace']).optional(), namespace: text })
          .optional(),
      })
      .optional(),
  })
  .meta({
    id: 'IngressClass',
    description: 'Which controller serves the Ingresses that name this class. The annotation packetwalk.dev/ingress-controller names its Service.',
  });

export type Ingress = z.infer<typeof ingressSchema>;
export type IngressClass = z.infer<typeof ingressClassSchema>;
export type IngressBackendInput = z.infer<typeof ingressBackendSchema>;
