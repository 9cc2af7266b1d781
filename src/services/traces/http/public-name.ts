/**
 * Where a name leads that only public DNS knows. That is not modelled: a host that Ingresses or Gateways serve is taken to
 * lead to their load balancer, as its owner will have set it up.
 */
import { serviceOfClass, serviceOfGateway } from '../../../domain/cluster/http-services.js';
import type { ClusterView, ServiceView } from '../../../domain/cluster/view.js';
import type { GatewayView } from '../../../domain/http/gateway.js';
import { gatewayPatternsFor, ingressPatternsFor } from '../../../domain/http/host-pattern.js';
import { formatIpv4, type Ipv4 } from '../../../domain/values/ipv4.js';
import { nameOf } from '../name-of.js';

export interface PublicName {
  readonly address: Ipv4;
  /** Why it is taken to lead there. */
  readonly assumption: string;
}

/** Whoever names a host, and the Service of the proxy that serves it; where none is known, why not. */
type Claim = { readonly by: string } & Server;
type Server = { readonly service: ServiceView } | { readonly service: undefined; readonly why: string };

function* ingressClaims(view: ClusterView, host: string): Iterable<Claim> {
  for (const pattern of ingressPatternsFor(host)) {
    if (pattern === '') continue;
    for (const ingress of view.http.ingressesAt(pattern)) {
      yield { by: `Ingress ${nameOf(ingress)}`, ...servedBy(view, ingress.className) };
    }
  }
}

function servedBy(view: ClusterView, className: string | null): Server {
  if (className === null) return { service: undefined, why: 'it has no IngressClass' };
  const ingressClass = view.http.ingressClass(className);
  if (!ingressClass) return { service: undefined, why: `there is no IngressClass ${className}` };
  const service = serviceOfClass(view, ingressClass);
  return service ? { service } : { service, why: `the Service of its controller (IngressClass ${className}) is not known` };
}

function claimOf(view: ClusterView, gateway: GatewayView, by: string): Claim {
  const service = serviceOfGateway(view, gateway);
  return service ? { by, service } : { by, service, why: `the Service of the proxy of Gateway ${nameOf(gateway)} is not known` };
}

function* gatewayClaims(view: ClusterView, host: string): Iterable<Claim> {
  for (const pattern of gatewayPatternsFor(host)) {
    if (pattern === '') continue;
    for (const gateway of view.http.gatewaysAt(pattern)) yield claimOf(view, gateway, `Gateway ${nameOf(gateway)}`);
    for (const route of view.http.routesNaming(pattern)) {
      for (const parent of route.parents.filter(({ kind }) => kind === 'Gateway')) {
        const gateway = view.http.gateway(parent.namespace, parent.name);
        const by = `HTTPRoute ${nameOf(route)}`;
        yield gateway ? claimOf(view, gateway, by) : { by, service: undefined, why: `there is no Gateway ${nameOf(parent)}` };
      }
    }
  }
}

function* claims(view: ClusterView, host: string): Iterable<Claim> {
  const plain = host.replace(/\.$/, '').toLowerCase();
  yield* ingressClaims(view, plain);
  yield* gatewayClaims(view, plain);
}

/** @returns `null` where nobody serves the host, or nobody who does has an address for it */
export function publicNameOf(view: ClusterView, host: string): PublicName | null {
  for (const { by, service } of claims(view, host)) {
    if (!service) continue;
    const balanced = service.loadBalancerIngress[0]?.ip;
    const address = balanced ?? service.externalIPs[0];
    if (address === undefined) continue;
    const what = balanced === undefined ? 'an external IP' : 'the load balancer';
    return { address, assumption: `public DNS is not modelled: ${host} is taken to lead to ${formatIpv4(address)}, ${what} of Service ${nameOf(service)}, because ${by} names it` };
  }
  return null;
}

/** Why a host that an Ingress, a Gateway or an HTTPRoute names leads nowhere that is known; for a host without an address only. */
export function unservedName(view: ClusterView, host: string): readonly string[] {
  for (const claim of claims(view, host)) {
    const why = claim.service ? `Service ${nameOf(claim.service)} has no address outside of the cluster` : claim.why;
    return [`${claim.by} names ${host}, but ${why}`];
  }
  return [];
}
