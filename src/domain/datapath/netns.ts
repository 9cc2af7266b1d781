/**
 * The Linux that a walk reads: network namespaces and what is in them.
 *
 * Everything here answers lookups, and is built on demand; `all…()` lists everything, for exports and for
 * the copies of a flooded frame. Implementations are immutable as seen from outside: the same question has the same
 * answer as long as the object lives. Caches that a packet fills (neighbours, FDB, conntrack) are not here but in `Tables`.
 */
import type { Cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import type { Protocol } from '../packet/packet.js';
import type { InterfaceName } from './interface-name.js';
import type { Netfilter } from './netfilter/rules.js';

/** `pod:<namespace>/<name>`, `node:<name>`, `fabric`, `gateway`, `isp`, `cloud-lb`, `lan:<name>`, `internet:<ip>`. */
export type NetnsId = string;

export interface InterfaceAddress {
  readonly address: Ipv4;
  /** Prefix length of the interface's own network, 0–32. */
  readonly prefix: number;
}

/** One end of a veth pair or of a cable. */
export interface InterfaceRef {
  readonly netns: NetnsId;
  readonly name: InterfaceName;
}

export interface Interface {
  readonly name: InterfaceName;
  readonly kind: 'loopback' | 'veth' | 'bridge' | 'ethernet';
  readonly mac: Mac;
  /** Bytes of IP packet. */
  readonly mtu: number;
  /** Administratively up and with carrier. A cut cable is down at both ends. */
  readonly up: boolean;
  /** The first is the primary one. */
  readonly addresses: readonly InterfaceAddress[];
  /** The other end; `null` for `lo` and for bridges. */
  readonly peer: InterfaceRef | null;
  /** The bridge that this interface is a port of. */
  readonly master: InterfaceName | null;
  /** A bridge port that may send a frame back where it came from. */
  readonly hairpin: boolean;
}

export interface Route {
  readonly destination: Cidr;
  /** Next hop; `null` for a network on the link. */
  readonly via: Ipv4 | null;
  readonly device: InterfaceName;
  /** Preferred source address (`src`); `null` if the route has none. */
  readonly source: Ipv4 | null;
  readonly metric: number;
  readonly scope: 'host' | 'link' | 'global';
  readonly protocol: 'kernel' | 'boot' | 'static';
  readonly table: 'local' | 'main';
  /** What put the route there, in words, e.g. "the podCIDR of node-2"; shown with the evidence. */
  readonly origin?: string;
  /** Set if a load balancer chose the next hop among several. */
  readonly loadBalancer?: LoadBalancerChoice;
}

/** The nodes that a load balancer chose from. */
export interface LoadBalancerChoice {
  readonly service: string;
  readonly chosen: string;
  /** Computed on demand; only the first if there are very many. `why` is a code, e.g. `NO_READY_LOCAL_ENDPOINT`. */
  readonly candidates: readonly { readonly node: string; readonly healthy: boolean; readonly why: string }[];
}

/** A bridge: its ports, and which of them lead to an owner. The walk keeps the FDB; this is the wiring. */
export interface Bridge {
  readonly name: InterfaceName;
  /** The port that leads to the interface with this MAC; `null` if there is none. Not called with the bridge's own MAC. */
  portOfMac(mac: Mac): InterfaceName | null;
  /** Ports behind which an ARP request for `address` is answered, in port order; without the bridge itself. */
  portsAnsweringFor(address: Ipv4): readonly InterfaceName[];
  /** Every port, in port order. */
  allPorts(): Iterable<Interface>;
}

/** A socket that listens, or an internet host's catch-all. */
export interface Socket {
  readonly protocol: Protocol;
  /** 0.0.0.0 listens on every address. */
  readonly address: Ipv4;
  readonly port: number;
  /** Its owner, e.g. a container's name; `null` if there is none to name. */
  readonly owner: string | null;
}

export interface Sysctls {
  readonly ipForward: boolean;
  /** 0 off, 1 strict, 2 loose. */
  readonly rpFilter: 0 | 1 | 2;
  readonly routeLocalnet: boolean;
  readonly bridgeNfCallIptables: boolean;
}

export interface Netns {
  readonly id: NetnsId;
  readonly sysctls: Sysctls;
  interface(name: InterfaceName): Interface | undefined;
  allInterfaces(): Iterable<Interface>;
  /** The interface that holds `address` as its own (127/8: `lo`); `null` when the address is not local. */
  localInterface(address: Ipv4): InterfaceName | null;
  /** Longest prefix of the main table, then lowest metric, then table order. The local table is `localInterface`. */
  lookupRoute(destination: Ipv4): Route | undefined;
  allRoutes(): Iterable<Route>;
  bridge(name: InterfaceName): Bridge | undefined;
  /** `null`: no rules and no connection tracking in this namespace. */
  readonly netfilter: Netfilter | null;
  lookupSocket(protocol: Protocol, address: Ipv4, port: number): Socket | undefined;
  allSockets(): Iterable<Socket>;
  /** Does a program here answer ARP requests for `address` from user space (as MetalLB's speaker does)? */
  announces(address: Ipv4): boolean;
}

export interface Network {
  /** @returns `undefined` when there is no such namespace. */
  netns(id: NetnsId): Netns | undefined;
}
