import * as z from 'zod';
import { objectMetaSchema } from '../../domain/cluster/kinds/fields.js';
import { findTypedKind } from '../../domain/cluster/kinds/registry.js';
import { nodeShorthandSchema, podShorthandSchema, serviceShorthandSchema } from '../../domain/cluster/shorthand.js';
import { TYPED_KINDS, type PluralKind } from '../../services/objects/typed-kinds.js';
import { kubeObject } from '../common.schema.js';
import { parseLabelSelector } from '../../domain/cluster/label-selector.js';
import { isTokenOf, NO_TOKEN } from '../../services/objects/continue-token.js';
import { dryRun, wholeNumber } from '../query.js';
import { OBJECT_EXAMPLES } from './object-examples.js';

const labelSelector = z.string().superRefine((text, context) => {
  const { problem } = parseLabelSelector(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

export const listQuery = (plural: PluralKind) =>
  z.object({
    namespace: z
      .string()
      .min(1)
      .optional()
      .meta({ description: TYPED_KINDS[plural].namespaced ? 'Only objects of this namespace' : 'Ignored: these objects are cluster-scoped' }),
    labelSelector: labelSelector.optional().meta({ description: "Label selector, as kubectl's `-l`", example: 'app=web,tier in (front, back)' }),
    namePrefix: z
      .string()
      .optional()
      .meta({ description: TYPED_KINDS[plural].namespaced ? 'Only names with this prefix; needs `namespace`' : 'Only names with this prefix' }),
    limit: wholeNumber(1, 5000)
      .optional()
      .meta({ description: 'Default 500', override: { type: 'integer', minimum: 1, maximum: 5000 } }),
    continue: z
      .string()
      .refine((token) => isTokenOf(plural, token), NO_TOKEN.message)
      .optional()
      .meta({ description: 'The `continue` value of the previous page' }),
  });

export const fieldValidation = z
  .enum(['Strict', 'Warn', 'Ignore'])
  .optional()
  .meta({ description: 'How unknown fields are treated: a 422, a warning, or ignored' });

export const writeQuery = z.object({ dryRun, fieldValidation });
export const deleteQuery = z.object({
  dryRun,
  gracePeriodSeconds: wholeNumber(0, 86_400)
    .optional()
    .meta({
      description:
        'For pods: 0 (the default) deletes it at once. More makes it terminate: it has a deletionTimestamp, its endpoints are terminating, its replacement is created. It stays until it is deleted a second time. Ignored for other kinds',
      override: { type: 'integer', minimum: 0, maximum: 86_400 },
    }),
  propagationPolicy: z.enum(['Orphan', 'Background', 'Foreground']).optional().meta({
    description:
      'What happens to the objects that this one owns: Orphan leaves them without an owner; otherwise (the default) they are deleted in the same change',
  }),
});

export const drainQuery = z.object({ dryRun });

const podNames = z.array(z.string().meta({ example: 'default/web-1' }));
export const drainResult = z
  .strictObject({
    revision: z.int(),
    node: kubeObject,
    evicted: podNames,
    staying: podNames.meta({ description: 'Pods of DaemonSets, and static pods' }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'DrainResult' });

const SHORTHANDS: Readonly<Partial<Record<PluralKind, z.ZodType>>> = { pods: podShorthandSchema, services: serviceShorthandSchema, nodes: nodeShorthandSchema };

const NAMED = [{ required: ['name'] }, { required: ['generateName'] }];
const newMeta = objectMetaSchema
  .extend({})
  .meta({
    id: 'NewObjectMeta',
    description: 'Metadata of a new object: it needs a `name`, or a `generateName` as the prefix of a generated one.',
    override: { anyOf: NAMED },
  });

/**
 * The Kubernetes object as it may be sent, as far as it is understood: the route says what its apiVersion and kind are. The
 * use-case reads it by the schema of the kind.
 */
function sentObject(plural: PluralKind, what: string, metadata: z.ZodType): z.ZodType {
  const { group, version, kind } = TYPED_KINDS[plural];
  const schema = findTypedKind(group, kind)?.schema;
  if (!(schema instanceof z.ZodObject)) throw new TypeError(`${kind} has no schema of its own`);
  const { apiVersion, kind: name } = schema.shape as Record<'apiVersion' | 'kind', z.ZodType>;
  const given = `Default ${group === '' ? version : `${group}/${version}`}`;
  return schema
    .extend({ apiVersion: apiVersion.optional().meta({ description: given }), kind: name.optional().meta({ description: `Default ${kind}` }), metadata })
    .meta({ id: `${what}${kind}`, description: schema.description, example: OBJECT_EXAMPLES[plural] });
}

/** The body for replacing an object, whose name and namespace are in the path. */
export const replacementBody = (plural: PluralKind): z.ZodType => sentObject(plural, 'Replacing', objectMetaSchema.optional());

/** The body for creating an object: the Kubernetes object, or the kind's shorthand if it has one. */
export function creationBody(plural: PluralKind): z.ZodType {
  const shorthand = SHORTHANDS[plural];
  const whole = sentObject(plural, 'New', newMeta);
  return shorthand === undefined ? whole : z.union([shorthand, whole]);
}
