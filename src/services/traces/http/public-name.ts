/**
 * Resolves names that only public DNS knows. Public DNS is not modelled: a host that Ingresses or Gateways serve is
 * assumed to resolve to their load balancer.
 */
import { GATEWAY_CONTROLLER } from '../../../controllers/http/gateway-objects.js';
import { serviceOfClass, serviceOfGateway } from '../../../domain/cluster/http-services.js';
import type { ClusterState } from '../../../domain/cluster/draft.js';
import type { ServiceView } from '../../../domain/cluster/view.js';
import { readsNginxAnnotations } from '../../../domain/http/controller-annotations.js';
import type { GatewayView } from '../../../domain/http/gateway.js';
import { gatewayPatternsFor, ingressPatternsFor, parentDomains } from '../../../domain/http/host-pattern.js';
import { formatIpv4, type Ipv4 } from '../../../domain/values/ipv4.js';
import type { Cause } from '../explain-endpoints.js';
import { nameOf } from '../name-of.js';

interface PublicName {
  readonly address: Ipv4;
  /** The reason for the assumption, as a warning. */
  readonly assumption: string;
}

/** An object that names a host, and the Service of the proxy that serves it, or why that is not known. */
type Claim = { readonly by: string } & Server;
type Server = { readonly service: ServiceView } | { readonly service: undefined } & Cause;

function* ingressClaims(view: ClusterState, host: string): Iterable<Claim> {
  for (const pattern of ingressPatternsFor(host)) {
    if (pattern === '') continue;
    for (const ingress of view.http.ingressesAt(pattern)) {
      const by = `Ingress ${nameOf(ingress)}`;
      yield { by, ...servedBy(view, by, ingress.className) };
    }
  }
  for (const name of [host, ...parentDomains(host).map((domain) => `*.${domain}`)]) {
    for (const ingress of view.http.ingressesAlsoNamed(name)) {
      const controller = ingress.className === null ? undefined : view.http.ingressClass(ingress.className)?.controller;
      const by = `Ingress ${nameOf(ingress)}`;
      if (controller !== undefined && readsNginxAnnotations(controller)) yield { by, ...servedBy(view, by, ingress.className) };
    }
  }
}

function servedBy(view: ClusterState, by: string, className: string | null): Server {
  const known = view.http.all('IngressClass').map(({ name }) => name);
  const set = `Set spec.ingressClassName of ${by} to ${known.length > 0 ? known.slice(0, 3).join(' or ') : 'an IngressClass of the cluster'}`;
  if (className === null) return { service: undefined, why: 'it has no IngressClass', fix: `${set}.` };
  const ingressClass = view.http.ingressClass(className);
  if (!ingressClass) {
    return {
      service: undefined,
      why: `there is no IngressClass ${className}`,
      fix: `${set}, or make the IngressClass ${className} and its controller.`,
    };
  }
  const service = serviceOfClass(view, ingressClass);
  return service ? { service } : {
    service, why: `the Service of its controller (IngressClass ${className}) is not known`,
    fix: `Name the Service of the controller in the annotation packetwalk.dev/ingress-controller (namespace/service) of IngressClass ${className}.`,
  };
}

function claimOf(view: ClusterState, gateway: GatewayView, by: string): Claim {
  const service = serviceOfGateway(view, gateway);
  return service
    ? { by, service }
    : {
        by,
        service,
        why: `the Service of the proxy of Gateway ${nameOf(gateway)} is not known`,
        fix: `Name the Service of the proxy in the annotation packetwalk.dev/gateway-service (namespace/service) of Gateway ${nameOf(gateway)}${standIn(view, gateway)}.`,
      };
}

/** The alternative fix, for a Gateway of another controller: without its class it would get a proxy; `''` if it would not. */
function standIn({ http, settings }: ClusterState, { className, service }: GatewayView): string {
  const controller = http.gatewayClass(className)?.controller ?? GATEWAY_CONTROLLER;
  return controller === GATEWAY_CONTROLLER || service !== null || settings.gateway.controller === 'none'
    ? ''
    : `; or delete GatewayClass ${className} (${controller}), and the Gateway gets a class and a proxy of ${GATEWAY_CONTROLLER}`;
}

function* gatewayClaims(view: ClusterState, host: string): Iterable<Claim> {
  for (const pattern of gatewayPatternsFor(host)) {
    if (pattern === '') continue;
    for (const gateway of view.http.gatewaysAt(pattern)) yield claimOf(view, gateway, `Gateway ${nameOf(gateway)}`);
    for (const route of view.http.routesNaming(pattern)) {
      const by = `HTTPRoute ${nameOf(route)}`;
      const parents = route.parents.filter(({ kind }) => kind === 'Gateway');
      if (parents.length === 0) yield { by, service: undefined, why: 'its parentRefs name no Gateway', fix: `${setParent(view, by) ?? `Make a Gateway, and name it in the parentRefs of ${by}`}.` };
      for (const parent of parents) {
        const gateway = view.http.gateway(parent.namespace, parent.name);
        yield gateway ? claimOf(view, gateway, by) : { by, service: undefined, ...noGateway(view, by, parent) };
      }
    }
  }
}

function noGateway(view: ClusterState, by: string, { namespace, name }: { readonly namespace: string; readonly name: string }): Cause {
  const set = setParent(view, by, name);
  return { why: `there is no Gateway ${namespace}/${name}`, fix: `${set === undefined ? 'Make' : `${set}, or make`} Gateway ${namespace}/${name}.` };
}

/**
 * The fix that names a Gateway in the parentRefs.
 *
 * @param name the Gateway's name that the route has; if there is none of that name, the cluster's only Gateway is suggested
 */
function setParent(view: ClusterState, by: string, name?: string): string | undefined {
  const gateways = view.http.all('Gateway');
  const meant = gateways.find((each) => each.name === name) ?? (gateways.length === 1 ? gateways[0] : undefined);
  return meant && `Set name ${meant.name} and namespace ${meant.namespace} in the parentRefs of ${by}`;
}

function* claims(view: ClusterState, host: string): Iterable<Claim> {
  const plain = host.replace(/\.$/, '').toLowerCase();
  yield* ingressClaims(view, plain);
  yield* gatewayClaims(view, plain);
}

/** @returns `null` if nothing serves the host, or nothing that serves it has an address */
export function publicNameOf(view: ClusterState, host: string): PublicName | null {
  for (const { by, service } of claims(view, host)) {
    if (!service) continue;
    const balanced = service.loadBalancerIngress[0]?.ip;
    const address = balanced ?? service.externalIPs[0];
    if (address === undefined) continue;
    const what = balanced === undefined ? 'an external IP' : 'the load balancer';
    return {
      address,
      assumption: `public DNS is not modelled: ${host} is taken to lead to ${formatIpv4(address)}, ${what} of Service ${nameOf(service)}, because ${by} names it`,
    };
  }
  return null;
}

/**
 * Why a host that an Ingress, a Gateway or an HTTPRoute names has no known address, and how to fix that; `null` if none
 * names it. Only for hosts without a `publicNameOf`.
 */
export function unservedName(view: ClusterState, host: string): Cause | null {
  for (const { by, ...claim } of claims(view, host)) {
    const { why, fix } = claim.service ? withoutAddress(claim.service) : claim;
    return { why: `${by} names ${host}, but ${why}`, fix };
  }
  return null;
}

const withoutAddress = (service: ServiceView): Cause => ({
  why: `Service ${nameOf(service)} has no address outside of the cluster`,
  fix:
    service.type === 'LoadBalancer'
      ? `Set status.loadBalancer.ingress of Service ${nameOf(service)} to an address (ip).`
      : `Set type of Service ${nameOf(service)} to LoadBalancer, or ask for the address itself.`,
});
