import type { ClusterView } from '../../domain/cluster/view.js';
import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { Interface, InterfaceAddress, Netns, Socket } from '../../domain/datapath/netns.js';
import type { Protocol } from '../../domain/packet/packet.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { hostMac } from '../../domain/values/mac.js';
import type { ClusterPlan } from '../cluster-plan.js';
import type { Compilation } from '../compilation.js';
import { HostNetns } from '../host-netns.js';
import { connectedRoute, defaultRoute, ethernet, HOST_SYSCTLS, LO } from '../netns-parts.js';
import type { SocketTable } from '../sockets.js';
import { ipModeOf } from './load-balancer-address.js';
import { switchPort } from './switch-port.js';

/** Whether any Service has an address in ipMode Proxy, by view and revision; computed only if a packet could go to the load balancer. */
const known = new WeakMap<ClusterView, { readonly revision: number; readonly exists: boolean }>();

/** The load balancer is a machine only if some Service's address is in ipMode Proxy. */
export function hasCloudLoadBalancer({ view }: Compilation): boolean {
  let answer = known.get(view);
  if (answer?.revision !== view.revision) {
    answer = { revision: view.revision, exists: !proxiedAddresses(view).next().done };
    known.set(view, answer);
  }
  return answer.exists;
}

function* proxiedAddresses(view: ClusterView): Generator<Ipv4> {
  for (const service of view.allServices()) {
    for (const { ip, ipMode } of service.loadBalancerIngress) if (ipMode === 'Proxy') yield ip;
  }
}

const isProxied = (view: ClusterView, address: Ipv4): boolean => view.servicesAt(address).some(({ service }) => ipModeOf(service, address) === 'Proxy');

/** Is `address` the load balancer's own, or one that it holds for a service? */
export const answersForProxied = (compilation: Compilation, address: Ipv4): boolean =>
  isProxied(compilation.view, address) || (address === compilation.plan.cloudLoadBalancer && hasCloudLoadBalancer(compilation));

export const cloudLoadBalancerNetns = (compilation: Compilation): Netns | undefined =>
  hasCloudLoadBalancer(compilation) ? new CloudLoadBalancerNetns(compilation.view, compilation.plan) : undefined;

/** A proxy on the node network that holds every address in ipMode Proxy, and listens on each of its service's ports. */
class CloudLoadBalancerNetns extends HostNetns {
  readonly #view: ClusterView;

  constructor(view: ClusterView, plan: ClusterPlan) {
    const own = plan.cloudLoadBalancer;
    super('cloud-lb', HOST_SYSCTLS,
      [ethernet('eth0', hostMac(own), own, plan.nodeCIDR.prefix, { netns: 'fabric', name: switchPort('cloud-lb') })],
      [defaultRoute(plan.gatewayInternal, 'eth0', 'the gateway of the node network'), connectedRoute(plan.nodeCIDR, 'eth0', own)],
      new ProxySockets(view));
    this.#view = view;
  }

  override localInterface(address: Ipv4): InterfaceName | null {
    return super.localInterface(address) ?? (isProxied(this.#view, address) ? 'eth0' : null);
  }

  override *allInterfaces(): Iterable<Interface> {
    const held: InterfaceAddress[] = [...new Set(proxiedAddresses(this.#view))].map((address) => ({ address, prefix: 32 }));
    yield LO;
    for (const device of this.interfaces) yield { ...device, addresses: [...device.addresses, ...held] };
  }
}

class ProxySockets implements SocketTable {
  readonly #view: ClusterView;

  constructor(view: ClusterView) {
    this.#view = view;
  }

  lookup(protocol: Protocol, address: Ipv4, port: number): Socket | undefined {
    for (const { service, port: servicePort, kind } of this.#view.servicesAt(address)) {
      if (kind === 'loadBalancer' && servicePort.port === port && servicePort.protocol === protocol && ipModeOf(service, address) === 'Proxy') {
        return { protocol, address, port, owner: `Service ${service.namespace}/${service.name}` };
      }
    }
    return undefined;
  }

  *all(): Iterable<Socket> {
    for (const service of this.#view.allServices()) {
      for (const { ip, ipMode } of service.loadBalancerIngress) {
        if (ipMode === 'VIP') continue;
        for (const { protocol, port } of service.ports) yield { protocol, address: ip, port, owner: `Service ${service.namespace}/${service.name}` };
      }
    }
  }
}
