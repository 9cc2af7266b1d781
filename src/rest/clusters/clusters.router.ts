import type { ClusterService, ClusterSummary } from '../../services/use-cases/clusters.js';
import { CREATED_HEADERS, ETAG, CONDITIONS, IF_NONE_MATCH, clusterPatch, NOT_MODIFIED } from '../common.schema.js';
import { negotiate } from '../http/negotiate.js';
import { conditionsOf, isFresh, sendNotModified } from '../http/preconditions.js';
import { PATCH_TYPES, readJson } from '../http/read-body.js';
import { sendJson } from '../http/respond.js';
import { operation, param, type Exchange, type Resource } from '../resource.js';
import { presentCluster } from './clusters.presenter.js';
import { cluster, clusterInput, clusterList } from './clusters.schema.js';

const TAG = 'clusters';

function sendCluster({ res }: Exchange, status: number, summary: ClusterSummary): void {
  res.setHeader('ETag', `"${summary.revision}"`);
  sendJson(res, status, presentCluster(summary));
}

export const clusterResources = (clusters: ClusterService): Resource[] => [
  {
    path: '/api/v1/clusters',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'listClusters',
        summary: 'Lists the clusters of the caller',
        responses: { 200: { description: 'The clusters', content: { 'application/json': clusterList } } },
        problems: ['BAD_REQUEST', 'NOT_ACCEPTABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, { items: (await clusters.list(viewer)).map(presentCluster), continue: null });
        },
      }),
      post: operation({
        operationId: 'createCluster',
        summary: 'Creates a cluster with its nodes, namespaces, DNS and the Service default/kubernetes',
        body: { 'application/json': clusterInput },
        responses: { 201: { description: 'The cluster', content: { 'application/json': cluster }, headers: CREATED_HEADERS } },
        problems: ['BAD_REQUEST', 'NOT_ACCEPTABLE', 'ALREADY_EXISTS', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE'],
        handle: async (exchange) => {
          const { req, res, viewer } = exchange;
          negotiate(req, ['application/json']);
          const summary = await clusters.create(viewer, await readJson(req));
          res.setHeader('Location', `/api/v1/clusters/${summary.id}`);
          sendCluster(exchange, 201, summary);
        },
      }),
    },
  },
  {
    path: '/api/v1/clusters/{cluster}',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'getCluster',
        summary: 'Reads a cluster, by id or name',
        headers: IF_NONE_MATCH,
        responses: { 200: { description: 'The cluster', content: { 'application/json': cluster }, headers: ETAG }, 304: NOT_MODIFIED },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
        handle: async (exchange) => {
          const { req, res, viewer } = exchange;
          negotiate(req, ['application/json']);
          const summary = await clusters.get(viewer, param(req, 'cluster'));
          if (isFresh(req, res, String(summary.revision))) sendNotModified(res);
          else sendCluster(exchange, 200, summary);
        },
      }),
      patch: operation({
        operationId: 'patchCluster',
        summary: "Changes a cluster's settings",
        headers: CONDITIONS,
        body: { 'application/merge-patch+json': clusterPatch, 'application/json': clusterPatch },
        responses: { 200: { description: 'The cluster as it is now', content: { 'application/json': cluster }, headers: ETAG } },
        problems: [
          'BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'ALREADY_EXISTS', 'PRECONDITION_FAILED', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE',
          'UNPROCESSABLE',
        ],
        handle: async (exchange) => {
          const { req, viewer } = exchange;
          negotiate(req, ['application/json']);
          const patch = await readJson(req, PATCH_TYPES);
          sendCluster(exchange, 200, await clusters.patch(viewer, param(req, 'cluster'), patch, conditionsOf(req)));
        },
      }),
      delete: operation({
        operationId: 'deleteCluster',
        summary: 'Deletes a cluster and everything in it, including its traces',
        headers: CONDITIONS,
        responses: { 204: { description: 'The cluster is deleted' } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'PRECONDITION_FAILED'],
        handle: async ({ req, res, viewer }) => {
          await clusters.delete(viewer, param(req, 'cluster'), conditionsOf(req));
          res.statusCode = 204;
          res.end();
        },
      }),
    },
  },
];
