import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiParameters } from 'zod-openapi';
import * as z from 'zod';
import { isFields } from '../domain/values/fields.js';
import { problem } from './common.schema.js';
import { PROBLEM_MEDIA_TYPE, PROBLEM_TYPES, type ProblemCode } from './problem.js';
import { METHODS, type DocumentedResponse, type Operation, type Resource } from './resource.js';

const PARAMETERS: Readonly<Record<string, string>> = {
  cluster: 'Id or name of the cluster',
  what: 'interfaces, routes, neighbours, fdb, rules, conntrack or sockets',
  code: "The last part of a problem's `type`",
};

const headersOf = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]));

const contentOf = (content: Readonly<Record<string, z.ZodType>>) =>
  Object.fromEntries(Object.entries(content).map(([mediaType, schema]) => [mediaType, { schema }]));

function responseOf({ description, content, headers }: DocumentedResponse) {
  return { description, ...(content && { content: contentOf(content) }), ...(headers && { headers: headersOf(headers) }) };
}

/** Problems with which any request can be answered. */
export const PROBLEMS_OF_ALL: readonly ProblemCode[] = ['FORBIDDEN', 'INTERNAL', 'UNAVAILABLE'];

/** The documented responses for problems; all problems with the same status are one response. */
function problemResponses({ problems }: Operation) {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set([...problems, ...PROBLEMS_OF_ALL])) {
    const { status, meaning } = PROBLEM_TYPES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${meaning}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, meanings]) => [
      status,
      { description: meanings.join('\n\n'), content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } } },
    ]),
  );
}

function parametersOf(path: string, { useCaseQuery, query = useCaseQuery, headers }: Operation): ZodOpenApiParameters {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return {
    ...(names.length > 0 && {
      path: z.object(
        Object.fromEntries(names.map((name) => [name, z.string().meta({ description: PARAMETERS[name] ?? `The ${name} of the object` })])),
      ),
    }),
    ...(query && { query }),
    ...(headers && {
      header: z.object(Object.fromEntries(Object.entries(headers).map(([name, description]) => [name, z.string().optional().meta({ description })]))),
    }),
  };
}

function operationObject({ path, tag }: Resource, found: Operation): ZodOpenApiOperationObject {
  const { operationId, summary, description, body } = found;
  const responses = Object.fromEntries(Object.entries(found.responses).map(([status, response]) => [status, responseOf(response)]));
  return {
    operationId,
    summary,
    tags: [tag],
    ...(description !== undefined && { description }),
    requestParams: parametersOf(path, found),
    ...(body && { requestBody: { required: found.bodyOptional !== true, content: contentOf(body) } }),
    responses: { ...responses, ...problemResponses(found) } as ZodOpenApiOperationObject['responses'],
  };
}

const INTRODUCTION = `Packetwalk is a Kubernetes network that exists only as a model, and answers for every packet.
Create clusters, nodes, pods and services, or apply the manifests you have; ask what happens to a flow; read every step there and
back, with the route, rule or table entry that decided it.

Errors are problem documents (RFC 9457) that name every problem. A method that a path does not have is a 405, whose \`Allow\`
names those that it has. Lists are pages. Writes honour \`If-Match\`.`;

/** The description of each group of operations, in the order of the reference. */
const TAGS: Readonly<Record<string, string>> = {
  traces: 'What happens to a flow, there and back',
  reachability: 'Who reaches whom, for many pairs at once',
  clusters: 'Kubernetes clusters, with the network that they stand in',
  nodes: 'Machines of a cluster, and what one looks like from inside',
  namespaces: 'What names of objects live in',
  pods: 'Pods, and what one looks like from inside',
  services: 'Virtual addresses, node ports and load balancers',
  endpointslices: 'Where Services lead: made from selectors, or by hand',
  deployments: 'Pods that are made anew',
  ingresses: 'HTTP by hosts and paths',
  gateways: 'Listeners of the Gateway API',
  httproutes: 'HTTP by the Gateway API',
  networkpolicies: 'Which pods may talk to which',
  adminnetworkpolicies: 'Policies of the administrators, evaluated before NetworkPolicies',
  baselineadminnetworkpolicies: 'The policy for pods that no NetworkPolicy selects',
  manifests: 'All objects of a cluster as YAML or JSON, in and out',
  dns: "What the cluster's DNS answers",
  state: 'What LIVE traces leave behind, and time',
  system: 'The server itself',
  pages: 'For browsers',
};

/** The OpenAPI document, created from the same resources as the router. */
export function createOpenApi(resources: readonly Resource[], version: string): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const resource of resources) {
    const item = (paths[resource.path] ??= {});
    for (const method of METHODS) {
      const found = resource.operations[method];
      if (found) item[method] = operationObject(resource, found);
    }
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Packetwalk', version, description: INTRODUCTION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      security: [],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      paths,
    },
    { override: ({ jsonSchema }) => removeTrivialKeywords(jsonSchema) },
  );
}

/** Removes keywords without information: the bounds of safe integers, and empty objects as defaults, since each field has its own. */
function removeTrivialKeywords(schema: { minimum?: number | undefined; maximum?: number | undefined; default?: unknown }): void {
  if (isFields(schema.default) && Object.keys(schema.default).length === 0) delete schema.default;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
