import type { Request } from 'express';
import { isInsideViewName, isTableViewName, type InsideViewName } from '../../render/inside/inside-views.js';
import { AppError } from '../../services/app-error.js';
import type { InsideService } from '../../services/use-cases/inside.js';
import type { Viewer } from '../../services/use-cases/viewer.js';
import { negotiate } from '../http/negotiate.js';
import { sendJson, sendText } from '../http/respond.js';
import { operation, param, type Resource } from '../resource.js';
import { showInside, showTables, type Shown } from './inside.presenter.js';
import { INSIDE_NAMES, insideJson, insideQuery, insideTable } from './inside.schema.js';

const MEDIA_TYPES = { json: 'application/json', text: 'text/plain' } as const;

function viewNameOf(req: Request): InsideViewName {
  const what = param(req, 'what');
  if (isInsideViewName(what)) return what;
  throw new AppError('NOT_FOUND', `There is no ${what} to see here: there is ${INSIDE_NAMES.join(', ')}.`);
}

const look = (inside: InsideService, operationId: string, summary: string, netnsOf: (req: Request) => string) =>
  operation({
    operationId,
    summary,
    description: `\`what\` is one of ${INSIDE_NAMES.join(', ')}.`,
    query: insideQuery,
    responses: { 200: { description: 'The table', content: { 'application/json': insideJson, 'text/plain': insideTable } } },
    problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
    handle: async ({ req, res, query, viewer }) => {
      const name = viewNameOf(req);
      res.vary('Accept');
      const mediaType = query.format === undefined ? negotiate(req, ['application/json', 'text/plain']) : MEDIA_TYPES[query.format];
      const shown = await show(inside, viewer, [param(req, 'cluster'), netnsOf(req)], name, query.trace);
      if (mediaType === 'text/plain') sendText(res, 200, 'text/plain; charset=utf-8', shown.text());
      else sendJson(res, 200, shown.json());
    },
  });

async function show(
  inside: InsideService,
  viewer: Viewer,
  place: readonly [cluster: string, id: string],
  name: InsideViewName,
  trace: string | undefined,
): Promise<Shown> {
  if (trace !== undefined && isTableViewName(name)) return showTables(await inside.tablesAfter(viewer, ...place, trace), name);
  return showInside(await inside.look(viewer, ...place, trace), name);
}

export const insideResources = (inside: InsideService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/nodes/{name}/{what}',
    tag: 'nodes',
    operations: { get: look(inside, 'lookInsideNode', 'What a node looks like from inside', (req) => `node:${param(req, 'name')}`) },
  },
  {
    path: '/api/v1/clusters/{cluster}/pods/{namespace}/{name}/{what}',
    tag: 'pods',
    operations: { get: look(inside, 'lookInsidePod', 'What a pod looks like from inside', (req) => `pod:${param(req, 'namespace')}/${param(req, 'name')}`) },
  },
];
