import type { NodeView } from '../domain/cluster/view.js';
import type { Netfilter } from '../domain/datapath/netfilter/rules.js';
import type { InterfaceName } from '../domain/datapath/interface-name.js';
import type { Bridge, Interface, Netns, NetnsId, Route, Socket, Sysctls } from '../domain/datapath/netns.js';
import type { Protocol } from '../domain/packet/packet.js';
import { isLoopback, type Ipv4 } from '../domain/values/ipv4.js';
import { hostMac } from '../domain/values/mac.js';
import type { NodeNetwork } from './cni/cni.js';
import { cniOf } from './cni/registry.js';
import type { Compilation } from './compilation.js';
import { HealthCheckSockets } from './kube-proxy/health-check-sockets.js';
import { nodeNetfilter } from './netfilter/node-netfilter.js';
import { connectedRoute, defaultRoute, ETHERNET_MTU, isReplaced, LO, longestPrefix, moreSpecific, routeVia } from './netns-parts.js';
import { wiringOf, type WiringPlan } from './node-wiring.js';
import { NodeSockets } from './sockets.js';
import { switchPort } from './underlay/switch-port.js';

/** A node: its link to the switch, the CNI plug-in's part, and the rules of kube-proxy and the masquerade agent. */
export class NodeNetns implements Netns {
  readonly id: NetnsId;
  readonly sysctls: Sysctls;
  readonly netfilter: Netfilter;
  readonly #compilation: Compilation;
  readonly #node: NodeView;
  readonly #wiring: WiringPlan;
  readonly #pods: NodeNetwork;
  readonly #cable: Interface;
  /** The default route and that of the node network. */
  readonly #own: readonly Route[];
  /** Configured routes; they replace others with the same prefix. */
  readonly #extra: readonly Route[];
  #sockets: NodeSockets | undefined;

  constructor(compilation: Compilation, node: NodeView) {
    const { plan } = compilation;
    this.id = `node:${node.name}`;
    this.sysctls = plan.nodeSysctls;
    this.#compilation = compilation;
    this.#node = node;
    this.#wiring = wiringOf(node.wiring);
    this.#pods = cniOf(plan.settings).nodeNetwork(compilation, node);
    this.netfilter = nodeNetfilter(compilation, node);
    this.#cable = {
      name: 'eth0', kind: 'ethernet', mac: hostMac(node.internalIP), mtu: ETHERNET_MTU, up: compilation.isLinkUp(node),
      addresses: [{ address: node.internalIP, prefix: plan.nodeCIDR.prefix }, ...this.#wiring.addresses.map((address) => ({ address, prefix: 32 }))],
      peer: { netns: 'fabric', name: switchPort(node.name) }, master: null, hairpin: false,
    };
    this.#own = [defaultRoute(plan.gatewayInternal, 'eth0', 'the gateway of the node network'), connectedRoute(plan.nodeCIDR, 'eth0', node.internalIP)];
    this.#extra = this.#wiring.routes.map(({ destination, via, source }) =>
      routeVia(destination, via, this.#deviceTowards(via), source, `a route of ${node.name}`),
    );
  }

  interface(name: InterfaceName): Interface | undefined {
    return name === 'eth0' ? this.#cable : name === 'lo' ? LO : this.#pods.interface(name);
  }

  *allInterfaces(): Iterable<Interface> {
    yield LO;
    yield this.#cable;
    yield* this.#pods.allInterfaces();
  }

  localInterface(address: Ipv4): InterfaceName | null {
    if (address === this.#node.internalIP || this.#wiring.addresses.includes(address)) return 'eth0';
    return this.#pods.localInterface(address) ?? (isLoopback(address) ? 'lo' : null);
  }

  lookupRoute(destination: Ipv4): Route | undefined {
    const compiled = moreSpecific(this.#pods.lookupRoute(destination), longestPrefix(this.#own, destination));
    return this.#extra.length === 0 ? compiled : moreSpecific(longestPrefix(this.#extra, destination), compiled);
  }

  *allRoutes(): Iterable<Route> {
    for (const route of this.#own) if (!isReplaced(route, this.#extra)) yield route;
    for (const route of this.#pods.allRoutes()) if (!isReplaced(route, this.#extra)) yield route;
    yield* this.#extra;
  }

  bridge(name: InterfaceName): Bridge | undefined {
    return this.#pods.bridge(name);
  }

  lookupSocket(protocol: Protocol, address: Ipv4, port: number): Socket | undefined {
    return this.#socketTable().lookup(protocol, address, port);
  }

  allSockets(): Iterable<Socket> {
    return this.#socketTable().all();
  }

  announces(address: Ipv4): boolean {
    return this.#wiring.announces.includes(address);
  }

  /** A next hop is a pod of this node or a machine on the node network. */
  #deviceTowards(nextHop: Ipv4): InterfaceName {
    const route = this.#pods.lookupRoute(nextHop);
    return route && route.via === null ? route.device : 'eth0';
  }

  #socketTable(): NodeSockets {
    return (this.#sockets ??= new NodeSockets(this.#compilation.view, this.#node.name, new HealthCheckSockets(this.#compilation, this.#node)));
  }
}
