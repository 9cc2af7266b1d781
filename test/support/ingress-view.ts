import type { IngressPath, IngressServer, IngressView } from '../../src/domain/http/ingress-view.js';
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
export const serverOf = (...ingresses: readonly IngressView[]): IngressServer =>
  ({ host: 'shop.example', ingresses: ingresses.filter((one) => one.nginx.canary === null), canaries: ingresses.filter((one) => one.nginx.canary !== null) });
