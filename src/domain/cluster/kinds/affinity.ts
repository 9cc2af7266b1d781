/** Node affinity, pod affinity and anti-affinity, and topology spread constraints. */
import { z } from 'zod';
import { integer, labelSelectorSchema, texts } from './fields.js';

const requirement = z.object({ key: z.string(), operator: z.string(), values: texts });
const nodeSelectorTerm = z.object({ matchExpressions: z.array(requirement).optional(), matchFields: z.array(requirement).optional() });

const nodeAffinity = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: z.object({ nodeSelectorTerms: z.array(nodeSelectorTerm).optional() }).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z.array(z.object({ weight: z.int(), preference: nodeSelectorTerm })).optional(),
});

const podAffinityTerm = z.object({
  labelSelector: labelSelectorSchema.optional(), topologyKey: z.string(), namespaces: texts, namespaceSelector: labelSelectorSchema.optional(),
  matchLabelKeys: texts, mismatchLabelKeys: texts,
});

const podAffinity = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(podAffinityTerm).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z.array(z.object({ weight: z.int(), podAffinityTerm })).optional(),
});

export const affinitySchema = z.object({ nodeAffinity: nodeAffinity.optional(), podAffinity: podAffinity.optional(), podAntiAffinity: podAffinity.optional() })
  .meta({ id: 'Affinity', description: 'Where a pod must or should run. Only requirements are obeyed, not preferences.' });

export const spreadConstraintSchema = z
  .object({
    maxSkew: z.int(),
    topologyKey: z.string(),
    whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
    labelSelector: labelSelectorSchema.optional(),
    minDomains: integer,
    nodeAffinityPolicy: z.enum(['Honor', 'Ignore']).optional(),
    nodeTaintsPolicy: z.enum(['Honor', 'Ignore']).optional(),
    matchLabelKeys: texts,
  })
  .meta({ id: 'TopologySpreadConstraint', description: 'How much the numbers of selected pods may differ between topology domains.' });

export type Affinity = z.infer<typeof affinitySchema>;
export type NodeSelectorTerm = z.infer<typeof nodeSelectorTerm>;
export type NodeSelectorRequirement = z.infer<typeof requirement>;
export type PodAffinity = z.infer<typeof podAffinity>;
export type PodAffinityTerm = z.infer<typeof podAffinityTerm>;
export type SpreadConstraint = z.infer<typeof spreadConstraintSchema>;
