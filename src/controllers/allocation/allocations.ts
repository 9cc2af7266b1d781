import type { ClusterState } from '../../domain/cluster/draft.js';
import type { NodeFacts } from '../../domain/cluster/facts.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { cidr, lastHostOf, overlaps, parseCidr, type Cidr } from '../../domain/values/cidr.js';
import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import { toIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { CidrSet } from '../node-ipam/cidr-set.js';
import type { NodeObject, PodObject, ServiceObject } from '../object-shapes.js';
import { askedAddress } from '../services/asked-address.js';
import { LowestFree } from './lowest-free.js';

/** Pods get addresses from the second host of the podCIDR on, since the first is the bridge's. */
const FIRST_POD_OFFSET = 2;

/**
 * The state of allocation during one request. The allocators give out the lowest free value, and the draft decides what is
 * free. The cursors here only save the allocators from searching from the beginning for each of many objects, and the
 * reservations prevent that an earlier document gets a value that a later one states.
 */
export class Allocations {
  readonly clusterIPs = new LowestFree();
  readonly nodePorts = new LowestFree();
  readonly loadBalancerIPs = new LowestFree();
  readonly nodeAddresses = new LowestFree();
  /** Addresses that a document of the request states for its own object. */
  readonly reservedAddresses = new Set<number>();
  readonly reservedNodePorts = new Set<number>();
  readonly #podCursors = new Map<string, number>();
  readonly #statedPodCidrs: Cidr[] = [];
  #podCidrs: CidrSet | undefined;
  /**
   * Addresses of pods that this request ends. On a real cluster such pods are still terminating when their replacements
   * start, so these addresses are allocated only if no other is free.
   */
  readonly #leaving = new Set<number>();

  /** Reserves the addresses, ports and ranges that `object` states. @param object as it was received */
  reserve(object: KubeObject): void {
    if (object.kind === 'Pod') this.#reserveAddress((object as Partial<PodObject>).status?.podIP);
    else if (object.kind === 'Node') {
      const { spec, status } = object as Partial<NodeObject>;
      const block = typeof spec?.podCIDR === 'string' ? parseCidr(spec.podCIDR) : undefined;
      if (block) this.#statedPodCidrs.push(block);
      for (const { address } of status?.addresses ?? []) this.#reserveAddress(address);
    } else if (object.kind === 'Service') {
      const { spec, status } = object as Partial<ServiceObject>;
      this.#reserveAddress(spec?.clusterIP || spec?.clusterIPs?.[0]);
      this.#reserveAddress(askedAddress(object as Partial<ServiceObject> & Pick<ServiceObject, 'metadata'>)?.ip);
      for (const { ip } of status?.loadBalancer?.ingress ?? []) this.#reserveAddress(ip);
      for (const { nodePort } of spec?.ports ?? []) if (nodePort) this.reservedNodePorts.add(nodePort);
      if (spec?.healthCheckNodePort) this.reservedNodePorts.add(spec.healthCheckNodePort);
    }
  }

  /** The lowest free pod address of the node; `null` if its podCIDR is full, or if it has none. */
  nextPodAddress(state: ClusterState, { name, podCIDR }: NodeFacts): Ipv4 | null {
    if (!podCIDR) return null;
    const lastUsable = lastHostOf(podCIDR);
    let candidate = this.#podCursors.get(name) ?? podCIDR.base + FIRST_POD_OFFSET;
    while (candidate <= lastUsable && (this.#leaving.has(candidate) || this.#isTaken(state, candidate))) candidate += 1;
    this.#podCursors.set(name, candidate);
    if (candidate <= lastUsable) return toIpv4(candidate);
    const left = [...this.#leaving].filter((address) => address > podCIDR.base && address <= lastUsable && !this.#isTaken(state, address));
    return left.length > 0 ? toIpv4(Math.min(...left)) : null;
  }

  /** The blocks into which the cluster's podCIDR is divided; those that documents of the request state are taken. */
  podCidrs({ settings }: ClusterState): CidrSet {
    const range = cidr(settings.podCIDR);
    const known = this.#podCidrs;
    if (known && known.range.base === range.base && known.range.prefix === range.prefix && known.blockPrefix === settings.nodeCIDRMaskSize) return known;
    const set = new CidrSet(range, settings.nodeCIDRMaskSize);
    for (const block of this.#statedPodCidrs) if (overlaps(range, block)) set.occupy(block);
    return (this.#podCidrs = set);
  }

  /** Must be called for a pod that the request removes from the node, or ends: its address can be allocated again. */
  podReleased(node: string, address: number | null | undefined): void {
    this.#podCursors.delete(node);
    if (address !== null && address !== undefined) this.#leaving.add(address);
  }

  #isTaken(state: ClusterState, address: number): boolean {
    return this.reservedAddresses.has(address) || state.isPodAddress(toIpv4(address));
  }

  #reserveAddress(text: unknown): void {
    const address = typeof text === 'string' ? parseLegacyIpv4(text) : undefined;
    if (address !== undefined) this.reservedAddresses.add(address);
  }
}
