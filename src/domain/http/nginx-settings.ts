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

/** A login by password: `auth-type` and what belongs to it. */
export interface Login {
  readonly type: 'basic' | 'digest';
  /** The Secret with the passwords, as the annotation names it; `null` if it names none. */
  readonly secret: string | null;
  /** Whether the Secret needs the key `auth`. With `auth-secret-type: auth-map` any keys will do. */
  readonly needsKey: boolean;
  /** `satisfy: any`: who is admitted by address need not log in, nor is who logs in refused by address. */
  readonly orAddress: boolean;
}

/** Certificates that clients have to show: `auth-tls-secret` and what belongs to it. */
interface ClientCertificate {
  /** The Secret with the authorities, as the annotation names it. */
  readonly secret: string;
  /** `auth-tls-verify-client` is `on`, as it is by default. */
  readonly isRequired: boolean;
  /** `auth-tls-error-page`: who has none is sent elsewhere. */
  readonly hasErrorPage: boolean;
  /** `auth-tls-match-cn`: the name in it is checked, without TLS too. */
  readonly checksName: boolean;
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
  /** `force-ssl-redirect`: that is so without a certificate, too; `null` if it is not set. */
  readonly forceSslRedirect: boolean | null;
  /** `preserve-trailing-slash`: the redirect to https keeps a trailing slash. */
  readonly preserveTrailingSlash: boolean;
  /** Origins for which the proxy answers preflight requests; `null` if it does not. */
  readonly corsOrigins: readonly string[] | null;
  /** `allowlist-source-range`; `null` if it is not set. */
  readonly allowedSources: readonly Cidr[] | null;
  /** `denylist-source-range` */
  readonly deniedSources: readonly Cidr[];
  /** The list of sources that is there but empty, for which ingress-nginx answers all requests with an error; `null` if none is. */
  readonly emptySources: string | null;
  /** `upstream-vhost`: the `Host` header that the backend gets. */
  readonly upstreamHost: string | null;
  /** `server-alias`: further names of its hosts' servers, as they are written. */
  readonly aliases: readonly string[];
  /** `from-to-www-redirect`: requests for the host with `www.`, or without if it has that, are redirected to the host. */
  readonly redirectsWww: boolean;
  /** `use-port-in-redirects`: the redirect to https names the port. */
  readonly namesPort: boolean;
  readonly login: Login | null;
  readonly clientCertificate: ClientCertificate | null;
  /** `service-upstream`: the proxy connects to the Service's address, not to an endpoint. */
  readonly serviceUpstream: boolean;
  /** `backend-protocol`: how the proxy speaks to the backend; `null` as the client does to it. */
  readonly backendScheme: 'http' | 'https' | null;
  /** `default-backend`: the Service that gets requests for a backend without endpoints. */
  readonly defaultBackend: string | null;
  /** `custom-http-errors`: statuses in whose place another Service answers. */
  readonly customErrors: readonly number[];
  /** Not `null`: the Ingress only takes a share of the requests of others, and its further annotations do not count. */
  readonly canary: Canary | null;
}

export const NO_NGINX_SETTINGS: NginxSettings = {
  useRegex: false, rewriteTarget: null, appRoot: null, redirect: null, sslRedirect: null, forceSslRedirect: null, preserveTrailingSlash: false,
  corsOrigins: null, allowedSources: null, deniedSources: [], emptySources: null, upstreamHost: null, aliases: [], redirectsWww: false, namesPort: false,
  login: null, clientCertificate: null, serviceUpstream: false, backendScheme: 'http', defaultBackend: null, customErrors: [], canary: null,
};

/** @source Go `strconv.ParseBool` */
export const readFlag = (text: string): boolean | undefined =>
  /^(?:1|t|T|true|True|TRUE)$/.test(text) ? true : /^(?:0|f|F|false|False|FALSE)$/.test(text) ? false : undefined;

const count = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

const text = (allowed: RegExp) => (written: string): string | undefined => (allowed.test(written) ? written : undefined);
/** Variables of nginx other than groups are not modelled. */
const TARGET = /^\/?(?:[-._~a-zA-Z0-9/:]|\$[1-9])*$/;
const URL_TEXT = /^[-._~a-zA-Z0-9/:,?&=]*$/;
const NAME = /^[-._~a-zA-Z0-9/:]*$/;

const oneOf = <T extends string>(...values: readonly T[]) => (written: string): T | undefined => values.find((value) => value === written);

/** Server names of nginx: of a host, with a wildcard, or a regular expression. @source ingress-nginx annotations/parser `IsValidRegex` */
const SERVER_NAMES = /^[-/._~a-zA-Z0-9:^$[\](){}*+?|&=\\, ]*$/;
const aliases = (written: string): readonly string[] | undefined =>
  (SERVER_NAMES.test(written) ? [...new Set(written.split(',').map((name) => name.trim()).filter((name) => name !== ''))].sort() : undefined);

export const readStatuses = (written: string): readonly number[] | undefined => {
  const codes = written.replaceAll(' ', '').split(',').filter((code) => code !== '');
  return codes.every((code) => /^[45]\d\d$/.test(code)) ? codes.map(Number) : undefined;
};

/** FastCGI is not modelled. */
const SCHEMES: Readonly<Record<string, NginxSettings['backendScheme']>> = { HTTP: 'http', HTTPS: 'https', AUTO_HTTP: null, GRPC: 'http', GRPCS: 'https' };
const backendScheme = (written: string): { readonly scheme: NginxSettings['backendScheme'] } | undefined => {
  const protocol = written.toUpperCase();
  return Object.hasOwn(SCHEMES, protocol) ? { scheme: SCHEMES[protocol]! } : undefined;
};

/** Addresses and blocks, with commas between them. Those of IPv6 match no packet here. */
export function readSources(written: string): readonly Cidr[] | undefined {
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
  const isEnough = read('satisfy', text(/^(?:any|all)$/)) === 'any';
  // A client that is refused here may then be admitted by a server that is not modelled, or be sent to it.
  const isAskedElsewhere = Boolean(annotations[`${NGINX_ANNOTATION}auth-url`]);
  const mayLogIn = isEnough && isAskedElsewhere;
  const type = read('auth-type', oneOf('basic', 'digest'));
  const login = type && {
    type, secret: read('auth-secret', text(NAME)), needsKey: read('auth-secret-type', oneOf('auth-file', 'auth-map')) !== 'auth-map', orAddress: isEnough,
  };
  const authorities = read('auth-tls-secret', text(NAME));
  const clientCertificate = authorities === null ? null : {
    secret: authorities, isRequired: !['off', 'optional', 'optional_no_ca'].includes(annotations[`${NGINX_ANNOTATION}auth-tls-verify-client`]?.trim() ?? ''),
    hasErrorPage: read('auth-tls-error-page', (written) => written) !== null, checksName: read('auth-tls-match-cn', text(/^CN=/)) !== null,
  };
  read('auth-realm', text(/^[-._~a-zA-Z0-9/: ]*$/));
  const settings: NginxSettings = {
    useRegex: read('use-regex', readFlag) ?? false,
    rewriteTarget: read('rewrite-target', text(TARGET)),
    appRoot: read('app-root', text(/^\/(?:[-._~a-zA-Z0-9/:])*$/)),
    redirect:
      temporal === null
        ? redirectOf(read('permanent-redirect', text(URL_TEXT)), read('permanent-redirect-code', count), [300, 308], 301)
        : redirectOf(temporal, read('temporal-redirect-code', count), [300, 307], 302),
    sslRedirect: read('ssl-redirect', readFlag),
    forceSslRedirect: read('force-ssl-redirect', readFlag),
    preserveTrailingSlash: read('preserve-trailing-slash', readFlag) ?? false,
    corsOrigins: read('enable-cors', readFlag) ? parseOrigins(annotations[`${NGINX_ANNOTATION}cors-allow-origin`]) : null,
    allowedSources: mayLogIn ? null : (read('allowlist-source-range', readSources) ?? read('whitelist-source-range', readSources)),
    deniedSources: mayLogIn ? [] : (read('denylist-source-range', readSources) ?? []),
    emptySources:
      ['allowlist-source-range', 'denylist-source-range'].find(
        (name) =>
          annotations[NGINX_ANNOTATION + name]?.trim() === '' &&
          !(name.startsWith('allow') && annotations[`${NGINX_ANNOTATION}whitelist-source-range`]),
      ) ?? null,
    upstreamHost: read('upstream-vhost', text(/^[-.a-zA-Z0-9_:]+$/)),
    aliases: read('server-alias', aliases) ?? [],
    redirectsWww: read('from-to-www-redirect', readFlag) ?? false,
    namesPort: read('use-port-in-redirects', readFlag) ?? false,
    login: mayLogIn || (isAskedElsewhere && annotations[`${NGINX_ANNOTATION}auth-signin`]) ? null : login,
    clientCertificate,
    serviceUpstream: read('service-upstream', readFlag) ?? false,
    backendScheme: (read('backend-protocol', backendScheme) ?? { scheme: 'http' }).scheme,
    defaultBackend: read('default-backend', text(/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/)),
    customErrors: read('custom-http-errors', readStatuses) ?? [],
    canary: read('canary', readFlag)
      ? {
          weight: read('canary-weight', count) ?? 0,
          weightTotal: read('canary-weight-total', count) ?? 100,
          header: read('canary-by-header', text(NAME)),
          headerValue: read('canary-by-header-value', text(NAME)),
          headerPattern: read('canary-by-header-pattern', (pattern) => pattern),
          cookie: read('canary-by-cookie', text(NAME)),
        }
      : null,
  };
  return { settings, unreadable };
}
