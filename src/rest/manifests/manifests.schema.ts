import * as z from 'zod';
import { kubeObject } from '../common.schema.js';
import { MANIFEST_EXAMPLE } from '../objects/object-examples.js';
import { fieldValidation } from '../objects/objects.schema.js';
import { dryRun, flag } from '../query.js';

const namespace = z
  .string()
  .min(1)
  .optional()
  .meta({ description: 'Namespace for objects that name none, as with `kubectl -n`; an object that names one keeps it', example: 'argocd' });

export const manifestQuery = z.object({ dryRun, fieldValidation, namespace });

export const applyQuery = manifestQuery.extend({
  prune: flag.optional().meta({
    description:
      'Deletes what was applied before and is not applied now: of the kinds that kubectl prunes, in the namespaces of what is applied, with the labels of `labelSelector`',
    override: { type: 'boolean', enum: undefined },
  }),
  labelSelector: z.string().optional().meta({ description: 'What `prune` may delete; required with it', example: 'app=web' }),
});

const yaml = z.string().meta({ description: 'Any number of YAML documents', example: MANIFEST_EXAMPLE });
const list = z
  .looseObject({
    apiVersion: z.string().optional(),
    kind: z.string().meta({ example: 'List', description: 'List, or the list of a kind: PodList' }),
    items: z
      .array(kubeObject.extend({ apiVersion: z.string().optional(), kind: z.string().optional() }))
      .meta({ description: 'Objects, which may leave out the apiVersion and kind that the list of a kind tells' }),
  })
  .meta({ id: 'KubernetesList', description: 'Many objects, as kubectl gives them' });
const json = z.union([kubeObject, list, z.array(z.union([kubeObject, list]))]).meta({
  description: 'An object, a List, or an array of objects',
  example: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'course' } }],
});

export const manifestBody = { 'application/yaml': yaml, 'text/yaml': yaml, 'application/json': json };
export const manifestYaml = yaml;

export const applyResult = z
  .strictObject({
    revision: z.int(),
    objects: z.array(
      z.strictObject({
        apiVersion: z.string(),
        kind: z.string(),
        namespace: z.string().nullable(),
        name: z.string(),
        action: z.enum(['created', 'configured', 'unchanged', 'deleted']),
      }),
    ),
    warnings: z.array(z.string()).meta({ description: 'Unknown fields, kinds that are stored but not modelled, selectors that select nothing, …' }),
  })
  .meta({ id: 'ApplyResult' });
