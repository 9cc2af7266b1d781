/** Whether a pod is the proxy of Ingresses or of a Gateway, on the port that was asked. */
import { GATEWAY_NAME_LABEL, serviceOfClass, serviceOfGateway } from '../../../domain/cluster/http-services.js';
import { matchesLabels } from '../../../domain/cluster/label-selector.js';
import type { ClusterView, PodView, ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import type { GatewayView } from '../../../domain/http/gateway.js';

export type ProxyRole =
  | { readonly kind: 'ingress'; /** Names of the classes that it serves. */ readonly classes: readonly string[]; readonly controller: string; readonly port: ServicePortView }
  | { readonly kind: 'gateway'; readonly gateway: GatewayView; readonly port: ServicePortView };

function portBehind(service: ServiceView, pod: PodView, port: number): ServicePortView | undefined {
  return service.ports.find(({ protocol, targetPort }) => protocol === 'TCP'
    && (typeof targetPort === 'number' ? targetPort === port : pod.containers.some(({ ports }) => ports.some(({ name, containerPort }) => name === targetPort && containerPort === port))));
}

/** The port of the Service by which the pod is asked; `undefined`: the Service does not lead there. */
function leadsTo(service: ServiceView | undefined, pod: PodView, port: number): ServicePortView | undefined {
  const selects = service?.selector && service.namespace === pod.namespace && matchesLabels(service.selector, pod.labels);
  return selects ? portBehind(service, pod, port) : undefined;
}

function gatewayOf(view: ClusterView, pod: PodView): readonly GatewayView[] {
  const name = pod.labels[GATEWAY_NAME_LABEL];
  const labelled = name === undefined ? undefined : view.http.gateway(pod.namespace, name);
  return labelled ? [labelled, ...view.http.gatewaysWithService()] : view.http.gatewaysWithService();
}

/** @param port the pod's own */
export function proxyRole(view: ClusterView, pod: PodView, port: number): ProxyRole | null {
  for (const gateway of gatewayOf(view, pod)) {
    const found = leadsTo(serviceOfGateway(view, gateway), pod, port);
    if (found) return { kind: 'gateway', gateway, port: found };
  }
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

/** Whether what is said on this port of a Service is TLS. */
export const isTlsPort = ({ port, name }: ServicePortView): boolean => port === 443 || name.startsWith('https');
