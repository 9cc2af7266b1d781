/**
 * @import { z } from 'zod'
 * @import { Deployment } from '../domain/cluster/kinds/deployment.js'
 * @import { EndpointSlice } from '../domain/cluster/kinds/endpoint-slice.js'
 * @import { Gateway } from '../domain/cluster/kinds/gateway.js'
 * @import { HttpRoute } from '../domain/cluster/kinds/http-route.js'
 * @import { Ingress } from '../domain/cluster/kinds/ingress.js'
 * @import { Namespace } from '../domain/cluster/kinds/namespace.js'
 * @import { AdminNetworkPolicy, BaselineAdminNetworkPolicy } from '../domain/cluster/kinds/admin-network-policy.js'
 * @import { NetworkPolicy } from '../domain/cluster/kinds/network-policy.js'
 * @import { Node as KubeNode } from '../domain/cluster/kinds/node.js'
 * @import { Pod } from '../domain/cluster/kinds/pod.js'
 * @import { Service } from '../domain/cluster/kinds/service.js'
 * @import { TraceJson } from '../render/json/trace-json.js'
 * @import { cluster } from '../rest/clusters/clusters.schema.js'
 * @import { Problem } from '../services/app-error.js'
 * @import { TraceRequest } from '../services/traces/trace-request.js'
 * @import { ApplyResult } from '../services/use-cases/objects.js'
 * @import { TraceListItem } from '../services/use-cases/traces.js'
 * @import { Question } from './question.js'
 */

/**
 * What the API gives.
 *
 * @typedef {z.infer<typeof cluster>} Cluster
 * @typedef {TraceJson<TraceRequest>} Trace
 * @typedef {{
 *   pods: Pod, services: Service, nodes: KubeNode, namespaces: Namespace, deployments: Deployment, endpointslices: EndpointSlice,
 *   networkpolicies: NetworkPolicy, adminnetworkpolicies: AdminNetworkPolicy, baselineadminnetworkpolicies: BaselineAdminNetworkPolicy, ingresses: Ingress, gateways: Gateway, httproutes: HttpRoute, traces: TraceListItem,
 * }} Listed
 */

/** A refusal, with every problem that the problem document names. */
export class Refused extends Error {
  /**
   * @param {{ detail?: string, title?: string, status?: number, errors?: readonly Problem[] }} problem its status is
   *   missing where nobody answered
   */
  constructor({ detail, title = 'No answer', status, errors = [] }) {
    super(detail ?? `The server answered ${status}.`);
    this.title = title;
    this.status = status;
    this.errors = errors;
  }
}

/**
 * @typedef {{ method?: string, body?: string, type?: string, accept?: string }} Options `type`: of the body
 * @param {string} path
 * @param {Options} [options]
 * @throws Refused
 */
async function answerOf(path, { type, accept = 'application/json', ...options } = {}) {
  const response = await fetch(path, { ...options, headers: { accept, ...(type === undefined ? {} : { 'content-type': type }) } }).catch(() => {
    throw new Refused({ detail: 'The server does not answer.' });
  });
  if (response.ok) return response;
  const { status, statusText } = response;
  throw new Refused({ title: statusText, status, ...await response.json().catch(() => ({})) });
}

/** @template T what the API's types say of this path @param {string} path @param {Options} [options] @returns {Promise<T>} @throws Refused */
const ask = async (path, options) => (await answerOf(path, options)).json().catch(() => {
  throw new Refused({ detail: 'The server’s answer cannot be read: it may have been cut off.' });
});

/** @param {unknown} body */
const post = (body) => ({ method: 'POST', type: 'application/json', body: JSON.stringify(body) });

const clusters = '/api/v1/clusters';

/** @param {string} name */
export const pathOf = (name) => `${clusters}/${encodeURIComponent(name)}`;

/** @returns {Promise<{ items: Cluster[] }>} */
export const listClusters = () => ask(clusters);
/** @param {{ name: string, nodes: number }} settings @returns {Promise<Cluster>} */
export const createCluster = (settings) => ask(clusters, post(settings));
/** @param {string} name */
export const deleteCluster = (name) => answerOf(pathOf(name), { method: 'DELETE' });

/**
 * @template {keyof Listed} Resource
 * @param {string} name of the cluster
 * @param {Resource} resource
 * @param {{ limit?: number, from?: string | null, namespace?: string, namePrefix?: string }} [options] `from`: the `continue` of the page before
 * @returns {Promise<{ items: Listed[Resource][], continue: string | null }>}
 */
export const list = (name, resource, { limit = 100, from = null, ...filter } = {}) =>
  ask(`${pathOf(name)}/${resource}?${new URLSearchParams({ limit: String(limit), ...filter, ...(from === null ? {} : { continue: from }) })}`);

/** @param {string} name of the cluster @param {keyof Listed} resource @param {string} object its namespace, if it has one, and its name */
export const objectPath = (name, resource, object) => `${pathOf(name)}/${resource}/${object.split('/').map(encodeURIComponent).join('/')}`;
/** @param {string} path of an object */
export const deleteObject = (path) => answerOf(path, { method: 'DELETE' });

/** @param {string} name of the cluster @param {Question} question @returns {Promise<Trace>} */
export const trace = (name, question) => ask(`${pathOf(name)}/traces`, post(question));
/** @param {string} name of the cluster @param {string} id @returns {Promise<Trace>} */
export const recordedTrace = (name, id) => ask(`${pathOf(name)}/traces/${encodeURIComponent(id)}`);

/**
 * @param {string} name of the cluster
 * @param {string} text YAML or JSON, many documents
 * @param {boolean} dryRun only say what would become of it
 * @returns {Promise<ApplyResult>}
 */
export const apply = (name, text, dryRun) => ask(`${pathOf(name)}/manifests?dryRun=${dryRun}`, { method: 'POST', type: 'application/yaml', body: text });

/** @param {string} name of the cluster @param {string} view e.g. `nodes/node-1/routes` @param {string | null} traceId as it is after that trace */
export const insideText = async (name, view, traceId) =>
  (await answerOf(`${pathOf(name)}/${view}?format=text${traceId === null ? '' : `&trace=${encodeURIComponent(traceId)}`}`, { accept: 'text/plain' })).text();
