import type { Direction } from '../domain/cluster/policy/policy.js';
import type { ClusterView, NodeView, PodView } from '../domain/cluster/view.js';
import type { Packet } from '../domain/packet/packet.js';
import type { Ipv4 } from '../domain/values/ipv4.js';
import { fnv1a } from '../domain/values/hash.js';
import type { ClusterPlan } from './cluster-plan.js';

/** Whether the edge of a pod lets a packet through whatever policies say. */
export type LetThrough = (direction: Direction, packet: Packet) => boolean;

export interface CompileOptions {
  /** The node that a trace wants a load balancer address to be sent to; `undefined`: the first that passes its health check. */
  readonly loadBalancerNode?: (address: Ipv4) => string | undefined;
  /** Treats every cut link as up: the world in which caches were filled. */
  readonly linksUp?: boolean;
  /** The internet host at one end of the trace; the internet's router has its second leg in that host's network. */
  readonly internetHost?: Ipv4;
  /** The world in which some packets are not stopped by policies: what lies behind them is seen. */
  readonly letThrough?: LetThrough;
}

const VETH = 'veth';
const VETH_NAME = /^veth[\da-f]{8}$/;

/** What every part of one compiled network shares. */
export class Compilation {
  readonly view: ClusterView;
  readonly plan: ClusterPlan;
  readonly options: CompileOptions;
  readonly #vethNames = new Map<PodView, string>();
  /** By the names that were given out so far. */
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

  /** The pod on `node` behind the veth `name`; who gave the name out is known, and otherwise found by the hash in it. */
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
