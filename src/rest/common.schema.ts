/** Schemas that several resources use. Tests validate all responses by the response schemas. */
import * as z from 'zod';

const problemItem = z
  .strictObject({
    path: z.string().meta({ description: 'As Kubernetes prints it; empty for the whole body', example: 'spec.ports[0].nodePort' }),
    message: z.string().meta({ description: 'What is wrong, and what would be right' }),
    document: z.int().optional().meta({ description: '0-based number of the YAML document or list item, for manifests' }),
    line: z.int().optional().meta({ description: '1-based' }),
    column: z.int().optional().meta({ description: '1-based' }),
  })
  .meta({ id: 'ProblemItem' });

export const problem = z
  .strictObject({
    type: z.string().meta({ description: '`/problems/<code>`', example: '/problems/NOT_FOUND' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'Path of the request' }),
    errors: z.array(problemItem).optional().meta({ description: 'For bad input: every problem, not just the first' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457)' });

const stringMap = z.record(z.string(), z.string());

const ownerReference = z.looseObject({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().optional() });

export const kubeObject = z
  .looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.looseObject({
      name: z.string(),
      namespace: z.string().optional(),
      uid: z.string().optional(),
      resourceVersion: z.string().optional().meta({ description: "The cluster's revision of the last change; also the ETag" }),
      generation: z.int().optional().meta({ description: 'Raised by every change of the spec' }),
      creationTimestamp: z.string().optional().meta({ format: 'date-time' }),
      deletionTimestamp: z
        .string()
        .optional()
        .meta({ format: 'date-time', description: 'When its deletion was requested; the object remains until it is deleted a second time' }),
      labels: stringMap.optional(),
      annotations: stringMap.optional(),
      ownerReferences: z.array(ownerReference).optional().meta({ description: 'The objects that it belongs to; it is deleted with them' }),
    }),
  })
  .meta({ id: 'KubernetesObject', description: 'A Kubernetes object: same fields and defaults as in the real API' });

export const objectList = z.strictObject({
  items: z.array(kubeObject),
  continue: z.string().nullable().meta({ description: 'Give it back as `?continue=` for the next page; null on the last' }),
});

/** @source RFC 7396 */
const patchOf = (id: string, example: object) => z.looseObject({}).meta({ id, description: 'A JSON merge patch (RFC 7396): null deletes a field', example });
export const objectPatch = patchOf('ObjectPatch', { metadata: { labels: { tier: 'front' } } });
export const clusterPatch = patchOf('ClusterPatch', { networkPolicy: { denyWith: 'REJECT' } });

export const CONDITIONS = {
  'If-Match': 'ETag that must be current, or the answer is a 412',
  'If-None-Match': 'ETag that must not be current, or the answer is a 412; `*`: nothing must be there',
} as const;
export const IF_NONE_MATCH = { 'If-None-Match': 'ETag that the client has; while it is current the answer is a 304' } as const;
export const ETAG = { ETag: 'Version of what is answered' } as const;
export const CREATED_HEADERS = { ...ETAG, Location: 'Where it is from now on' } as const;
export const WARNING = { Warning: '299, with a warning to the author, as the Kubernetes API server sends it' } as const;
export const NOT_MODIFIED = { description: 'Not modified: the client has it already', headers: ETAG } as const;
