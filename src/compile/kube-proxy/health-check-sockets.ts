import type { NodeView, ServiceView } from '../../domain/cluster/view.js';
import type { Socket } from '../../domain/datapath/netns.js';
import type { Protocol } from '../../domain/packet/packet.js';
import { UNSPECIFIED, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Compilation } from '../compilation.js';
import { accepts, type SocketTable } from '../sockets.js';
import { nodePortAddressesOf } from './node-port-addresses-of.js';
import { NodePortAddresses } from './node-port-addresses.js';
import { healthCheckNodePortOf, isProxiedService } from './service-traffic.js';

/**
 * The sockets on which kube-proxy answers the health checks of load balancers. They exist on every node, with or without
 * local endpoints, at the addresses where node ports work.
 *
 * @source Kubernetes `pkg/proxy/healthcheck/service_health.go` `newServiceHealthServer`
 */
export class HealthCheckSockets implements SocketTable {
  readonly #compilation: Compilation;
  readonly #node: NodeView;
  #addresses: readonly Ipv4[] | undefined;

  constructor(compilation: Compilation, node: NodeView) {
    this.#compilation = compilation;
    this.#node = node;
  }

  lookup(protocol: Protocol, address: Ipv4, port: number): Socket | undefined {
    const service = protocol === 'TCP' ? this.#compilation.view.serviceByHealthCheckNodePort(port) : undefined;
    return service && this.#socketsOf(service).find((socket) => accepts(socket, protocol, address, port));
  }

  *all(): Iterable<Socket> {
    for (const service of this.#compilation.view.allServices()) yield* this.#socketsOf(service);
  }

  #socketsOf(service: ServiceView): readonly Socket[] {
    const port = isProxiedService(service) ? healthCheckNodePortOf(service) : 0;
    return port === 0 ? [] : this.#listensOn().map((address) => ({ protocol: 'TCP', address, port, owner: 'kube-proxy' }));
  }

  #listensOn(): readonly Ipv4[] {
    return (this.#addresses ??= this.#compileAddresses());
  }

  #compileAddresses(): readonly Ipv4[] {
    const configured = new NodePortAddresses(this.#compilation.plan.settings.kubeProxy.nodePortAddresses);
    return configured.matchAll ? [UNSPECIFIED] : nodePortAddressesOf(this.#compilation, this.#node, configured);
  }
}
