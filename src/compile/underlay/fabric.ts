import type { NodeView } from '../../domain/cluster/view.js';
import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { Bridge, Interface, Netns, Route, Socket } from '../../domain/datapath/netns.js';
import { fnv1a } from '../../domain/values/hash.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { hashMac, type Mac } from '../../domain/values/mac.js';
import { cniOf } from '../cni/registry.js';
import type { Compilation } from '../compilation.js';
import { addressOfHostMac } from '../derived-macs.js';
import { ETHERNET_MTU, HOST_SYSCTLS, LO } from '../netns-parts.js';
import { answersForProxied, hasCloudLoadBalancer } from './cloud-load-balancer.js';
import { machineOfPort, switchPort } from './switch-port.js';

const BRIDGE = 'br-lan';

const BRIDGE_DEVICE: Interface = {
  name: BRIDGE, kind: 'bridge', mac: hashMac(fnv1a(BRIDGE)), mtu: ETHERNET_MTU, up: true, addresses: [], peer: null, master: null, hairpin: false,
};

/** The switch of the node network: a bridge without address, rules or hairpin. */
export class FabricNetns implements Netns {
  readonly id = 'fabric';
  readonly sysctls = HOST_SYSCTLS;
  readonly netfilter = null;
  readonly #compilation: Compilation;
  readonly #bridge: SwitchBridge;

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
    this.#bridge = new SwitchBridge(compilation);
  }

  interface(name: InterfaceName): Interface | undefined {
    if (name === BRIDGE) return BRIDGE_DEVICE;
    if (name === 'lo') return LO;
    const machine = machineOfPort(name);
    return machine === undefined ? undefined : portTo(this.#compilation, machine);
  }

  *allInterfaces(): Iterable<Interface> {
    yield LO;
    yield BRIDGE_DEVICE;
    yield* this.#bridge.allPorts();
  }

  bridge(name: InterfaceName): Bridge | undefined {
    return name === BRIDGE ? this.#bridge : undefined;
  }

  localInterface(_address: Ipv4): InterfaceName | null {
    return null;
  }

  lookupRoute(_destination: Ipv4): Route | undefined {
    return undefined;
  }

  allRoutes(): Iterable<Route> {
    return [];
  }

  lookupSocket(): Socket | undefined {
    return undefined;
  }

  allSockets(): Iterable<Socket> {
    return [];
  }

  announces(_address: Ipv4): boolean {
    return false;
  }
}

function portTo(compilation: Compilation, machine: string): Interface | undefined {
  const { view, plan } = compilation;
  if (machine === 'gateway') return port(machine, 'gateway', true);
  if (plan.lanHostByName.has(machine)) return port(machine, `lan:${machine}`, true);
  const node = view.node(machine);
  if (node) return port(machine, `node:${machine}`, compilation.isLinkUp(node));
  return machine === 'cloud-lb' && hasCloudLoadBalancer(compilation) ? port(machine, 'cloud-lb', true) : undefined;
}

function port(machine: string, netns: string, up: boolean): Interface {
  const name = switchPort(machine);
  return {
    name, kind: 'ethernet', mac: hashMac(fnv1a(name)), mtu: ETHERNET_MTU, up, addresses: [],
    peer: { netns, name: 'eth0' }, master: BRIDGE, hairpin: false,
  };
}

class SwitchBridge implements Bridge {
  readonly name = BRIDGE;
  readonly #compilation: Compilation;

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
  }

  /** Nothing is behind a port whose cable is cut. */
  portOfMac(mac: Mac): InterfaceName | null {
    const address = addressOfHostMac(mac);
    if (address === null) return null;
    const { view, plan } = this.#compilation;
    const node = view.nodeByAddress(address);
    if (node?.internalIP === address) return this.#compilation.isLinkUp(node) ? switchPort(node.name) : null;
    if (address === plan.gatewayInternal) return switchPort('gateway');
    const host = plan.lanHostByAddress.get(address);
    if (host) return switchPort(host.name);
    return address === plan.cloudLoadBalancer && hasCloudLoadBalancer(this.#compilation) ? switchPort('cloud-lb') : null;
  }

  /**
   * Linux answers on any interface for every address of the machine; a program may answer for more.
   *
   * @source Linux ip-sysctl `arp_ignore` = 0
   */
  portsAnsweringFor(address: Ipv4): readonly InterfaceName[] {
    const { view, plan } = this.#compilation;
    const ports: InterfaceName[] = [];
    if (address === plan.gatewayInternal || address === plan.gatewayExternal) ports.push(switchPort('gateway'));
    if (answersForProxied(this.#compilation, address)) ports.push(switchPort('cloud-lb'));
    const host = plan.lanHostByAddress.get(address);
    if (host) ports.push(switchPort(host.name));
    const holder = view.nodeByAddress(address) ?? this.#pluginHolder(address);
    if (holder) this.#addNode(ports, holder);
    for (const node of view.nodesAnnouncing(address)) if (node.name !== holder?.name) this.#addNode(ports, node);
    return ports;
  }

  *allPorts(): Iterable<Interface> {
    yield port('gateway', 'gateway', true);
    if (hasCloudLoadBalancer(this.#compilation)) yield port('cloud-lb', 'cloud-lb', true);
    for (const { name } of this.#compilation.plan.lanHosts) yield port(name, `lan:${name}`, true);
    for (const node of this.#compilation.view.allNodes()) yield port(node.name, `node:${node.name}`, this.#compilation.isLinkUp(node));
  }

  /** The node that has `address` on an interface of its CNI plug-in. */
  #pluginHolder(address: Ipv4): NodeView | undefined {
    const { view, plan } = this.#compilation;
    const node = view.nodeByPodAddress(address);
    return node && cniOf(plan.settings).nodeNetwork(this.#compilation, node).localInterface(address) !== null ? node : undefined;
  }

  #addNode(ports: InterfaceName[], node: NodeView): void {
    if (this.#compilation.isLinkUp(node)) ports.push(switchPort(node.name));
  }
}
