/** The Services in front of the proxies of Ingresses and Gateways. */
import { hash } from 'node:crypto';
import type { GatewayView } from '../http/gateway.js';
import { fnv1a } from '../values/hash.js';
import type { ClusterView, IngressClassView, ServicePortView, ServiceView } from './view.js';

const TRAEFIK = ['traefik/traefik', 'kube-system/traefik', 'default/traefik'] as const;
const CONTOUR = ['projectcontour/envoy', 'projectcontour/contour-envoy'] as const;
const KONG = ['kong/kong-gateway-proxy', 'kong/kong-proxy'] as const;

/** Where the usual installations of known controllers put their Service. @source their Helm charts and manifests */
const USUAL_SERVICES: Readonly<Record<string, readonly string[]>> = {
  'k8s.io/ingress-nginx': [
    'ingress-nginx/ingress-nginx-controller', 'ingress-nginx/ingress-nginx', 'default/ingress-nginx-controller',
    'kube-system/ingress-nginx-controller',
  ],
  'nginx.org/ingress-controller': ['nginx-ingress/nginx-ingress', 'nginx-ingress/nginx-ingress-controller'],
  'traefik.io/ingress-controller': TRAEFIK,
  'haproxy.org/ingress-controller': ['haproxy-controller/haproxy-kubernetes-ingress', 'haproxy-controller/haproxy-ingress'],
  'haproxy-ingress.github.io/controller': ['ingress-controller/haproxy-ingress', 'haproxy-ingress/haproxy-ingress'],
  'projectcontour.io/ingress-controller': CONTOUR,
  'ingress-controllers.konghq.com/kong': KONG,
  'istio.io/ingress-controller': ['istio-system/istio-ingressgateway', 'istio-ingress/istio-ingressgateway', 'istio-ingress/istio-ingress'],
};

const serviceNamed = (view: ClusterView, name: string): ServiceView | undefined => {
  const [namespace = '', service = ''] = name.split('/');
  return view.service(namespace, service);
};

/** The Service port that a backend of an Ingress names by number or name. */
export const portOfBackend = ({ ports }: ServiceView, wanted: number | string): ServicePortView | undefined =>
  ports.find(({ port, name }) => (typeof wanted === 'number' ? port : name) === wanted);

/** The same as ingress-nginx finds it: the first port that has the number, the name, or the targetPort. @source ingress-nginx `serviceEndpoints` */
export const nginxPortOfBackend = ({ ports }: ServiceView, wanted: number | string): ServicePortView | undefined =>
  ports.find(({ port, name, targetPort }) => [port, name, targetPort].some((each) => String(each) === String(wanted)));

/** The Service of a class's controller: by the class's annotation, else where a known controller usually has it. */
export function serviceOfClass(view: ClusterView, { controller, service }: IngressClassView): ServiceView | undefined {
  if (service !== null) return serviceNamed(view, service);
  for (const name of USUAL_SERVICES[controller] ?? []) {
    const found = serviceNamed(view, name);
    if (found) return found;
  }
  return undefined;
}

/** The name of a Gateway's Deployment and Service: `<gateway>-<class>`, changed if it is no valid Service name. @source GEP-1762 */
export function gatewayProxyName({ name, className }: Pick<GatewayView, 'name' | 'className'>): string {
  const plain = `${name}-${className}`.replace(/[^-a-z0-9]/g, '-');
  const proper = /^[a-z]/.test(plain) ? plain : `gw-${plain}`;
  return proper.length <= 63 ? proper : `${proper.slice(0, 54)}-${fnv1a(`${name}/${className}`).toString(16).padStart(8, '0')}`;
}

type Named = Pick<GatewayView, 'namespace' | 'name'>;

/** @source envoyproxy/gateway `ExpectedResourceHashedName`, `GetHashedName` */
function envoyGatewayName({ namespace, name }: Named): string {
  const plain = `${namespace}-${name}`;
  return `envoy-${plain.length > 48 ? plain.slice(0, 48).replace(/-$/, '') : plain}-${hash('sha256', `${namespace}/${name}`, 'hex').slice(0, 8)}`;
}

/**
 * Where known controllers have the Service of a Gateway, if not under the name of GEP-1762: one per Gateway, or one for all.
 *
 * @source envoyproxy/gateway `ResourceRender` (its own namespace, or the Gateway's); projectcontour/contour
 *   `EnvoyServiceName` and examples/gateway; the charts of Traefik and Kong
 */
const USUAL_GATEWAY_SERVICES: Readonly<Record<string, (gateway: Named) => readonly string[]>> = {
  'gateway.envoyproxy.io/gatewayclass-controller': (gateway) => [`envoy-gateway-system/${envoyGatewayName(gateway)}`, `${gateway.namespace}/${gateway.name}`],
  'projectcontour.io/gateway-controller': ({ namespace, name }) => [`${namespace}/envoy-${name}`, ...CONTOUR],
  'traefik.io/gateway-controller': () => TRAEFIK,
  'konghq.com/kic-gateway-controller': () => KONG,
};

/** @returns `namespace/name` of each Service that may be the Gateway's, the likeliest first */
export function candidatesOfGateway(view: ClusterView, gateway: GatewayView): readonly string[] {
  if (gateway.service !== null) return [gateway.service];
  const controller = view.http.gatewayClass(gateway.className)?.controller ?? '';
  const usual = Object.hasOwn(USUAL_GATEWAY_SERVICES, controller) ? USUAL_GATEWAY_SERVICES[controller]!(gateway) : [];
  return [`${gateway.namespace}/${gatewayProxyName(gateway)}`, ...usual];
}

/** The Service of a Gateway's proxy: by the Gateway's annotation, else named `<gateway>-<class>`, else where a known controller has it. */
export function serviceOfGateway(view: ClusterView, gateway: GatewayView): ServiceView | undefined {
  for (const name of candidatesOfGateway(view, gateway)) {
    const found = serviceNamed(view, name);
    if (found) return found;
  }
  return undefined;
}

/** Gateways of the controllers in `USUAL_GATEWAY_SERVICES`, class by class. */
export const gatewaysOfKnownControllers = (view: ClusterView): readonly GatewayView[] =>
  view.http.gatewayClasses().flatMap(({ name, controller }) => (Object.hasOwn(USUAL_GATEWAY_SERVICES, controller) ? view.http.gatewaysOf(name) : []));

/** The label of a Gateway's pods and Service with the Gateway's name. @source GEP-1762 */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';
export const GATEWAY_CLASS_LABEL = 'gateway.networking.k8s.io/gateway-class-name';
