import type { NodeView, PodView } from '../../domain/cluster/view.js';
import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { Bridge, Interface, Route } from '../../domain/datapath/netns.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import type { Compilation } from '../compilation.js';

/** A pod's own side of its attachment. */
export interface PodNetwork {
  readonly device: Interface;
  readonly routes: readonly Route[];
}

/** The plug-in's part of a node: everything but `lo`, the node's `eth0` and its routes. */
export interface NodeNetwork {
  interface(name: InterfaceName): Interface | undefined;
  allInterfaces(): Iterable<Interface>;
  /** The addresses of its interfaces. */
  readonly addresses: readonly Ipv4[];
  localInterface(address: Ipv4): InterfaceName | null;
  /** The most specific of the plug-in's routes. */
  lookupRoute(destination: Ipv4): Route | undefined;
  allRoutes(): Iterable<Route>;
  bridge(name: InterfaceName): Bridge | undefined;
}

/** How pods are attached to their node, and how their packets get to the other nodes. */
export interface Cni {
  podNetwork(compilation: Compilation, pod: PodView & { readonly ip: Ipv4; readonly node: string }, node: NodeView): PodNetwork;
  nodeNetwork(compilation: Compilation, node: NodeView): NodeNetwork;
}
