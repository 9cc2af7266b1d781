/**
 * Where a name leads that only public DNS knows. That is not modelled: a host that Ingresses or Gateways serve is taken to
 * lead to their load balancer, as its owner will have set it up.
 */
import { serviceOfClass, serviceOfGateway } from '../../../domain/cluster/http-services.js';
import type { ClusterView, ServiceView } from '../../../domain/cluster/view.js';
import { gatewayPatternsFor, ingressPatternsFor } from '../../../domain/http/host-pattern.js';
import { formatIpv4, type Ipv4 } from '../../../domain/values/ipv4.js';

export interface PublicName {
  readonly address: Ipv4;
  /** Why it is taken to lead there. */
  readonly assumption: string;
}

interface Claim {
  readonly by: string;
  readonly service: ServiceView;
}

const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace}/${name}`;

function* ingressClaims(view: ClusterView, host: string): Iterable<Claim> {
  for (const pattern of ingressPatternsFor(host)) {
    if (pattern === '') continue;
    for (const ingress of view.http.ingressesAt(pattern)) {
      const ingressClass = ingress.className === null ? undefined : view.http.ingressClass(ingress.className);
      const service = ingressClass && serviceOfClass(view, ingressClass);
      if (service) yield { by: `Ingress ${nameOf(ingress)}`, service };
    }
  }
}

function* gatewayClaims(view: ClusterView, host: string): Iterable<Claim> {
  for (const pattern of gatewayPatternsFor(host)) {
    if (pattern === '') continue;
    for (const gateway of view.http.gatewaysAt(pattern)) {
      const service = serviceOfGateway(view, gateway);
      if (service) yield { by: `Gateway ${nameOf(gateway)}`, service };
    }
    for (const route of view.http.routesNaming(pattern)) {
      for (const parent of route.parents) {
        const gateway = parent.kind === 'Gateway' ? view.http.gateway(parent.namespace, parent.name) : undefined;
        const service = gateway && serviceOfGateway(view, gateway);
        if (service) yield { by: `HTTPRoute ${nameOf(route)}`, service };
      }
    }
  }
}

function* claims(view: ClusterView, host: string): Iterable<Claim> {
  yield* ingressClaims(view, host);
  yield* gatewayClaims(view, host);
}

/** @returns `null` where nobody serves the host, or nobody who does has an address for it */
export function publicNameOf(view: ClusterView, host: string): PublicName | null {
  for (const { by, service } of claims(view, host.replace(/\.$/, '').toLowerCase())) {
    const balanced = service.loadBalancerIngress[0]?.ip;
    const address = balanced ?? service.externalIPs[0];
    if (address === undefined) continue;
    const what = balanced === undefined ? 'an external IP' : 'the load balancer';
    return { address, assumption: `public DNS is not modelled: ${host} is taken to lead to ${formatIpv4(address)}, ${what} of Service ${nameOf(service)}, because ${by} names it` };
  }
  return null;
}
