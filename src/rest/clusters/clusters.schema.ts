import * as z from 'zod';
import { clusterSettingsSchema } from '../../domain/cluster/cluster-settings-schema.js';

/** The use-case reads the body by the same schema. */
export const clusterInput = clusterSettingsSchema;

const count = z.int().min(0);

export const cluster = z
  .strictObject({
    id: z.string(),
    owner: z.string(),
    revision: z.int().min(1).meta({ description: 'Raised by one by every request that changes the cluster; also the ETag' }),
    createdAt: z.string().meta({ format: 'date-time' }),
    ...clusterSettingsSchema.omit({ nodes: true }).shape,
    nodes: count.meta({ description: 'Number of nodes' }),
    counts: z.strictObject({ nodes: count, namespaces: count, pods: count, services: count, endpointslices: count, deployments: count, others: count }),
  })
  .meta({ id: 'Cluster', description: 'A cluster: its settings with every default filled in, and what it holds' });

export const clusterList = z.strictObject({ items: z.array(cluster), continue: z.null() });
