/** The Services in front of the proxies of Ingresses and Gateways. */
import type { GatewayView } from '../http/gateway.js';
import { fnv1a } from '../values/hash.js';
import type { ClusterView, IngressClassView, ServiceView } from './view.js';

/** Where the usual installations of known controllers put their Service. @source their Helm charts and manifests */
const USUAL_SERVICES: Readonly<Record<string, readonly string[]>> = {
  'k8s.io/ingress-nginx': [
    'ingress-nginx/ingress-nginx-controller', 'ingress-nginx/ingress-nginx', 'default/ingress-nginx-controller',
    'kube-system/ingress-nginx-controller',
  ],
  'nginx.org/ingress-controller': ['nginx-ingress/nginx-ingress', 'nginx-ingress/nginx-ingress-controller'],
  'traefik.io/ingress-controller': ['traefik/traefik', 'kube-system/traefik', 'default/traefik'],
  'haproxy.org/ingress-controller': ['haproxy-controller/haproxy-kubernetes-ingress', 'haproxy-controller/haproxy-ingress'],
  'haproxy-ingress.github.io/controller': ['ingress-controller/haproxy-ingress', 'haproxy-ingress/haproxy-ingress'],
  'projectcontour.io/ingress-controller': ['projectcontour/envoy', 'projectcontour/contour-envoy'],
  'ingress-controllers.konghq.com/kong': ['kong/kong-gateway-proxy', 'kong/kong-proxy'],
};

const serviceNamed = (view: ClusterView, name: string): ServiceView | undefined => {
  const [namespace = '', service = ''] = name.split('/');
  return view.service(namespace, service);
};

/** By the class's annotation, else where a known controller usually has it. */
export function serviceOfClass(view: ClusterView, { controller, service }: IngressClassView): ServiceView | undefined {
  if (service !== null) return serviceNamed(view, service);
  for (const name of USUAL_SERVICES[controller] ?? []) {
    const found = serviceNamed(view, name);
    if (found) return found;
  }
  return undefined;
}

/** The name of a Gateway's Deployment and Service: `<gateway>-<class>`, made a name that a Service may have. @source GEP-1762 */
export function gatewayProxyName({ name, className }: Pick<GatewayView, 'name' | 'className'>): string {
  const plain = `${name}-${className}`.replace(/[^-a-z0-9]/g, '-');
  const proper = /^[a-z]/.test(plain) ? plain : `gw-${plain}`;
  return proper.length <= 63 ? proper : `${proper.slice(0, 54)}-${fnv1a(`${name}/${className}`).toString(16).padStart(8, '0')}`;
}

/** By the Gateway's annotation, else by the name that its class gives it. */
export const serviceOfGateway = (view: ClusterView, gateway: GatewayView): ServiceView | undefined =>
  (gateway.service === null ? view.service(gateway.namespace, gatewayProxyName(gateway)) : serviceNamed(view, gateway.service));

/** The label by which a Gateway's pods and Service are known. @source GEP-1762 */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';
export const GATEWAY_CLASS_LABEL = 'gateway.networking.k8s.io/gateway-class-name';
