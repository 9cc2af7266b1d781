import type { Request } from 'express';
import type { ManifestInput, ObjectService } from '../../services/use-cases/objects.js';
import { CONDITIONS } from '../common.schema.js';
import { negotiate } from '../http/negotiate.js';
import { conditionsOf } from '../http/preconditions.js';
import { MANIFEST_LIMIT, MANIFEST_TYPES, mediaTypeOf, readBody } from '../http/read-body.js';
import { sendJson, sendText } from '../http/respond.js';
import { operation, param, type Resource } from '../resource.js';
import { applyQuery, applyResult, manifestBody, manifestQuery, manifestYaml } from './manifests.schema.js';

const TAG = 'manifests';
const PROBLEMS = [
  'BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'CONFLICT', 'PRECONDITION_FAILED', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE',
] as const;

async function readManifests(req: Request): Promise<ManifestInput> {
  const bytes = await readBody(req, MANIFEST_TYPES, MANIFEST_LIMIT);
  return { language: mediaTypeOf(req) === 'application/json' ? 'json' : 'yaml', bytes };
}

const removal = (objects: ObjectService, operationId: string) =>
  operation({
    operationId,
    summary: 'Deletes the objects that the manifests name, all or nothing',
    query: manifestQuery,
    headers: CONDITIONS,
    body: manifestBody,
    responses: { 200: { description: 'What was done', content: { 'application/json': applyResult } } },
    problems: PROBLEMS,
    handle: async ({ req, res, query, viewer }) => {
      negotiate(req, ['application/json']);
      sendJson(res, 200, await objects.deleteManifests(viewer, param(req, 'cluster'), await readManifests(req), { ...query, ...conditionsOf(req) }));
    },
  });

export const manifestResources = (objects: ObjectService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/manifests',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'exportManifests',
        summary: 'Exports the whole cluster as YAML; applied to an empty cluster it gives the same traces',
        responses: {
          200: {
            description: 'Many documents; the first holds the settings of the cluster',
            content: { 'application/yaml': manifestYaml, 'text/yaml': manifestYaml, 'text/plain': manifestYaml },
          },
        },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
        handle: async ({ req, res, viewer }) => {
          const mediaType = negotiate(req, ['application/yaml', 'text/yaml', 'text/plain']);
          const yaml = await objects.export(viewer, param(req, 'cluster'));
          res.vary('Accept');
          sendText(res, 200, `${mediaType}; charset=utf-8`, yaml);
        },
      }),
      post: operation({
        operationId: 'applyManifests',
        summary: 'Applies manifests on the server, all or nothing',
        query: applyQuery,
        headers: CONDITIONS,
        body: manifestBody,
        responses: { 200: { description: 'What was done', content: { 'application/json': applyResult } } },
        problems: PROBLEMS,
        handle: async ({ req, res, query, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, await objects.apply(viewer, param(req, 'cluster'), await readManifests(req), { ...query, ...conditionsOf(req) }));
        },
      }),
      delete: removal(objects, 'deleteManifests'),
    },
  },
  { path: '/api/v1/clusters/{cluster}/manifests/delete', tag: TAG, operations: { post: removal(objects, 'deleteManifestsByPost') } },
];
