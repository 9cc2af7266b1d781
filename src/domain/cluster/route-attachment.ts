/**
 * Whether an HTTPRoute attaches to a Gateway's listener, and what its backends refer to.
 *
 * @source gateway.networking.k8s.io/v1 `ParentReference`, `AllowedRoutes`, `ReferenceGrant`
 */
import { GATEWAY_GROUP, supportedKinds, type GatewayView, type ListenerView } from '../http/gateway.js';
import { hostnamesAt, namesListener, refersTo, type BackendReference, type HttpRouteView, type ParentRef } from '../http/http-route.js';
import { compileLabelSelector } from './label-selector.js';
import type { ClusterView, ServicePortView, ServiceView } from './view.js';

const takesRoutes = (listener: ListenerView, kind = 'HTTPRoute'): boolean => supportedKinds(listener).includes(kind);

function allowsNamespace(view: ClusterView, gateway: GatewayView, { allowed }: ListenerView, namespace: string): boolean {
  switch (allowed.from) {
    case 'All': return true;
    case 'Same': return namespace === gateway.namespace;
    case 'None': return false;
    case 'Selector': return compileLabelSelector(allowed.selector)(view.namespaceLabels(namespace) ?? {});
  }
}

/** The reason in the route's condition why it does not attach by one of its parentRefs; `null` if it does. */
export function attachmentProblem(
  view: ClusterView,
  route: HttpRouteView,
  parent: ParentRef,
  gateway: GatewayView,
): 'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname' | null {
  const named = gateway.listeners.filter((listener) => namesListener(parent, listener));
  if (named.length === 0) return 'NoMatchingParent';
  const open = named.filter((listener) => takesRoutes(listener) && allowsNamespace(view, gateway, listener, route.namespace));
  if (open.length === 0) return 'NotAllowedByListeners';
  return open.some((listener) => hostnamesAt(route, listener).length > 0) ? null : 'NoMatchingListenerHostname';
}

/** Is the route, of this kind, attached to the listener? */
export const isAttached = (
  view: ClusterView,
  route: Pick<HttpRouteView, 'namespace' | 'parents' | 'hostnames'>,
  gateway: GatewayView,
  listener: ListenerView,
  kind = 'HTTPRoute',
): boolean =>
  takesRoutes(listener, kind) &&
  hostnamesAt(route, listener).length > 0 &&
  allowsNamespace(view, gateway, listener, route.namespace) &&
  route.parents.some((parent) => refersTo(parent, gateway) && namesListener(parent, listener));

/** May an object refer to another? Always within a namespace; in another one only by a ReferenceGrant there. */
export function isReferenceGranted(
  view: ClusterView,
  from: { readonly kind: string; readonly namespace: string },
  to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string },
): boolean {
  if (from.namespace === to.namespace) return true;
  return view.http.referenceGrants(to.namespace).some((grant) =>
    grant.from.some((each) => each.group === GATEWAY_GROUP && each.kind === from.kind && each.namespace === from.namespace)
    && grant.to.some((each) => each.group === to.group && each.kind === to.kind && (each.name === null || each.name === to.name)));
}

export type ResolvedBackend =
  | { readonly service: ServiceView; readonly port: ServicePortView }
  | { readonly problem: 'InvalidKind' | 'RefNotPermitted' | 'BackendNotFound'; readonly message: string };

/** The Service port of a route's backend, or why it cannot be resolved. */
export function resolveBackendRef(view: ClusterView, route: Pick<HttpRouteView, 'namespace'>, ref: BackendReference): ResolvedBackend {
  const name = `${ref.namespace}/${ref.name}`;
  if (ref.group !== '' || ref.kind !== 'Service') return { problem: 'InvalidKind', message: `${ref.kind} ${name} is no Service` };
  if (!isReferenceGranted(view, { kind: 'HTTPRoute', namespace: route.namespace }, ref)) {
    return {
      problem: 'RefNotPermitted',
      message: `no ReferenceGrant in ${ref.namespace} lets HTTPRoutes of ${route.namespace} refer to Service ${name}`,
    };
  }
  const service = view.service(ref.namespace, ref.name);
  if (!service) return { problem: 'BackendNotFound', message: `there is no Service ${name}` };
  const port = service.ports.find((each) => each.port === ref.port && each.protocol === 'TCP');
  return port
    ? { service, port }
    : {
        problem: 'BackendNotFound',
        message: `Service ${name} has no port ${ref.port ?? ''}${service.ports.some((each) => each.port === ref.port) ? '/TCP' : ''}`,
      };
}
