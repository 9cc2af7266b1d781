/** @import { Listed } from './api.js' */
import { list } from './api.js';

/**
 * @typedef {'pods' | 'services' | 'deployments' | 'nodes'} NamedResource
 * @typedef {Listed[NamedResource]} NamedObject
 */

/** What they are called in the tokens of their lists. @type {Record<NamedResource, string>} */
const KINDS = { pods: '/Pod', services: '/Service', deployments: 'apps/Deployment', nodes: '/Node' };

/** Names that are offered at once: more of the name finds the others. */
const OFFERED = 20;

/** @param {NamedObject['metadata']} metadata */
export const nameOf = ({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`);

/** The ports that others ask for, of a Service or a pod. @param {NamedObject} object */
export function portsOf(object) {
  if (object.kind === 'Service') return (object.spec.ports ?? []).map(({ port }) => port);
  return object.kind === 'Pod' ? object.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)) : [];
}

/** The last text before all that begin with `start`: no name has a `~`. @param {string} start */
const before = (start) => (start === '' ? '' : `${start.slice(0, -1)}${String.fromCharCode(start.charCodeAt(start.length - 1) - 1)}~`);

/** A list that goes on from here begins with the first name that could begin so. @param {string} kind @param {string} namespace @param {string} name */
export const continueBefore = (kind, namespace, name) => btoa(JSON.stringify([kind, namespace, name])).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * Objects whose names begin with `text`, the first of them: the server reads no others. A name without its namespace is one
 * in `default`, or the beginning of a namespace.
 *
 * @template {NamedResource} R
 * @param {string} cluster its name
 * @param {R} resource
 * @param {string} text
 * @param {number} [limit]
 * @returns {Promise<Listed[R][]>}
 * @throws Refused
 */
export async function findByName(cluster, resource, text, limit = OFFERED) {
  if (!/^[-a-z0-9./]*$/.test(text)) return [];
  const slash = text.indexOf('/');
  const starts = resource === 'nodes' ? [['', before(text)]]
    : slash >= 0 ? [[text.slice(0, slash), before(text.slice(slash + 1))]]
    : [['default', before(text)], [before(text), '']];
  const pages = await Promise.all(starts.map(([namespace = '', name = '']) => list(cluster, resource, continueBefore(KINDS[resource], namespace, name), limit)));
  const found = pages.flatMap(({ items }) => items).filter(({ metadata }) => [nameOf(metadata), metadata.namespace === 'default' ? metadata.name : ''].some((name) => name.startsWith(text)));
  return [...new Map(found.map((object) => [nameOf(object.metadata), object])).values()].slice(0, limit);
}
