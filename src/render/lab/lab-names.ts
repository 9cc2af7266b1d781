import type { Interface, NetnsId } from '../../domain/datapath/netns.js';
import { fnv1a } from '../../domain/values/hash.js';

/** Bytes of a file's name, with room for what tools put around it. */
const LONGEST_NAMESPACE = 200;
/** @source Linux `IFNAMSIZ`, less the zero at its end */
const LONGEST_DEVICE = 15;

const digits = (text: string): string => fnv1a(text).toString(16).padStart(8, '0');

/** What all namespaces of a cluster's lab begin with. A cluster's name has no dot, so that no prefix begins with another. */
export const labPrefix = (cluster: string): string => `pw.${cluster}.`;

/** `pod:default/web-1` → `pod.default.web-1`, without the lab's prefix. A namespace of Kubernetes has no dot, so that no two are alike. */
export function namespaceName(id: NetnsId): string {
  const name = id.replaceAll(/[:/]/g, '.');
  return name.length <= LONGEST_NAMESPACE ? name : `${name.slice(0, LONGEST_NAMESPACE - 9)}-${digits(id)}`;
}

/** The name itself, but for a port of the switch whose machine has a long name. */
export const deviceName = (name: Interface['name']): string => (name.length <= LONGEST_DEVICE ? name : `p-${digits(name)}`);
