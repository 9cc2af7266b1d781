import type { Netns } from '../domain/datapath/netns.js';
import { cniOf } from './cni/registry.js';
import { isAttached, type Compilation } from './compilation.js';
import { HostNetns } from './host-netns.js';
import { HOST_SYSCTLS } from './netns-parts.js';
import { socketsOfPod } from './sockets.js';

/** @returns `undefined` for a pod without a namespace of its own: unscheduled, without address, hostNetwork, finished. */
export function podNetns(compilation: Compilation, id: string, key: string): Netns | undefined {
  const slash = key.indexOf('/');
  const pod = compilation.view.pod(key.slice(0, slash), key.slice(slash + 1));
  if (!pod || !isAttached(pod)) return undefined;
  const node = compilation.view.node(pod.node);
  if (!node) return undefined;
  const { device, routes } = cniOf(compilation.plan.settings).podNetwork(compilation, pod, node);
  return new HostNetns(id, HOST_SYSCTLS, [device], routes, socketsOfPod(pod));
}
