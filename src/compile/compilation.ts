import type { Direction } from '../domain/cluster/policy/policy.js';
import type { ClusterView, NodeView, PodView } from '../domain/cluster/view.js';
import type { Packet } from '../domain/packet/packet.js';
import type { Ipv4 } from '../domain/values/ipv4.js';
import { fnv1a } from '../domain/values/hash.js';
import type { ClusterPlan } from './cluster-plan.js';

/** Decides whether a pod's policies are ignored for a packet. */
export type LetThrough = (direction: Direction, packet: Packet) => boolean;

export interface CompileOptions {
  /** The node that a trace wants a load balancer address to be sent to; `undefined`: the first that passes its health check. */
  readonly loadBalancerNode?: (address: Ipv4) => string | undefined;
  /** Treats every cut link as up, as it was when the caches were filled. */
  readonly linksUp?: boolean;
  /** The internet host at one end of the trace; `eth1` of the internet's router is in its network. */
  readonly internetHost?: Ipv4;
  /** Lets some packets through despite the policies, to see what they would meet next. */
  readonly letThrough?: LetThrough;
}

const VETH = 'veth';
const VETH_NAME = /^veth[\da-f]{8}$/;

/** What all parts of one compiled network share. */
export class Compilation {
  readonly view: ClusterView;
  readonly plan: ClusterPlan;
  readonly options: CompileOptions;
  readonly #vethNames = new Map<PodView, string>();
  /** Pods by the veth names computed so far. */
  readonly #vethOwners = new Map<string, PodView>();

  constructor(view: ClusterView, plan: ClusterPlan, options: CompileOptions) {
    this.view = view;
    this.plan = plan;
    this.options = options;
  }

  isLinkUp(node: NodeView): boolean {
    return node.linkUp || this.options.linksUp === true;
  }

  /** Name of the node's end of a pod's veth pair: `veth` + 8 hex digits. */
  vethName(pod: PodView): string {
    let name = this.#vethNames.get(pod);
    if (name === undefined) {
      name = `${VETH}${vethHash(pod).toString(16).padStart(8, '0')}`;
      this.#vethNames.set(pod, name);
      this.#vethOwners.set(name, pod);
    }
    return name;
  }

  /** The pod on `node` behind the veth `name`: remembered if this compilation has computed the name, else found by the hash in it. */
  vethOwner(node: string, name: string): PodView | undefined {
    const known = this.#vethOwners.get(name);
    if (known?.node === node) return known;
    if (!VETH_NAME.test(name)) return undefined;
    for (const pod of this.view.podsByNameHash(Number.parseInt(name.slice(VETH.length), 16))) {
      if (pod.node === node && isAttached(pod) && this.vethName(pod) === name) return pod;
    }
    return undefined;
  }
}

export const vethHash = (pod: PodView): number => fnv1a(`${pod.namespace}/${pod.name}`);

/** A pod that has a network namespace of its own. */
export const isAttached = (pod: PodView): pod is PodView & { readonly ip: Ipv4; readonly node: string } =>
  pod.ip !== null && pod.node !== null && !pod.hostNetwork && !pod.finished;
