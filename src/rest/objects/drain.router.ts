import type { Request } from 'express';
import { drainRequestSchema } from '../../services/objects/drain-request.js';
import type { ObjectService } from '../../services/use-cases/objects.js';
import { CONDITIONS } from '../common.schema.js';
import { negotiate } from '../http/negotiate.js';
import { conditionsOf } from '../http/preconditions.js';
import { readJson } from '../http/read-body.js';
import { sendJson } from '../http/respond.js';
import { operation, param, type Resource } from '../resource.js';
import { drainQuery, drainResult } from './objects.schema.js';

/** Every option has a default, so the body is optional. */
const isEmpty = ({ headers }: Request): boolean => headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

/** Drains a node as `kubectl drain` does, in one change. */
export const drainResources = (objects: ObjectService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/nodes/{name}/drain',
    tag: 'nodes',
    operations: {
      post: operation({
        operationId: 'drainNode',
        summary: 'Cordons a node and evicts its pods',
        description:
          'All of it, or nothing where a pod may not go. PodDisruptionBudgets are stored and not enforced: a warning names them. `PATCH` the node with `{"spec":{"unschedulable":false}}` to take it back into use.',
        query: drainQuery,
        headers: CONDITIONS,
        body: { 'application/json': drainRequestSchema },
        bodyOptional: true,
        responses: { 200: { description: 'Which pods were evicted, and which stay', content: { 'application/json': drainResult } } },
        problems: [
          'BAD_REQUEST',
          'NOT_FOUND',
          'NOT_ACCEPTABLE',
          'PRECONDITION_FAILED',
          'PAYLOAD_TOO_LARGE',
          'UNSUPPORTED_MEDIA_TYPE',
          'UNPROCESSABLE',
        ],
        handle: async ({ req, res, query, viewer }) => {
          negotiate(req, ['application/json']);
          const request = isEmpty(req) ? {} : await readJson(req);
          sendJson(res, 200, await objects.drain(viewer, param(req, 'cluster'), param(req, 'name'), request, { ...query, ...conditionsOf(req) }));
        },
      }),
    },
  },
];
