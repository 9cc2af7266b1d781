import type { Interface, NetnsId } from '../../domain/datapath/netns.js';
import { fnv1a } from '../../domain/values/hash.js';

/** Longest name of a namespace file, in bytes, with room for what tools add. */
const LONGEST_NAMESPACE = 200;
/** @source Linux `IFNAMSIZ`, less the zero at its end */
const LONGEST_DEVICE = 15;

const digits = (text: string): string => fnv1a(text).toString(16).padStart(8, '0');

/** Prefix of all namespaces of a cluster's lab. A cluster's name has no dot, so no prefix is the beginning of another. */
export const labPrefix = (cluster: string): string => `pw.${cluster}.`;

/** `pod:default/web-1` → `pod.default.web-1`, without the lab's prefix. It is unique, since a Kubernetes namespace has no dot. */
export function namespaceName(id: NetnsId): string {
  const name = id.replaceAll(/[:/]/g, '.');
  return name.length <= LONGEST_NAMESPACE ? name : `${name.slice(0, LONGEST_NAMESPACE - 9)}-${digits(id)}`;
}

/** The interface's name, shortened for a switch port whose machine has a long name. */
export const deviceName = (name: Interface['name']): string => (name.length <= LONGEST_DEVICE ? name : `p-${digits(name)}`);
