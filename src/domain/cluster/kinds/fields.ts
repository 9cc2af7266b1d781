/** The building blocks of all schemas. */
import { z } from 'zod';
import { AT_LEAST_ZERO, PORT_RANGE, inclusiveRange } from '../api-messages.js';

export const INT32_MAX = 2 ** 31 - 1;

/** Real API fields without an effect on the network: known by name and kept as they are. */
type Opaque<Name extends string> = { [Key in Name]: z.ZodOptional<z.ZodUnknown> };

export function opaque<const Name extends string>(...names: readonly Name[]): Opaque<Name> {
  return Object.fromEntries(names.map((name) => [name, z.unknown().optional()])) as Opaque<Name>;
}

const FILLED = new WeakSet<z.core.$ZodType>();

/** A string field with a default, which an empty string gets too. @source Go's `omitempty`, `SetDefaults_…` */
export function filled<Schema extends z.ZodType>(schema: Schema): z.ZodOptional<Schema> {
  const field = schema.optional();
  FILLED.add(field);
  return field;
}

export const isFilled = (field: z.core.$ZodType): boolean => FILLED.has(field);

export const text = z.string().optional();
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** @source k8s.io/apimachinery `metav1.Time` */
export const time = z.string()
  .refine((written) => RFC3339.test(written) && !Number.isNaN(Date.parse(written)), { error: 'must be a time in RFC 3339, e.g. 2026-01-31T12:00:00Z' })
  .meta({ format: 'date-time' }).optional();
export const flag = z.boolean().optional();
/** A 32-bit integer, as most numbers of the API. */
const int32 = z
  .int()
  .min(-INT32_MAX - 1, { error: `must be greater than or equal to ${-INT32_MAX - 1}` })
  .max(INT32_MAX, { error: `must be less than or equal to ${INT32_MAX}` });
export const integer = int32.optional();
/** A 64-bit integer, limited to what JSON holds exactly. */
export const long = z.int().optional();
export const texts = z.array(z.string()).optional();
export const stringMap = z.record(z.string(), z.string()).optional();

/** A count, 0 or more. */
export const count = int32.min(0, { error: AT_LEAST_ZERO }).optional();
export const longCount = z.int().min(0, { error: AT_LEAST_ZERO }).optional();

export const port = z.int().min(1, { error: PORT_RANGE }).max(65535, { error: PORT_RANGE });
/** 0 means "none". */
export const portOrZero = z.int().min(0, { error: inclusiveRange(0, 65535) }).max(65535, { error: inclusiveRange(0, 65535) });

export const intOrString = z.union([z.int(), z.string()], { error: 'an integer or a string' });

export const quantity = z.union([z.number(), z.string()], { error: 'a quantity, e.g. 500m or 64Mi' });
/** Quantities of resources by name: `cpu: 500m`. */
export const quantities = z.record(z.string(), quantity).optional();

export const transportProtocol = z.enum(['SCTP', 'TCP', 'UDP']);

/** A quantity or a percentage: `1`, `"25%"`. */
export const intOrPercent = intOrString;

const ownerReferenceSchema = z.object({
  apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string(), controller: flag, blockOwnerDeletion: flag,
}).meta({ id: 'OwnerReference', description: 'The object that owns this one; the one with `controller: true` manages it.' });

export const objectMetaSchema = z.object({
  name: z.string().optional(), namespace: text, generateName: text, uid: text, resourceVersion: text, generation: long,
  creationTimestamp: time, deletionTimestamp: time, deletionGracePeriodSeconds: long, labels: stringMap, annotations: stringMap,
  ownerReferences: z.array(ownerReferenceSchema).optional(), finalizers: texts, selfLink: text, ...opaque('managedFields', 'clusterName'),
}).meta({ id: 'ObjectMeta', description: 'Name, labels and annotations of an object, and fields that the server sets.' });

/** Metadata of a stored object, which has a name. */
export const namedMetaSchema = objectMetaSchema
  .extend({ name: z.string() })
  .meta({ id: 'NamedObjectMeta', description: 'Metadata of an object: its name is required.' });

/** Other values are refused by `checkLabelSelector`, with its own message. */
const selectorOperator = z.string().meta({ enum: ['DoesNotExist', 'Exists', 'In', 'NotIn'] });

export const labelSelectorSchema = z.object({
  matchLabels: stringMap,
  matchExpressions: z.array(z.object({ key: z.string(), operator: selectorOperator, values: texts })).optional(),
}).meta({ id: 'LabelSelector', description: 'All of `matchLabels` and `matchExpressions` must hold; an empty selector selects everything.' });

export const conditionStatus = z.enum(['False', 'True', 'Unknown']);
/** Typed, because controllers read the conditions that they wrote. */
export const conditionsSchema = z.array(z.object({
  type: z.string(), status: conditionStatus, ...opaque('lastProbeTime', 'lastTransitionTime', 'lastUpdateTime', 'message', 'observedGeneration', 'reason'),
})).optional();

export const objectReferenceSchema = z.object({
  ...opaque('apiVersion', 'fieldPath'), kind: text, namespace: text, name: text, uid: text, resourceVersion: text,
}).meta({ id: 'ObjectReference', description: 'Names another object.' });

export type ObjectMetaInput = z.infer<typeof objectMetaSchema>;
export type LabelSelectorInput = z.infer<typeof labelSelectorSchema>;
