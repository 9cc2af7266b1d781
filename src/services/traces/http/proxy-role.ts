/** Whether a pod is the proxy of Ingresses or of a Gateway on a port. */
import { GATEWAY_NAME_LABEL, gatewaysOfKnownControllers, serviceOfClass, serviceOfGateway } from '../../../domain/cluster/http-services.js';
import { matchesLabels } from '../../../domain/cluster/label-selector.js';
import type { ClusterView, PodView, ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import { listenerFor, type GatewayView } from '../../../domain/http/gateway.js';
import { gatewayPatternsFor } from '../../../domain/http/host-pattern.js';
import type { Protocol } from '../../../domain/packet/packet.js';

export type ProxyRole =
  | {
      readonly kind: 'ingress';
      /** Names of the classes that it serves. */ readonly classes: readonly string[];
      readonly controller: string;
      /** Name of its Service. */ readonly service: string;
      readonly port: ServicePortView;
    }
  | {
      readonly kind: 'gateway';
      readonly gateway: GatewayView;
      readonly port: ServicePortView;
      /** The port of its listeners. */ readonly listenerPort: number;
    };

function portBehind(service: ServiceView, pod: PodView, port: number, wanted: Protocol): ServicePortView | undefined {
  return service.ports.find(
    ({ protocol, targetPort }) =>
      protocol === wanted &&
      (typeof targetPort === 'number'
        ? targetPort === port
        : pod.containers.some(({ ports }) => ports.some(({ name, containerPort }) => name === targetPort && containerPort === port))),
  );
}

/** The Service port that leads to this port of the pod; `undefined` if none does. */
function leadsTo(service: ServiceView | undefined, pod: PodView, port: number, protocol: Protocol = 'TCP'): ServicePortView | undefined {
  const selects = service?.selector && service.namespace === pod.namespace && matchesLabels(service.selector, pod.labels);
  return selects ? portBehind(service, pod, port, protocol) : undefined;
}

/** Gateways of which the pod may be the proxy. */
function gatewaysNear(view: ClusterView, pod: PodView): readonly GatewayView[] {
  const name = pod.labels[GATEWAY_NAME_LABEL];
  const labelled = name === undefined ? undefined : view.http.gateway(pod.namespace, name);
  return [...(labelled ? [labelled] : []), ...view.http.gatewaysWithService(), ...gatewaysOfKnownControllers(view)];
}

type GatewayRole = Extract<ProxyRole, { kind: 'gateway' }>;

/** The port of the listeners: that of the Service, or with some controllers that of the pod. */
const listenerPortOf = ({ listeners }: GatewayView, servicePort: number, podPort: number): number =>
  (listeners.every(({ port }) => port !== servicePort) && listeners.some(({ port }) => port === podPort) ? podPort : servicePort);

const serves = (view: ClusterView, { gateway, listenerPort }: GatewayRole, host: string): boolean =>
  listenerFor(gateway, listenerPort, host) !== null && gatewayPatternsFor(host).some((pattern) => view.http.routesOf(gateway, pattern).length > 0);

/** Of each Gateway whose proxy the pod is on this port. */
export function gatewayRoles(view: ClusterView, pod: PodView, port: number, protocol: Protocol = 'TCP'): readonly GatewayRole[] {
  return gatewaysNear(view, pod).flatMap((gateway) => {
    const found = leadsTo(serviceOfGateway(view, gateway), pod, port, protocol);
    return found ? [{ kind: 'gateway' as const, gateway, port: found, listenerPort: listenerPortOf(gateway, found.port, port) }] : [];
  });
}

function ingressRole(view: ClusterView, pod: PodView, port: number): ProxyRole | null {
  const classes: string[] = [];
  let role: { readonly controller: string; readonly service: string; readonly port: ServicePortView } | null = null;
  for (const each of view.http.ingressClasses()) {
    const service = serviceOfClass(view, each);
    const found = leadsTo(service, pod, port);
    if (!service || !found) continue;
    classes.push(each.name);
    role ??= { controller: each.controller, service: service.name, port: found };
  }
  return role && { kind: 'ingress', classes, ...role };
}

/**
 * The proxy's role for the host: of several Gateways, the one that has a route for it; if none has, Ingresses that share
 * the proxy are served.
 *
 * @param port a port of the pod
 */
export function proxyRole(view: ClusterView, pod: PodView, port: number, host: string): ProxyRole | null {
  const roles = gatewayRoles(view, pod, port);
  return roles.find((role) => serves(view, role, host)) ?? ingressRole(view, pod, port) ?? roles[0] ?? null;
}

/** Does a proxy expect TLS on this port of its Service? */
export const isTlsPort = ({ port, name }: ServicePortView): boolean => port === 443 || name.startsWith('https');
