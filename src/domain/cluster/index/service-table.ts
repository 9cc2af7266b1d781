import type { Protocol } from '../../packet/packet.js';
import type { Ipv4 } from '../../values/ipv4.js';
import type { ServiceFacts } from '../facts.js';
import type { Labels } from '../label-selector.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';
import { SelectorIndex } from './selector-index.js';

const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP', 'ICMP'];
const portKey = (protocol: Protocol, port: number): number => port * PROTOCOLS.length + PROTOCOLS.indexOf(protocol);

const addressesOf = ({ clusterIP, externalIPs, loadBalancerIngress }: ServiceFacts): readonly Ipv4[] =>
  [...(clusterIP === null ? [] : [clusterIP]), ...externalIPs, ...loadBalancerIngress.map(({ ip }) => ip)];

const nodePortsOf = ({ ports }: ServiceFacts): readonly number[] =>
  ports.filter(({ nodePort }) => nodePort !== 0).map(({ protocol, nodePort }) => portKey(protocol, nodePort));

/** Services, also by virtual IP, by port of the nodes and by what they select. */
export class ServiceTable extends FactTable<ServiceFacts> {
  readonly #byAddress = new Buckets<Ipv4, ServiceFacts>();
  readonly #byNodePort = new Buckets<number, ServiceFacts>();
  readonly #byHealthCheckNodePort = new Buckets<number, ServiceFacts>();
  readonly #withTopologyHints = new Set<ServiceFacts>();
  readonly #selectors = new SelectorIndex<ServiceFacts>(({ selector }) => selector);

  /** By clusterIP, external IP or address of its load balancer. */
  at(address: Ipv4): readonly ServiceFacts[] {
    return inOrder(this.#byAddress.get(address));
  }

  byNodePort(protocol: Protocol, nodePort: number): readonly ServiceFacts[] {
    return inOrder(this.#byNodePort.get(portKey(protocol, nodePort)));
  }

  byHealthCheckNodePort(port: number): readonly ServiceFacts[] {
    return inOrder(this.#byHealthCheckNodePort.get(port));
  }

  withTopologyHints(): readonly ServiceFacts[] {
    return inOrder([...this.#withTopologyHints]);
  }

  selecting(namespace: string, labels: Labels): readonly ServiceFacts[] {
    return this.#selectors.selecting(namespace, labels);
  }

  protected override added(service: ServiceFacts): void {
    for (const address of addressesOf(service)) this.#byAddress.add(address, service);
    for (const key of nodePortsOf(service)) this.#byNodePort.add(key, service);
    if (service.healthCheckNodePort !== 0) this.#byHealthCheckNodePort.add(service.healthCheckNodePort, service);
    if (service.topologyHints) this.#withTopologyHints.add(service);
    this.#selectors.add(service);
  }

  protected override removed(service: ServiceFacts): void {
    for (const address of addressesOf(service)) this.#byAddress.remove(address, service);
    for (const key of nodePortsOf(service)) this.#byNodePort.remove(key, service);
    if (service.healthCheckNodePort !== 0) this.#byHealthCheckNodePort.remove(service.healthCheckNodePort, service);
    this.#withTopologyHints.delete(service);
    this.#selectors.remove(service);
  }
}
