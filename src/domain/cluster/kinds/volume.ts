import { z } from 'zod';
import { fieldRefSchema, resourceFieldRefSchema } from './container.js';
import { filled, flag, integer, labelSelectorSchema, long, objectMetaSchema, opaque, quantity, stringMap, text } from './fields.js';

const keyToPath = z.array(z.object({ key: z.string(), path: z.string(), mode: integer })).optional();
const downwardFiles = z
  .array(z.object({ path: z.string(), fieldRef: fieldRefSchema.optional(), resourceFieldRef: resourceFieldRefSchema.optional(), mode: integer }))
  .optional();

const projectionSchema = z.object({
  secret: z.object({ name: text, items: keyToPath, optional: flag }).optional(),
  configMap: z.object({ name: text, items: keyToPath, optional: flag }).optional(),
  downwardAPI: z.object({ items: downwardFiles }).optional(),
  serviceAccountToken: z.object({ audience: text, expirationSeconds: long, path: z.string() }).optional(),
  clusterTrustBundle: z.object({ name: text, signerName: text, labelSelector: labelSelectorSchema.optional(), optional: flag, path: z.string() }).optional(),
  ...opaque('podCertificate'),
});

/** The kinds of volumes. Of drivers that Kubernetes has removed, or that have no rules here, only the name is known. */
export const volumeSources = {
  emptyDir: z.object({ medium: text, sizeLimit: quantity.optional() }).optional(),
  hostPath: z
    .object({
      path: z.string(),
      type: z.enum(['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']).optional(),
    })
    .optional(),
  secret: z.object({ secretName: text, items: keyToPath, defaultMode: integer, optional: flag }).optional(),
  configMap: z.object({ name: text, items: keyToPath, defaultMode: integer, optional: flag }).optional(),
  persistentVolumeClaim: z.object({ claimName: z.string(), readOnly: flag }).optional(),
  projected: z.object({ sources: z.array(projectionSchema).optional(), defaultMode: integer }).optional(),
  downwardAPI: z.object({ items: downwardFiles, defaultMode: integer }).optional(),
  nfs: z.object({ server: z.string(), path: z.string(), readOnly: flag }).optional(),
  csi: z.object({ driver: z.string(), readOnly: flag, fsType: text, volumeAttributes: stringMap, ...opaque('nodePublishSecretRef') }).optional(),
  ephemeral: z.object({ volumeClaimTemplate: z.object({ metadata: objectMetaSchema.optional(), ...opaque('spec') }).optional() }).optional(),
  image: z.object({ reference: text, pullPolicy: filled(z.enum(['Always', 'IfNotPresent', 'Never'])) }).optional(),
  ...opaque(
    'awsElasticBlockStore', 'azureDisk', 'azureFile', 'cephfs', 'cinder', 'fc', 'flexVolume', 'flocker', 'gcePersistentDisk', 'gitRepo', 'glusterfs',
    'iscsi', 'photonPersistentDisk', 'portworxVolume', 'quobyte', 'rbd', 'scaleIO', 'storageos', 'vsphereVolume',
  ),
};

export const volumeSchema = z
  .object({ name: z.string(), ...volumeSources })
  .meta({ id: 'Volume', description: 'Files that containers of a pod can mount: exactly one kind of them.' });

export type Volume = z.infer<typeof volumeSchema>;
export type KeyToPath = NonNullable<z.infer<typeof keyToPath>>[number];
export type DownwardFile = NonNullable<z.infer<typeof downwardFiles>>[number];
export type Projection = z.infer<typeof projectionSchema>;
