/** @import { Listed } from './api.js' */
import { list } from './api.js';

/**
 * @typedef {Exclude<keyof Listed, 'namespaces' | 'traces'>} NamedResource
 * @typedef {Listed[NamedResource]} NamedObject
 */

/** Most names suggested at once; typing more narrows them down. */
const OFFERED = 20;
/** Most namespaces searched at once. */
const NAMESPACES = 3;

/** @param {NamedObject['metadata']} metadata */
export const nameOf = ({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`);

/** The ports that others ask for, of a Service or a pod. @param {NamedObject} object */
export function portsOf(object) {
  if (object.kind === 'Service') return (object.spec.ports ?? []).map(({ port }) => port);
  return object.kind === 'Pod' ? object.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)) : [];
}

/**
 * The first objects whose names begin with `text`. A name without a namespace is one
 * in `default`, or the beginning of a namespace, whose objects are suggested too.
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
  const slash = text.indexOf('/');
  /** @param {string} namespace @param {string} namePrefix */
  const inNamespace = async (namespace, namePrefix) => (await list(cluster, resource, { namespace, namePrefix, limit })).items;
  if (resource === 'nodes') return (await list(cluster, resource, { namePrefix: text, limit })).items;
  if (slash === 0) return [];
  if (slash > 0) return inNamespace(text.slice(0, slash), text.slice(slash + 1));
  const [found, namespaces] = await Promise.all([inNamespace('default', text), list(cluster, 'namespaces', { namePrefix: text, limit: NAMESPACES })]);
  const others = namespaces.items.filter(({ metadata: { name } }) => name !== 'default' || found.length === 0);
  const theirs = await Promise.all(others.map(({ metadata: { name } }) => inNamespace(name, '')));
  return [...found, ...theirs.flat()].slice(0, limit);
}
