/** @source gateway.networking.k8s.io/v1 `GatewayStatus`, `RouteStatus` */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { GatewayFacts, HttpRouteFacts } from '../../domain/cluster/facts.js';
import { serviceOfGateway } from '../../domain/cluster/http-services.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { attachmentProblem, isAttached, isReferenceGranted, resolveBackendRef, type ResolvedBackend } from '../../domain/cluster/route-attachment.js';
import { GATEWAY_GROUP, listenerProblem, supportedKinds, type ListenerView } from '../../domain/http/gateway.js';
import { referencesOf, refersTo, type ParentRef } from '../../domain/http/http-route.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { conditionsOf, type NewCondition } from './conditions.js';

interface StatusOf {
  readonly conditions?: unknown;
  readonly listeners?: readonly { readonly name: string; readonly conditions?: unknown }[];
  readonly parents?: readonly { readonly parentRef?: object; readonly conditions?: unknown; readonly controllerName?: string }[];
}
const statusOf = (body: KubeObject): StatusOf => (body['status'] as StatusOf | undefined) ?? {};

function listenerRefs(state: ClusterState, gateway: GatewayFacts, listener: ListenerView): NewCondition {
  const invalid = listener.kinds?.filter((kind) => !supportedKinds(listener).includes(kind)) ?? [];
  return invalid.length > 0
    ? ['ResolvedRefs', false, 'InvalidRouteKinds', `no routes of the protocol ${listener.protocol}: ${invalid.join(', ')}`]
    : certificateCondition(state, gateway, listener);
}

function certificateCondition(state: ClusterState, gateway: GatewayFacts, { tls }: ListenerView): NewCondition {
  const [other] = tls?.others ?? [];
  if (other !== undefined) return ['ResolvedRefs', false, 'InvalidCertificateRef', `${other} is no Secret`];
  for (const { namespace, name } of tls?.secrets ?? []) {
    if (!isReferenceGranted(state, { kind: 'Gateway', namespace: gateway.namespace }, { group: '', kind: 'Secret', namespace, name })) {
      return [
        'ResolvedRefs',
        false,
        'RefNotPermitted',
        `no ReferenceGrant in ${namespace} lets Gateways of ${gateway.namespace} refer to Secret ${namespace}/${name}`,
      ];
    }
    if (!state.hasSecret(namespace, name)) return ['ResolvedRefs', false, 'InvalidCertificateRef', `there is no Secret ${namespace}/${name}`];
  }
  return ['ResolvedRefs', true, 'ResolvedRefs'];
}

const LISTENER_TEXT = {
  UnsupportedProtocol: 'its protocol is none of HTTP, HTTPS, TLS, TCP and UDP',
  ProtocolConflict: 'listeners of other protocols have the same port',
} as const;
const INVALID: NewCondition = ['Programmed', false, 'Invalid', 'it can not be served as it is'];

/** A listener whose only problem is an unsupported kind of route is served all the same. */
const hasCertificate = ([, holds, reason]: NewCondition): boolean => holds || reason === 'InvalidRouteKinds';

/**
 * A Gateway whose parametersRef names an object that does not exist is not accepted.
 *
 * @returns the message for its status, else `null`
 * @source gateway.networking.k8s.io/v1 `GatewayInfrastructure.parametersRef`
 */
export function missingParameters(state: ClusterState, { namespace, parameters }: GatewayFacts): string | null {
  if (parameters === null || state.facts({ ...parameters, namespace })) return null;
  return `there is no ${parameters.kind} ${namespace}/${parameters.name} (${parameters.group || 'core'}), which its parametersRef names`;
}

function acceptedGateway(count: number, refused: readonly string[], missing: string | null): NewCondition {
  if (missing !== null) return ['Accepted', false, 'InvalidParameters', missing];
  if (refused.length === 0) return ['Accepted', true, 'Accepted'];
  return ['Accepted', refused.length < count, 'ListenersNotValid', `not served: ${refused.join(', ')}`];
}

interface AboutGateway {
  /** All routes that name the Gateway. */
  readonly routes: readonly HttpRouteFacts[];
  /** The result of `missingParameters`. */
  readonly missing: string | null;
}

export function gatewayStatus(state: ClusterState, gateway: GatewayFacts, { routes, missing }: AboutGateway, body: KubeObject, now: string): object {
  const service = serviceOfGateway(state, gateway);
  const addresses = service ? (service.loadBalancerIngress.length > 0 ? service.loadBalancerIngress.map(({ ip }) => ip) : service.externalIPs) : [];
  const before = statusOf(body);
  const generation = body.metadata.generation ?? 1;
  const listeners = gateway.listeners.map((listener) => ({
    listener,
    problem: listenerProblem(gateway, listener),
    refs: listenerRefs(state, gateway, listener),
  }));
  const refused = listeners.filter(({ problem }) => problem !== null);
  const programmed: NewCondition =
    missing !== null
      ? INVALID
      : service
        ? ['Programmed', true, 'Programmed']
        : ['Programmed', false, 'Pending', 'no Service leads to a proxy of this Gateway'];
  return {
    ...(addresses.length > 0 && { addresses: addresses.map((ip) => ({ type: 'IPAddress', value: formatIpv4(ip) })) }),
    conditions: conditionsOf(
      [acceptedGateway(listeners.length, refused.map(({ listener }) => listener.name), missing), refused.length === listeners.length ? INVALID : programmed],
      before.conditions,
      generation,
      now,
    ),
    listeners: listeners.map(({ listener, problem, refs }) => ({
      name: listener.name,
      supportedKinds: supportedKinds(listener).map((kind) => ({ group: GATEWAY_GROUP, kind })),
      attachedRoutes: routes.filter((route) => isAttached(state, route, gateway, listener)).length,
      conditions: conditionsOf([
        problem === null ? ['Accepted', true, 'Accepted'] : ['Accepted', false, problem, LISTENER_TEXT[problem]],
        problem === null && hasCertificate(refs) ? programmed : INVALID, refs,
        problem === 'ProtocolConflict' ? ['Conflicted', true, problem, LISTENER_TEXT[problem]] : ['Conflicted', false, 'NoConflicts'],
      ], before.listeners?.find(({ name }) => name === listener.name)?.conditions, generation, now),
    })),
  };
}

export const PROBLEM_TEXT = {
  NoMatchingParent: 'the Gateway has no listener of that name and port',
  NotAllowedByListeners: 'the listeners do not let routes of this kind and namespace attach',
  NoMatchingListenerHostname: 'no hostname of the route is one of the listeners\'',
} as const;

/** The problems of the route's backend references, in order of its rules. */
export function* backendProblems(state: ClusterState, route: HttpRouteFacts): Iterable<Extract<ResolvedBackend, { readonly problem: unknown }>> {
  for (const rule of route.rules) {
    for (const ref of referencesOf(rule)) {
      const resolved = resolveBackendRef(state, route, ref);
      if ('problem' in resolved) yield resolved;
    }
  }
}

function refsCondition(state: ClusterState, route: HttpRouteFacts): NewCondition {
  for (const { problem, message } of backendProblems(state, route)) return ['ResolvedRefs', false, problem, message];
  return ['ResolvedRefs', true, 'ResolvedRefs'];
}

const presentParent = ({ group, kind, namespace, name, section, port }: ParentRef): object => ({
  group, kind, namespace, name,
  ...(section !== null && { sectionName: section }),
  ...(port !== null && { port }),
});

/** The route's status for each existing Gateway; what other controllers have written about other parents is kept. */
export function routeStatus(
  state: ClusterState,
  route: HttpRouteFacts,
  body: KubeObject,
  controllerOf: (gateway: GatewayFacts) => string,
  now: string,
): object {
  const before = statusOf(body).parents ?? [];
  const parents = route.parents.flatMap((parent) => {
    const gateway = refersTo(parent, parent) ? state.http.gateway(parent.namespace, parent.name) : undefined;
    if (!gateway) return [];
    const parentRef = presentParent(parent);
    const problem = attachmentProblem(state, route, parent, gateway);
    const accepted: NewCondition = problem ? ['Accepted', false, problem, PROBLEM_TEXT[problem]] : ['Accepted', true, 'Accepted'];
    const former = before.find((each) => deepEqual(each.parentRef, parentRef))?.conditions;
    return [
      {
        parentRef,
        controllerName: controllerOf(gateway),
        conditions: conditionsOf([accepted, refsCondition(state, route)], former, body.metadata.generation ?? 1, now),
      },
    ];
  });
  return { parents };
}
