import { z } from 'zod';
import { conditionStatus, flag, namedMetaSchema, opaque, quantities, text, texts } from './fields.js';

export const nodeSchema = z
  .object({
    apiVersion: z.literal('v1'),
    kind: z.literal('Node'),
    metadata: namedMetaSchema,
    spec: z
      .object({
        podCIDR: text,
        podCIDRs: texts,
        unschedulable: flag,
        taints: z
          .array(z.object({ key: z.string(), value: text, effect: z.enum(['NoExecute', 'NoSchedule', 'PreferNoSchedule']), ...opaque('timeAdded') }))
          .optional(),
        providerID: text,
        ...opaque('configSource', 'externalID'),
      })
      .optional(),
    status: z
      .object({
        addresses: z.array(z.object({ type: z.string(), address: z.string() })).optional(),
        conditions: z
          .array(z.object({ type: z.string(), status: conditionStatus, ...opaque('lastHeartbeatTime', 'lastTransitionTime', 'message', 'reason') }))
          .optional(),
        allocatable: quantities,
        capacity: quantities,
        ...opaque(
          'config',
          'daemonEndpoints',
          'declaredFeatures',
          'features',
          'images',
          'nodeInfo',
          'phase',
          'runtimeHandlers',
          'volumesAttached',
          'volumesInUse',
        ),
      })
      .optional(),
  })
  .meta({ id: 'Node', description: 'A machine on the node network, with a bridge for its pods.' });

export type Node = z.infer<typeof nodeSchema>;
