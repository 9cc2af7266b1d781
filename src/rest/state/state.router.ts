import { presentStateChange } from '../../render/json/present-state-change.js';
import type { StateService } from '../../services/types.js';
import { negotiate } from '../http/negotiate.js';
import { readJson } from '../http/read-body.js';
import { sendJson } from '../http/respond.js';
import { operation, param, type Resource } from '../resource.js';
import { advanceInput, announceInput, state, stateChange } from './state.schema.js';

const TAG = 'state';

export const stateResources = (states: StateService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/state',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'getState',
        summary: 'What LIVE traces have left behind, in numbers',
        description: 'The entries themselves are in the views neighbours, fdb and conntrack of nodes and pods. The state is kept over a restart.',
        responses: { 200: { description: 'The state', content: { 'application/json': state } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, await states.get(viewer, param(req, 'cluster')));
        },
      }),
    },
  },
  {
    path: '/api/v1/clusters/{cluster}/state/reset',
    tag: TAG,
    operations: {
      post: operation({
        operationId: 'resetState',
        summary: 'Forgets all that packets have left behind',
        description: "The clock begins anew; `stateRevision` goes on. The cluster's revision is not raised.",
        responses: { 200: { description: 'The state, empty', content: { 'application/json': state } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, await states.reset(viewer, param(req, 'cluster')));
        },
      }),
    },
  },
  {
    path: '/api/v1/clusters/{cluster}/state/advance',
    tag: TAG,
    operations: {
      post: operation({
        operationId: 'advanceState',
        summary: 'Lets time go by, by the time-outs of Linux',
        description:
          'Neighbours grow stale after 30 s, and those that were used while stale are asked 5 s later; a bridge forgets an address after 300 s, connection tracking a connection after the seconds of its state. Session affinity counts its own seconds.',
        body: { 'application/json': advanceInput },
        responses: { 200: { description: 'The state, and what was sent meanwhile', content: { 'application/json': stateChange } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, presentStateChange(await states.advance(viewer, param(req, 'cluster'), await readJson(req))));
        },
      }),
    },
  },
  {
    path: '/api/v1/clusters/{cluster}/state/announce',
    tag: TAG,
    operations: {
      post: operation({
        operationId: 'announceAddress',
        summary: 'Lets a node say that an address is its own now (gratuitous ARP)',
        description:
          'As a load balancer speaker does when an address moves. Whoever knows the address takes the new place; nobody learns of one that they did not know.',
        body: { 'application/json': announceInput },
        responses: { 200: { description: 'The state, and what was sent', content: { 'application/json': stateChange } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, presentStateChange(await states.announce(viewer, param(req, 'cluster'), await readJson(req))));
        },
      }),
    },
  },
];
