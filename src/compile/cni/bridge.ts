import type { NodeView, PodView } from '../../domain/cluster/view.js';
import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { Bridge, Interface, Route } from '../../domain/datapath/netns.js';
import { addressAt, contains, type Cidr } from '../../domain/values/cidr.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { hashMac, podMac, type Mac } from '../../domain/values/mac.js';
import { isAttached, vethHash, type Compilation } from '../compilation.js';
import { addressOfPodMac } from '../derived-macs.js';
import { connectedRoute, defaultRoute, routeVia } from '../netns-parts.js';
import type { Cni, NodeNetwork, PodNetwork } from './cni.js';

const BRIDGE = 'cbr0';

/** The first address of a node's podCIDR: its bridge, and its pods' gateway. */
const bridgeAddress = (podCIDR: Cidr): Ipv4 => addressAt(podCIDR, 1);

/**
 * One Linux bridge a node, a veth pair a pod, and a route to each other node's podCIDR by way of that node's address.
 *
 * @source containernetworking/plugins `bridge`; kubenet; flannel's `host-gw`
 */
export const bridgeCni: Cni = {
  podNetwork(compilation, pod, node): PodNetwork {
    const podCIDR = node.podCIDR;
    const device: Interface = {
      name: 'eth0', kind: 'veth', mac: podMac(pod.ip), mtu: compilation.plan.settings.cni.mtu, up: true,
      addresses: [{ address: pod.ip, prefix: podCIDR?.prefix ?? 32 }],
      peer: { netns: `node:${node.name}`, name: compilation.vethName(pod) }, master: null, hairpin: false,
    };
    if (!podCIDR) return { device, routes: [] };
    return { device, routes: [defaultRoute(bridgeAddress(podCIDR), 'eth0', 'the bridge of the node'), connectedRoute(podCIDR, 'eth0', pod.ip)] };
  },
  nodeNetwork: (compilation, node) => (node.podCIDR ? new BridgeNetwork(compilation, node, node.podCIDR) : NO_PODS),
};

/** A node without a podCIDR has no bridge, and no routes to pods. */
const NO_PODS: NodeNetwork = {
  interface: () => undefined, allInterfaces: () => [], addresses: [], localInterface: () => null,
  lookupRoute: () => undefined, allRoutes: () => [], bridge: () => undefined,
};

class BridgeNetwork implements NodeNetwork {
  readonly #compilation: Compilation;
  readonly #node: NodeView;
  readonly #podCIDR: Cidr;
  readonly #address: Ipv4;
  #device: Interface | undefined;
  #bridge: Bridge | undefined;

  constructor(compilation: Compilation, node: NodeView, podCIDR: Cidr) {
    this.#compilation = compilation;
    this.#node = node;
    this.#podCIDR = podCIDR;
    this.#address = bridgeAddress(podCIDR);
  }

  interface(name: InterfaceName): Interface | undefined {
    if (name === BRIDGE) return this.#bridgeDevice();
    const pod = this.#compilation.vethOwner(this.#node.name, name);
    return pod && vethPort(this.#compilation, pod, name);
  }

  get addresses(): readonly Ipv4[] {
    return [this.#address];
  }

  *allInterfaces(): Iterable<Interface> {
    yield this.#bridgeDevice();
    for (const pod of this.#compilation.view.podsOnNode(this.#node.name)) {
      if (isAttached(pod)) yield vethPort(this.#compilation, pod, this.#compilation.vethName(pod));
    }
  }

  localInterface(address: Ipv4): InterfaceName | null {
    return address === this.#address ? BRIDGE : null;
  }

  lookupRoute(destination: Ipv4): Route | undefined {
    if (contains(this.#podCIDR, destination)) return connectedRoute(this.#podCIDR, BRIDGE, this.#address);
    const owner = this.#compilation.view.nodeByPodAddress(destination);
    return owner?.podCIDR ? routeToNode(owner, owner.podCIDR) : undefined;
  }

  *allRoutes(): Iterable<Route> {
    yield connectedRoute(this.#podCIDR, BRIDGE, this.#address);
    for (const node of this.#compilation.view.allNodes()) {
      if (node.name !== this.#node.name && node.podCIDR) yield routeToNode(node, node.podCIDR);
    }
  }

  bridge(name: InterfaceName): Bridge | undefined {
    return name === BRIDGE ? (this.#bridge ??= new PodBridge(this.#compilation, this.#node.name)) : undefined;
  }

  /** A bridge without ports has no carrier. @source Linux `br_port_carrier_check`, `netif_carrier_off` */
  #hasPort(): boolean {
    return this.#compilation.view.hasAttachedPods(this.#node.name);
  }

  #bridgeDevice(): Interface {
    return (this.#device ??= {
      name: BRIDGE, kind: 'bridge', mac: podMac(this.#address), mtu: this.#compilation.plan.settings.cni.mtu, up: this.#hasPort(),
      addresses: [{ address: this.#address, prefix: this.#podCIDR.prefix }], peer: null, master: null, hairpin: false,
    });
  }
}

const routeToNode = (node: NodeView, podCIDR: Cidr): Route => routeVia(podCIDR, node.internalIP, 'eth0', null, `the podCIDR of ${node.name}`);

/** The node's end of a pod's veth pair; its MAC address contains the digits of its name. */
const vethPort = ({ plan: { settings } }: Compilation, pod: PodView, name: InterfaceName): Interface => ({
  name, kind: 'veth', mac: hashMac(vethHash(pod)), mtu: settings.cni.mtu, up: true, addresses: [],
  peer: { netns: `pod:${pod.namespace}/${pod.name}`, name: 'eth0' }, master: BRIDGE, hairpin: settings.hairpin,
});

class PodBridge implements Bridge {
  readonly name = BRIDGE;
  readonly #compilation: Compilation;
  readonly #node: string;

  constructor(compilation: Compilation, node: string) {
    this.#compilation = compilation;
    this.#node = node;
  }

  portOfMac(mac: Mac): InterfaceName | null {
    const address = addressOfPodMac(mac);
    return address === null ? null : this.#portOf(address);
  }

  portsAnsweringFor(address: Ipv4): readonly InterfaceName[] {
    const port = this.#portOf(address);
    return port === null ? [] : [port];
  }

  *allPorts(): Iterable<Interface> {
    for (const pod of this.#compilation.view.podsOnNode(this.#node)) {
      if (isAttached(pod)) yield vethPort(this.#compilation, pod, this.#compilation.vethName(pod));
    }
  }

  #portOf(address: Ipv4): InterfaceName | null {
    const pod = this.#compilation.view.podByAddress(address);
    return pod?.node === this.#node ? this.#compilation.vethName(pod) : null;
  }
}
