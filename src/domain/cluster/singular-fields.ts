import { groupOf } from './objects.js';
import { isFields, type Fields } from '../values/fields.js';

/** Fields of a single address family, and the list for both families, whose first element has the same value. */
const TWICE: Readonly<Record<string, { readonly part: string; readonly one: string; readonly list: string; readonly entry: (value: string) => unknown }>> = {
  Pod: { part: 'status', one: 'podIP', list: 'podIPs', entry: (ip) => ({ ip }) },
  Node: { part: 'spec', one: 'podCIDR', list: 'podCIDRs', entry: (block) => block },
};

/**
 * Replaces the list by the single value if its first element differs, as after a patch of the single field alone.
 *
 * @source k8s.io/kubernetes `pkg/apis/core/v1`, `Convert_v1_PodStatus_To_core_PodStatus`, `Convert_v1_NodeSpec_To_core_NodeSpec`
 */
export function withListsOfSingulars(object: Fields): Fields {
  const { apiVersion, kind } = object as { readonly apiVersion: string; readonly kind: string };
  const twice = TWICE[kind];
  const part = twice && groupOf(apiVersion) === '' ? object[twice.part] : undefined;
  if (!twice || !isFields(part)) return object;
  const one = part[twice.one];
  const list = part[twice.list];
  if (typeof one !== 'string' || one === '' || !Array.isArray(list) || list.length === 0) return object;
  const first: unknown = list[0];
  const same = isFields(first) ? first['ip'] === one : first === one;
  return same ? object : { ...object, [twice.part]: { ...part, [twice.list]: [twice.entry(one)] } };
}
