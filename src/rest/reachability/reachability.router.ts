import { reachabilityInput } from '../../services/reachability/reachability-request.js';
import type { ReachabilityService } from '../../services/use-cases/reachability.js';
import { negotiate } from '../http/negotiate.js';
import { JSON_TYPES, readJson } from '../http/read-body.js';
import { sendJson } from '../http/respond.js';
import { operation, param, type Resource } from '../resource.js';
import { reachability } from './reachability.schema.js';

export const reachabilityResources = (service: ReachabilityService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/reachability',
    tag: 'reachability',
    operations: {
      post: operation({
        operationId: 'askReachability',
        summary: 'Answers who can reach whom, for many pairs at once',
        description:
          'Each cell is what a trace of its pair would say (for external ranges, what policies and listeners say); with `listeners: false`, what only the policies say. Nothing is stored.',
        body: { 'application/json': reachabilityInput },
        responses: { 200: { description: 'The matrix', content: { 'application/json': reachability } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE', 'UNAVAILABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, await service.ask(viewer, param(req, 'cluster'), await readJson(req, JSON_TYPES)));
        },
      }),
    },
  },
];
