/** @source gateway.networking.k8s.io/v1 `GatewayStatus`, `RouteStatus` */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { GatewayFacts, HttpRouteFacts } from '../../domain/cluster/facts.js';
import { serviceOfGateway } from '../../domain/cluster/http-services.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { attachmentProblem, isAttached, isReferenceGranted, resolveBackendRef } from '../../domain/cluster/route-attachment.js';
import type { ListenerView } from '../../domain/http/gateway.js';
import { refersTo, type ParentRef } from '../../domain/http/http-route.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import { deepEqual } from '../deep-equal.js';
import { conditionsOf, type Holding } from './conditions.js';

const GROUP = 'gateway.networking.k8s.io';

interface StatusOf {
  readonly conditions?: unknown;
  readonly listeners?: readonly { readonly name: string; readonly conditions?: unknown }[];
  readonly parents?: readonly { readonly parentRef?: object; readonly conditions?: unknown; readonly controllerName?: string }[];
}
const statusOf = (body: KubeObject): StatusOf => (body['status'] as StatusOf | undefined) ?? {};

function certificateHolding(state: ClusterState, gateway: GatewayFacts, { tls }: ListenerView): Holding {
  for (const { namespace, name } of tls?.secrets ?? []) {
    if (!isReferenceGranted(state, { kind: 'Gateway', namespace: gateway.namespace }, { group: '', kind: 'Secret', namespace, name })) return ['ResolvedRefs', false, 'RefNotPermitted', `no ReferenceGrant in ${namespace} lets Gateways of ${gateway.namespace} refer to Secret ${namespace}/${name}`];
    if (!state.hasSecret(namespace, name)) return ['ResolvedRefs', false, 'InvalidCertificateRef', `there is no Secret ${namespace}/${name}`];
  }
  return ['ResolvedRefs', true, 'ResolvedRefs'];
}

/** @param routes all that name the Gateway */
export function gatewayStatus(state: ClusterState, gateway: GatewayFacts, routes: readonly HttpRouteFacts[], body: KubeObject, now: string): object {
  const service = serviceOfGateway(state, gateway);
  const addresses = service ? (service.loadBalancerIngress.length > 0 ? service.loadBalancerIngress.map(({ ip }) => ip) : service.externalIPs) : [];
  const before = statusOf(body);
  const generation = body.metadata.generation ?? 1;
  const programmed: Holding = service ? ['Programmed', true, 'Programmed'] : ['Programmed', false, 'Pending', 'no Service leads to a proxy of this Gateway'];
  return {
    ...(addresses.length > 0 && { addresses: addresses.map((ip) => ({ type: 'IPAddress', value: formatIpv4(ip) })) }),
    conditions: conditionsOf([['Accepted', true, 'Accepted'], programmed], before.conditions, generation, now),
    listeners: gateway.listeners.map((listener) => ({
      name: listener.name,
      supportedKinds: listener.protocol === 'HTTP' || listener.protocol === 'HTTPS' ? [{ group: GROUP, kind: 'HTTPRoute' }] : [],
      attachedRoutes: routes.filter((route) => isAttached(state, route, gateway, listener)).length,
      conditions: conditionsOf([
        ['Accepted', true, 'Accepted'], programmed, certificateHolding(state, gateway, listener),
      ], before.listeners?.find(({ name }) => name === listener.name)?.conditions, generation, now),
    })),
  };
}

const PROBLEM_TEXT = {
  NoMatchingParent: 'the Gateway has no listener of that name and port',
  NotAllowedByListeners: 'the listeners do not let routes of this kind and namespace attach',
  NoMatchingListenerHostname: 'no hostname of the route is one of the listeners\'',
} as const;

function refsHolding(state: ClusterState, route: HttpRouteFacts): Holding {
  for (const { backends } of route.rules) {
    for (const ref of backends) {
      const resolved = resolveBackendRef(state, route, ref);
      if ('problem' in resolved) return ['ResolvedRefs', false, resolved.problem, resolved.message];
    }
  }
  return ['ResolvedRefs', true, 'ResolvedRefs'];
}

const presentParent = ({ group, kind, namespace, name, section, port }: ParentRef): object =>
  ({ group, kind, namespace, name, ...(section !== null && { sectionName: section }), ...(port !== null && { port }) });

/** Of each Gateway that exists; what others say of parents that are none of ours is kept. */
export function routeStatus(state: ClusterState, route: HttpRouteFacts, body: KubeObject, controllerOf: (gateway: GatewayFacts) => string, now: string): object {
  const before = statusOf(body).parents ?? [];
  const parents = route.parents.flatMap((parent) => {
    const gateway = refersTo(parent, parent) ? state.http.gateway(parent.namespace, parent.name) : undefined;
    if (!gateway) return [];
    const parentRef = presentParent(parent);
    const problem = attachmentProblem(state, route, parent, gateway);
    const accepted: Holding = problem ? ['Accepted', false, problem, PROBLEM_TEXT[problem]] : ['Accepted', true, 'Accepted'];
    const former = before.find((each) => deepEqual(each.parentRef, parentRef))?.conditions;
    return [{ parentRef, controllerName: controllerOf(gateway), conditions: conditionsOf([accepted, refsHolding(state, route)], former, body.metadata.generation ?? 1, now) }];
  });
  return { parents };
}
