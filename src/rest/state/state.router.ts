import { presentStateChange } from '../../render/json/present-state-change.js';
import type { StateService } from '../../services/use-cases/state.js';
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
        summary: 'Counts what LIVE traces have left in the tables of the cluster',
        description: 'The entries themselves are in the views neighbours, fdb and conntrack of nodes and pods. The state survives a restart.',
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
        summary: 'Clears everything that LIVE traces have left',
        description: "The clock starts again at 0; `stateRevision` keeps counting. The cluster's revision does not change.",
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
        summary: 'Advances the clock: entries age and expire as on Linux',
        description:
          'Neighbours become stale after 30 s, and one that was used while stale is probed 5 s later. A bridge forgets a MAC address after 300 s, and connection tracking forgets a connection after the timeout of its state. Session affinity has its own timeout.',
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
        summary: 'Announces an address from a node (gratuitous ARP)',
        description:
          'As a load balancer does when an address moves. Machines that already have a neighbour entry for the address update it; no one else adds one.',
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
