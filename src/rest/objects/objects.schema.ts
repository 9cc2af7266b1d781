import * as z from 'zod';
import { findTypedKind } from '../../domain/cluster/kinds/registry.js';
import { nodeShorthandSchema, podShorthandSchema, serviceShorthandSchema } from '../../domain/cluster/shorthand.js';
import { TYPED_KINDS, type PluralKind } from '../../services/types.js';
import { kubeObject } from '../common.schema.js';
import { flag, wholeNumber } from '../query.js';

export const listQuery = z.object({
  namespace: z.string().min(1).optional().meta({ description: 'Only of this namespace' }),
  labelSelector: z.string().optional().meta({ description: 'As kubectl takes it', example: 'app=web,tier in (front, back)' }),
  limit: wholeNumber(1, 5000).optional().meta({ description: 'Default 500', override: { type: 'integer', minimum: 1, maximum: 5000 } }),
  continue: z.string().min(1).optional().meta({ description: 'From the page before' }),
});

export const fieldValidation = z.enum(['Strict', 'Warn', 'Ignore']).optional().meta({ description: 'What unknown fields are: a 422, a warning, or nothing' });
const dryRun = flag.optional().meta({ description: 'Checks everything and changes nothing', override: { type: 'boolean', enum: undefined } });

export const writeQuery = z.object({ dryRun, fieldValidation });
export const deleteQuery = z.object({ dryRun });

const SHORTHANDS: Readonly<Partial<Record<PluralKind, z.ZodType>>> = { pods: podShorthandSchema, services: serviceShorthandSchema, nodes: nodeShorthandSchema };

/** The Kubernetes object, as far as it is understood. The use-case reads it by the same schema. */
export function objectBody(plural: PluralKind): z.ZodType {
  const { group, kind } = TYPED_KINDS[plural];
  return findTypedKind(group, kind)?.schema ?? kubeObject;
}

/** What may be sent to create an object: the Kubernetes object, or the kind's shorthand where it has one. */
export function creationBody(plural: PluralKind): z.ZodType {
  const shorthand = SHORTHANDS[plural];
  return shorthand === undefined ? objectBody(plural) : z.union([shorthand, objectBody(plural)]);
}
