/**
 * Annotations by which controllers change what becomes of a request. Those of ingress-nginx are modelled in part
 * (`nginx-settings.ts`); those of other controllers are not.
 *
 * @source ingress-nginx user guide "Annotations"; the annotation references of Traefik, HAProxy, Contour, Kong and NGINX
 */
export const NGINX_ANNOTATION = 'nginx.ingress.kubernetes.io/';

const named = (...names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => NGINX_ANNOTATION + name));

/** Annotations of ingress-nginx that can change the destination or answer of a request, even of one that matches no rule. */
const LEADING = named('ssl-passthrough', 'server-snippet', 'configuration-snippet');

/** Annotations of ingress-nginx that can refuse a request; they never allow one that is refused without them. */
const REFUSING = named('auth-url', 'modsecurity-snippet', 'enable-modsecurity', 'custom-headers', 'proxy-ssl-secret');

/** Those that apply only to requests for the Ingress's own paths. */
const BY_PATH = named('auth-url', 'configuration-snippet', 'modsecurity-snippet', 'enable-modsecurity', 'custom-headers');

/** Prefixes of the annotations that other controllers read, by `spec.controller` of the IngressClass. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'traefik.io/ingress-controller': ['traefik.ingress.kubernetes.io/router.'],
  'haproxy.org/ingress-controller': ['haproxy.org/', 'haproxy.com/', 'ingress.kubernetes.io/'],
  'haproxy-ingress.github.io/controller': ['haproxy-ingress.github.io/', 'ingress.kubernetes.io/'],
  'projectcontour.io/ingress-controller': ['projectcontour.io/', 'ingress.kubernetes.io/'],
  'ingress-controllers.konghq.com/kong': ['konghq.com/'],
  'nginx.org/ingress-controller': ['nginx.org/', 'nginx.com/', 'ingress.kubernetes.io/'],
  'istio.io/ingress-controller': [],
};
const OTHER_PREFIXES = [...new Set(Object.values(OTHERS).flat())];

/** Whether the annotation could decide about a request at some controller, and is not modelled. */
export const isDecisiveAnnotation = (key: string): boolean => LEADING.has(key) || REFUSING.has(key) || OTHER_PREFIXES.some((prefix) => key.startsWith(prefix));

/** Whether a controller reads ingress-nginx's annotations: every controller that is not known to have its own. */
export const readsNginxAnnotations = (controller: string): boolean => !Object.hasOwn(OTHERS, controller);

/** Whether a controller reads the annotation. */
export const isReadBy = (controller: string, key: string): boolean =>
  (readsNginxAnnotations(controller) ? key.startsWith(NGINX_ANNOTATION) : OTHERS[controller]!.some((prefix) => key.startsWith(prefix)));

/** Whether the annotation leaves requests for paths of other Ingresses alone. */
export const isDecidedByPath = (key: string): boolean => BY_PATH.has(key);

export const isRefusingAnnotation = (key: string): boolean => REFUSING.has(key);
