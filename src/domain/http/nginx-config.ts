/**
 * What the ConfigMap of ingress-nginx says about all requests.
 *
 * @source ingress-nginx user guide "ConfigMaps"; internal/ingress/controller/template/configmap.go `ReadConfig`
 */
import type { Cidr } from '../values/cidr.js';
import type { HttpRequest } from './http-request.js';
import type { IngressView } from './ingress-view.js';
import { readFlag, readSources, readStatuses } from './nginx-settings.js';
import { ACME_CHALLENGE } from './nginx-answers.js';

type Effect = 'MODELLED' | 'REFUSES' | 'LEADS';

const settings = (effect: Effect, usual: string, ...names: readonly string[]): Readonly<Record<string, { readonly effect: Effect; readonly usual: string }>> =>
  Object.fromEntries(names.map((name) => [name, { effect, usual }]));

/** Settings that can decide about a request: what they are without the ConfigMap, and whether they are modelled. */
const SETTINGS = {
  ...settings('MODELLED', '308', 'http-redirect-code'),
  ...settings('MODELLED', 'true', 'ssl-redirect'),
  ...settings('MODELLED', 'false', 'force-ssl-redirect', 'use-forwarded-headers', 'enable-real-ip'),
  ...settings('MODELLED', 'X-Forwarded-For', 'forwarded-for-header'),
  ...settings('MODELLED', '', 'whitelist-source-range', 'denylist-source-range', 'custom-http-errors'),
  ...settings('REFUSES', '', 'block-cidrs', 'block-user-agents', 'block-referers', 'global-auth-url', 'modsecurity-snippet'),
  ...settings('REFUSES', 'false', 'enable-modsecurity', 'ssl-reject-handshake'),
  ...settings('LEADS', '', 'http-snippet', 'server-snippet', 'location-snippet', 'main-snippet'),
  ...settings('LEADS', 'false', 'use-proxy-protocol', 'service-upstream', 'use-port-in-redirects', 'preserve-trailing-slash'),
  ...settings('LEADS', ACME_CHALLENGE, 'no-tls-redirect-locations', 'no-auth-locations'),
};

/** The settings of a ConfigMap, without those that are as usual. */
export type NginxConfig = Readonly<Record<string, string>>;

/** Names of ConfigMaps of ingress-nginx. @source its Helm chart and manifests */
export const isNginxConfig = (name: string): boolean => name.endsWith('ingress-nginx-controller') || name === 'nginx-configuration';

export function readNginxConfig(data: Readonly<Record<string, unknown>>): NginxConfig {
  return Object.fromEntries(Object.entries(data).flatMap(([name, value]) => {
    const usual = Object.hasOwn(SETTINGS, name) ? SETTINGS[name]!.usual : undefined;
    return usual === undefined || typeof value !== 'string' || value.trim() === usual ? [] : [[name, value.trim()]];
  }));
}

/** Statuses that a redirect may have. */
const REDIRECTS: readonly string[] = ['301', '302', '307', '308'];

/** The status of redirects to https, and between the two forms of a name. */
export const redirectStatus = (config: NginxConfig): number =>
  REDIRECTS.includes(config['http-redirect-code'] ?? '') ? Number(config['http-redirect-code']) : 308;

/** The Ingress with the ConfigMap's settings in the place of annotations that it lacks. */
export function withDefaults(config: NginxConfig, ingress: IngressView): IngressView {
  if (Object.keys(config).length === 0) return ingress;
  const { sslRedirect, forceSslRedirect, allowedSources, deniedSources } = ingress.nginx;
  return { ...ingress, nginx: {
    ...ingress.nginx,
    sslRedirect: sslRedirect ?? readFlag(config['ssl-redirect'] ?? '') ?? null,
    forceSslRedirect: forceSslRedirect ?? readFlag(config['force-ssl-redirect'] ?? '') ?? null,
    allowedSources: allowedSources ?? sourcesOf(config, 'whitelist-source-range') ?? null,
    deniedSources: deniedSources.length > 0 ? deniedSources : sourcesOf(config, 'denylist-source-range') ?? [],
  } };
}

const sourcesOf = (config: NginxConfig, name: string): readonly Cidr[] | undefined => (config[name] === undefined ? undefined : readSources(config[name]));

interface DoubtfulSetting {
  readonly name: string;
  readonly onlyRefuses: boolean;
  /** It affects only answers with these statuses; absent: all. */
  readonly statuses?: readonly number[];
}

/** A proxy's header that names the client counts only if a setting says so. */
function doubtOf(config: NginxConfig, name: string, { headers }: HttpRequest): DoubtfulSetting | null {
  const value = config[name]!;
  const leads = { name, onlyRefuses: false };
  switch (name) {
    case 'use-forwarded-headers': case 'enable-real-ip': {
      const header = (config['forwarded-for-header'] ?? '').toLowerCase();
      return [...headers.keys()].some((each) => each === header || each.startsWith('x-forwarded-')) ? leads : null;
    }
    case 'custom-http-errors': { const statuses = readStatuses(value); return statuses ? { ...leads, statuses } : leads; }
    case 'whitelist-source-range': case 'denylist-source-range': return readSources(value) ? null : { name, onlyRefuses: true };
    default: {
      const effect = SETTINGS[name]?.effect;
      return effect === 'LEADS' ? leads : effect === 'REFUSES' ? { name, onlyRefuses: true } : null;
    }
  }
}

/** Are there settings that could decide about some request and are not modelled? */
export const hasDoubtfulSettings = (config: NginxConfig): boolean => Object.keys(config).some((name) => SETTINGS[name]?.effect !== 'MODELLED');

/** Settings that could decide about the request and are not modelled. */
export const doubtfulSettings = (config: NginxConfig, request: HttpRequest): readonly DoubtfulSetting[] =>
  Object.keys(config).flatMap((name) => doubtOf(config, name, request) ?? []);
