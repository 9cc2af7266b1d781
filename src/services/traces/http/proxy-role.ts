/** Whether a pod is the proxy of Ingresses or of a Gateway, on the port that was asked. */
import { GATEWAY_NAME_LABEL, gatewaysOfKnownControllers, serviceOfClass, serviceOfGateway } from '../../../domain/cluster/http-services.js';
import { matchesLabels } from '../../../domain/cluster/label-selector.js';
import type { ClusterView, PodView, ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import { listenerFor, type GatewayView } from '../../../domain/http/gateway.js';
import { gatewayPatternsFor } from '../../../domain/http/host-pattern.js';

export type ProxyRole =
  | { readonly kind: 'ingress'; /** Names of the classes that it serves. */ readonly classes: readonly string[]; readonly controller: string; readonly port: ServicePortView }
  | { readonly kind: 'gateway'; readonly gateway: GatewayView; readonly port: ServicePortView; /** The port that its listeners have. */ readonly listenerPort: number };

function portBehind(service: ServiceView, pod: PodView, port: number): ServicePortView | undefined {
  return service.ports.find(({ protocol, targetPort }) => protocol === 'TCP'
    && (typeof targetPort === 'number' ? targetPort === port : pod.containers.some(({ ports }) => ports.some(({ name, containerPort }) => name === targetPort && containerPort === port))));
}

/** The port of the Service by which the pod is asked; `undefined`: the Service does not lead there. */
function leadsTo(service: ServiceView | undefined, pod: PodView, port: number): ServicePortView | undefined {
  const selects = service?.selector && service.namespace === pod.namespace && matchesLabels(service.selector, pod.labels);
  return selects ? portBehind(service, pod, port) : undefined;
}

/** Gateways whose proxy the pod may be. */
function gatewaysNear(view: ClusterView, pod: PodView): readonly GatewayView[] {
  const name = pod.labels[GATEWAY_NAME_LABEL];
  const labelled = name === undefined ? undefined : view.http.gateway(pod.namespace, name);
  return [...(labelled ? [labelled] : []), ...view.http.gatewaysWithService(), ...gatewaysOfKnownControllers(view)];
}

type GatewayRole = Extract<ProxyRole, { kind: 'gateway' }>;

/** A listener has the port of the Service, or, by some controllers, that of the pod. */
const listenerPortOf = ({ listeners }: GatewayView, servicePort: number, podPort: number): number =>
  (listeners.every(({ port }) => port !== servicePort) && listeners.some(({ port }) => port === podPort) ? podPort : servicePort);

const serves = (view: ClusterView, { gateway, listenerPort }: GatewayRole, host: string): boolean =>
  listenerFor(gateway, listenerPort, host) !== null && gatewayPatternsFor(host).some((pattern) => view.http.routesOf(gateway, pattern).length > 0);

function gatewayRoles(view: ClusterView, pod: PodView, port: number): readonly GatewayRole[] {
  return gatewaysNear(view, pod).flatMap((gateway) => {
    const found = leadsTo(serviceOfGateway(view, gateway), pod, port);
    return found ? [{ kind: 'gateway' as const, gateway, port: found, listenerPort: listenerPortOf(gateway, found.port, port) }] : [];
  });
}

function ingressRole(view: ClusterView, pod: PodView, port: number): ProxyRole | null {
  const classes: string[] = [];
  let role: { readonly controller: string; readonly port: ServicePortView } | null = null;
  for (const each of view.http.ingressClasses()) {
    const found = leadsTo(serviceOfClass(view, each), pod, port);
    if (!found) continue;
    classes.push(each.name);
    role ??= { controller: each.controller, port: found };
  }
  return role && { kind: 'ingress', classes, ...role };
}

/**
 * Of Gateways that share a proxy the one that has a route for the host; Ingresses that share it are served where none has.
 *
 * @param port the pod's own
 */
export function proxyRole(view: ClusterView, pod: PodView, port: number, host: string): ProxyRole | null {
  const roles = gatewayRoles(view, pod, port);
  return roles.find((role) => serves(view, role, host)) ?? ingressRole(view, pod, port) ?? roles[0] ?? null;
}

/** Whether what is said on this port of a Service is TLS. */
export const isTlsPort = ({ port, name }: ServicePortView): boolean => port === 443 || name.startsWith('https');
