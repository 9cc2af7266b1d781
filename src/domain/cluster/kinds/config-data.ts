/** ConfigMap and Secret. */
import { z } from 'zod';
import { flag, namedMetaSchema, stringMap, text } from './fields.js';

export const configMapSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('ConfigMap'), metadata: namedMetaSchema, data: stringMap, binaryData: stringMap, immutable: flag,
}).meta({ id: 'ConfigMap', description: 'Settings by key. The ConfigMap kube-system/coredns configures cluster DNS.' });

export const secretSchema = z.object({
  apiVersion: z.literal('v1'), kind: z.literal('Secret'), metadata: namedMetaSchema, data: stringMap, stringData: stringMap, type: text, immutable: flag,
}).meta({ id: 'Secret', description: 'Confidential data. If an Ingress names a missing Secret, its hosts get the default certificate.' });

export type ConfigMap = z.infer<typeof configMapSchema>;
export type Secret = z.infer<typeof secretSchema>;
