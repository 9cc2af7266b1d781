/**
 * What the annotations of an Ingress tell ingress-nginx about a request.
 *
 * @source ingress-nginx user guide "Annotations"; internal/ingress/annotations
 */
import { parseCidr, cidrOf, type Cidr } from '../values/cidr.js';
import { parseIpv4 } from '../values/ipv4.js';
import { parseIpv6 } from '../values/ipv6.js';
import { NGINX_ANNOTATION } from './controller-annotations.js';
import { parseOrigins } from './nginx-cors.js';

export interface Canary {
  /** Requests for the canary, of `weightTotal`. */
  readonly weight: number;
  readonly weightTotal: number;
  readonly header: string | null;
  readonly headerValue: string | null;
  /** A regular expression that matches anywhere in the header's value; used only without `headerValue`. */
  readonly headerPattern: string | null;
  readonly cookie: string | null;
}

export interface NginxSettings {
  /** `use-regex`: the paths are regular expressions. */
  readonly useRegex: boolean;
  /** `rewrite-target`: the path that the backend gets; `$1` to `$9` stand for groups of the rule's path. */
  readonly rewriteTarget: string | null;
  /** `app-root`: the path to which a request for `/` is redirected. */
  readonly appRoot: string | null;
  /** `temporal-redirect`, else `permanent-redirect`: the URL to which every request is redirected. */
  readonly redirect: { readonly url: string; readonly status: number } | null;
  /** `ssl-redirect`; `null` if it is not set: http is redirected to https if the host has a certificate. */
  readonly sslRedirect: boolean | null;
  readonly forceSslRedirect: boolean;
  /** `preserve-trailing-slash`: the redirect to https keeps a trailing slash. */
  readonly preserveTrailingSlash: boolean;
  /** Origins for which the proxy answers preflight requests; `null` if it does not. */
  readonly corsOrigins: readonly string[] | null;
  /** `allowlist-source-range`; `null` if it is not set. */
  readonly allowedSources: readonly Cidr[] | null;
  /** `denylist-source-range` */
  readonly deniedSources: readonly Cidr[];
  /** `upstream-vhost`: the `Host` header that the backend gets. */
  readonly upstreamHost: string | null;
  /** Not `null`: the Ingress only takes a share of the requests of others, and its further annotations do not count. */
  readonly canary: Canary | null;
}

export const NO_NGINX_SETTINGS: NginxSettings = {
  useRegex: false, rewriteTarget: null, appRoot: null, redirect: null, sslRedirect: null, forceSslRedirect: false, preserveTrailingSlash: false,
  corsOrigins: null, allowedSources: null, deniedSources: [], upstreamHost: null, canary: null,
};

/** @source Go `strconv.ParseBool` */
const flag = (text: string): boolean | undefined =>
  /^(?:1|t|T|true|True|TRUE)$/.test(text) ? true : /^(?:0|f|F|false|False|FALSE)$/.test(text) ? false : undefined;

const count = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

const text = (allowed: RegExp) => (written: string): string | undefined => (allowed.test(written) ? written : undefined);
/** Variables of nginx other than groups are not modelled. */
const TARGET = /^\/?(?:[-._~a-zA-Z0-9/:]|\$[1-9])*$/;
const URL_TEXT = /^[-._~a-zA-Z0-9/:,?&=]*$/;
const NAME = /^[-._~a-zA-Z0-9/:]*$/;

/** Addresses and blocks, with commas between them. Those of IPv6 match no packet here. */
function sources(written: string): readonly Cidr[] | undefined {
  const blocks: Cidr[] = [];
  for (const part of written.split(',').map((each) => each.trim())) {
    const address = parseIpv4(part);
    const block = address === undefined ? parseCidr(part) : cidrOf(address, 32);
    if (block) blocks.push(block);
    else if (parseIpv6(part.replace(/\/\d+$/, '')) === undefined) return undefined;
  }
  return blocks;
}

interface Read {
  readonly settings: NginxSettings;
  /** Annotations whose value is not understood. */
  readonly unreadable: readonly string[];
}

/** Only a URL of http or https is a redirect. A status out of range is replaced by the usual one. */
function redirectOf(url: string | null, status: number | null, [least, most]: readonly [number, number], usual: number): NginxSettings['redirect'] {
  if (!url?.startsWith('http')) return null;
  return { url, status: status !== null && status >= least && status <= most ? status : usual };
}

export function readNginxAnnotations(annotations: Readonly<Record<string, string>>): Read {
  const unreadable: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | undefined): T | null => {
    const written = annotations[NGINX_ANNOTATION + name]?.trim();
    if (!written) return null;
    const value = parse(written);
    if (value === undefined) unreadable.push(NGINX_ANNOTATION + name);
    return value ?? null;
  };
  const temporal = read('temporal-redirect', text(URL_TEXT));
  // A client whose address is refused may then log in instead, which is not modelled.
  const mayLogIn = read('satisfy', text(/^(?:any|all)$/)) === 'any' && ['auth-url', 'auth-type'].some((name) => annotations[NGINX_ANNOTATION + name]);
  const settings: NginxSettings = {
    useRegex: read('use-regex', flag) ?? false,
    rewriteTarget: read('rewrite-target', text(TARGET)),
    appRoot: read('app-root', text(/^\/(?:[-._~a-zA-Z0-9/:])*$/)),
    redirect: temporal === null
      ? redirectOf(read('permanent-redirect', text(URL_TEXT)), read('permanent-redirect-code', count), [300, 308], 301)
      : redirectOf(temporal, read('temporal-redirect-code', count), [300, 307], 302),
    sslRedirect: read('ssl-redirect', flag),
    forceSslRedirect: read('force-ssl-redirect', flag) ?? false,
    preserveTrailingSlash: read('preserve-trailing-slash', flag) ?? false,
    corsOrigins: read('enable-cors', flag) ? parseOrigins(annotations[`${NGINX_ANNOTATION}cors-allow-origin`]) : null,
    allowedSources: mayLogIn ? null : read('allowlist-source-range', sources) ?? read('whitelist-source-range', sources),
    deniedSources: mayLogIn ? [] : read('denylist-source-range', sources) ?? [],
    upstreamHost: read('upstream-vhost', text(/^[-.a-zA-Z0-9_:]+$/)),
    canary: read('canary', flag) ? {
      weight: read('canary-weight', count) ?? 0,
      weightTotal: read('canary-weight-total', count) ?? 100,
      header: read('canary-by-header', text(NAME)),
      headerValue: read('canary-by-header-value', text(NAME)),
      headerPattern: read('canary-by-header-pattern', (pattern) => pattern),
      cookie: read('canary-by-cookie', text(NAME)),
    } : null,
  };
  return { settings, unreadable };
}
