/** @import { Listed } from './api.js' */
import { list } from './api.js';

/**
 * Where the names of each kind are; those of the other kinds are written by hand.
 * @type {ReadonlyMap<string, readonly [resource: 'pods' | 'services' | 'deployments' | 'nodes', listed: string]>}
 */
const NAMED = new Map([
  ['pod', ['pods', '/Pod']], ['service', ['services', '/Service']], ['deployment', ['deployments', 'apps/Deployment']], ['node', ['nodes', '/Node']],
]);

/** Names that are offered at once: more of the name finds the others. */
const OFFERED = 20;

/** @typedef {Listed['pods' | 'services' | 'deployments' | 'nodes']} NamedObject */

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
 * Objects of a kind whose names begin with `text`, the first of them: the server reads no others. A name without its
 * namespace is one in `default`, or the beginning of a namespace.
 *
 * @param {string} cluster its name
 * @param {string} kind as in an end of a question, e.g. `pod`
 * @param {string} text
 * @param {number} [limit]
 * @returns {Promise<NamedObject[]>}
 * @throws Refused
 */
export async function findByName(cluster, kind, text, limit = OFFERED) {
  const named = NAMED.get(kind);
  if (named === undefined || !/^[-a-z0-9./]*$/.test(text)) return [];
  const [resource, listedKind] = named;
  const slash = text.indexOf('/');
  const starts = kind === 'node' ? [['', before(text)]]
    : slash >= 0 ? [[text.slice(0, slash), before(text.slice(slash + 1))]]
    : [['default', before(text)], [before(text), '']];
  const pages = await Promise.all(starts.map(([namespace = '', name = '']) => list(cluster, resource, continueBefore(listedKind, namespace, name), limit)));
  const found = pages.flatMap(({ items }) => items).filter(({ metadata }) => [nameOf(metadata), metadata.namespace === 'default' ? metadata.name : ''].some((name) => name.startsWith(text)));
  return [...new Map(found.map((object) => [nameOf(object.metadata), object])).values()];
}
