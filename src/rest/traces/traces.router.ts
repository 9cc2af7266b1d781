import { presentFrames } from '../../render/json/present-frame.js';
import type { FrameJson } from '../../render/json/packet-json.js';
import { presentTrace } from '../../render/json/present-trace.js';
import type { TraceJson } from '../../render/json/trace-json.js';
import { traceRequestInput } from '../../services/traces/trace-request-schema.js';
import type { TraceService } from '../../services/use-cases/traces.js';
import { sendJson } from '../http/respond.js';
import { JSON_TYPES, readJson } from '../http/read-body.js';
import { negotiate } from '../http/negotiate.js';
import { operation, param, type Resource } from '../resource.js';
import { sendTrace } from './send-trace.js';
import { negotiateTrace, TRACE_FORMATS, type TraceFormat } from './trace-formats.js';
import { frameList, framesQuery, trace, traceList, traceListQuery, traceMermaid, tracePcapng, traceQuery, traceSvg, traceText } from './traces.schema.js';

const TAG = 'traces';

const SCHEMAS = { json: trace, text: traceText, svg: traceSvg, mermaid: traceMermaid, pcapng: tracePcapng } satisfies Record<TraceFormat, unknown>;
const traceContent = Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [TRACE_FORMATS[name as TraceFormat], schema]));

export const traceResources = (traces: TraceService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/traces',
    tag: TAG,
    operations: {
      post: operation({
        operationId: 'traceFlow',
        summary: 'Traces a flow through the cluster, there and back',
        description:
          'The same request at the same revision gives the same bytes, apart from `id` and `createdAt`; a LIVE trace also needs the same `stateRevision`. A LIVE trace changes the live state, even if it is not recorded, but never the revision.',
        query: traceQuery,
        body: { 'application/json': traceRequestInput },
        responses: {
          200: { description: 'The trace; it is not stored (`"record": false`)', content: traceContent },
          201: { description: 'The trace; it is stored', content: traceContent, headers: { Location: 'Where to read the trace again' } },
        },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE'],
        handle: async ({ req, res, query, viewer }) => {
          const format = negotiateTrace(req, res, query.format);
          const cluster = param(req, 'cluster');
          const record = await traces.run(viewer, cluster, await readJson(req, JSON_TYPES), { path: query.path, frames: format === 'pcapng' });
          if (record.id !== null) {
            res.setHeader('Location', `/api/v1/clusters/${encodeURIComponent(cluster)}/traces/${encodeURIComponent(record.id)}`);
          }
          const status = record.id === null ? 200 : 201;
          const frames = async () => presentFrames(record.trace.paths[query.path]?.frames ?? [], query.flooded);
          await sendTrace(res, status, format, { trace: presentTrace(record), path: query.path, frames });
        },
      }),
      get: operation({
        operationId: 'listTraces',
        summary: 'Lists stored traces, newest first, without their steps',
        description: 'The newest 1,000 traces of a cluster are stored.',
        query: traceListQuery,
        responses: { 200: { description: 'A page', content: { 'application/json': traceList } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
        handle: async ({ req, res, query, viewer }) => {
          negotiate(req, ['application/json']);
          const { items, continue: token } = await traces.list(viewer, param(req, 'cluster'), query);
          sendJson(res, 200, { items: items.map(({ sequence: _, ...item }) => item), continue: token });
        },
      }),
    },
  },
  {
    path: '/api/v1/clusters/{cluster}/traces/{id}',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'getTrace',
        summary: 'Reads a stored trace, as it was even if the cluster has changed since',
        query: traceQuery,
        responses: { 200: { description: 'The trace', content: traceContent } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'UNPROCESSABLE'],
        handle: async ({ req, res, query, viewer }) => {
          const format = negotiateTrace(req, res, query.format);
          const [cluster, id] = [param(req, 'cluster'), param(req, 'id')];
          const kept = (await traces.get(viewer, cluster, id)) as TraceJson; // recorded as it was presented
          const frames = async () => (await traces.frames(viewer, cluster, id, query.path, query.flooded)) as readonly FrameJson[];
          await sendTrace(res, 200, format, { trace: kept, path: query.path, frames });
        },
      }),
    },
  },
  {
    path: '/api/v1/clusters/{cluster}/traces/{id}/frames',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'listFrames',
        summary: 'Lists every frame of one path, as captures on the interfaces would show them',
        query: framesQuery,
        responses: { 200: { description: 'In order, both legs, ARP included', content: { 'application/json': frameList } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'UNPROCESSABLE'],
        handle: async ({ req, res, query, viewer }) => {
          negotiate(req, ['application/json']);
          sendJson(res, 200, { items: await traces.frames(viewer, param(req, 'cluster'), param(req, 'id'), query.path, query.flooded) });
        },
      }),
    },
  },
];
