import { isAboutUpstreams, servicesOf, type IngressPath, type IngressServer, type IngressView } from '../../src/domain/http/ingress-view.js';
import { furtherNames } from '../../src/domain/http/nginx-server-names.js';
import { ServedIngresses } from '../../src/domain/http/served-ingresses.js';
import { NO_NGINX_SETTINGS, type NginxSettings } from '../../src/domain/http/nginx-settings.js';

/** `Exact /foo`; its backend is the Service of that name. */
export const ingressPath = (text: string): IngressPath => {
  const [pathType = '', path = ''] = text.split(' ');
  return { pathType: pathType as IngressPath['pathType'], path, backend: { service: text, port: 80 } };
};

export function ingressView(name: string, rules: Readonly<Record<string, readonly string[]>>, more: Partial<IngressView> = {}): IngressView {
  return {
    namespace: 'default', name, className: 'nginx', defaultBackend: null, rules: Object.entries(rules).map(([host, paths]) => ({ host, paths: paths.map(ingressPath) })),
    tls: [], nginx: NO_NGINX_SETTINGS, notModelled: [], createdAt: '2026-01-02T00:00:00Z', ordinal: 0, ...more,
  };
}

export const nginx = (settings: Partial<NginxSettings>): { readonly nginx: NginxSettings } => ({ nginx: { ...NO_NGINX_SETTINGS, ...settings } });

/** All of the host `shop.example`. */
export const serverOf = (...ingresses: readonly IngressView[]): IngressServer => ({
  host: 'shop.example',
  ingresses: ingresses.filter((one) => one.nginx.canary === null),
});

/** The Ingresses as ingress-nginx serves them. */
export const served = (ingresses: readonly IngressView[]): ServedIngresses => new ServedIngresses({
  ingressesAt: (host) => ingresses.filter(({ rules }) => rules.some((rule) => rule.host === host)),
  ingressesAlsoNamed: (name) => ingresses.filter((ingress) => furtherNames(ingress).includes(name)),
  ingressesLeadingTo: ({ namespace, name }) => ingresses.filter((ingress) => ingress.namespace === namespace && servicesOf(ingress).has(name)),
  ingressesAbout: ({ namespace, name }) => ingresses.filter((ingress) => isAboutUpstreams(ingress) && ingress.namespace === namespace && servicesOf(ingress).has(name)),
  canaries: () => ingresses.filter(({ nginx }) => nginx.canary !== null),
  ingressesWithDefault: () => ingresses.filter(({ defaultBackend }) => defaultBackend !== null),
}, (ingress) => ingress);
