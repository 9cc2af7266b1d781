/**
 * What ingress-nginx answers by itself, in the order in which nginx decides: redirects and preflight requests, then access.
 *
 * @source ingress-nginx rootfs/etc/nginx/template/nginx.tmpl; rootfs/etc/nginx/lua/lua_ingress.lua
 */
import { contains } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';
import { certificateFor } from './ingress.js';
import type { IngressMatch, IngressServer, IngressView } from './ingress-view.js';
import type { HttpRequest } from './http-request.js';
import { isAnsweredOptions } from './nginx-cors.js';
import { byLocation, rewritten } from './nginx-locations.js';
import type { NginxSettings } from './nginx-settings.js';
import { normalisedPath } from './path-match.js';

/** Path of ACME challenges, which is not redirected. @source ingress-nginx `no-tls-redirect-locations` */
const ACME_CHALLENGE = '/.well-known/acme-challenge';

/** The Ingress whose annotations apply; if no path matches, the oldest of the host. @source ingress-nginx `createServers` */
export const annotatedBy = (server: IngressServer | null, match: IngressMatch | null): IngressView | undefined =>
  (match?.path ? match.ingress : server?.host ? server.ingresses[0] : undefined);

/**
 * The https URL to which a request by http is redirected: if the host has a certificate, or an annotation asks for it.
 *
 * @source ingress-nginx rootfs/etc/nginx/lua/lua_ingress.lua
 */
function httpsLocation(server: IngressServer | null, match: IngressMatch | null, { scheme, host, path, search }: HttpRequest): string | null {
  const settings = annotatedBy(server, match)?.nginx;
  if (scheme !== 'http' || !settings || match?.path?.path.startsWith(ACME_CHALLENGE)) return null;
  if (!settings.forceSslRedirect && (settings.sslRedirect === false || !certificateFor(server))) return null;
  const location = `https://${host}${path}${search}`;
  return settings.preserveTrailingSlash ? location : location.replace(/\/$/, '');
}

/** `app-root` of any Ingress holds for the whole host; of several that of the first location. */
function appRootOf(server: IngressServer | null): string | null {
  const locations = (server?.ingresses ?? []).flatMap(({ nginx: { appRoot }, rules }) =>
    (appRoot === null ? [] : rules.flatMap(({ host, paths }) => (host === server!.host ? paths.map(({ path }) => ({ path, appRoot })) : []))));
  return locations.toSorted((one, other) => byLocation(one.path, other.path))[0]?.appRoot ?? null;
}

/** An answer that no backend is asked for. */
export interface OwnAnswer {
  readonly status: number;
  readonly location: string | null;
}

/** @returns `null` if the request goes on */
export function ownAnswer(server: IngressServer | null, match: IngressMatch | null, request: HttpRequest): OwnAnswer | null {
  const root = normalisedPath(request.path) === '/' ? appRootOf(server) : null;
  if (root !== null) return { status: 302, location: `${request.scheme}://${request.authority}${root}` };
  const settings = annotatedBy(server, match)?.nginx;
  if (isAnsweredOptions(settings?.corsOrigins ?? null, request)) return { status: 204, location: null };
  if (settings?.redirect) return { status: settings.redirect.status, location: settings.redirect.url };
  const target = match && rewritten(match, request.path);
  if (target && /^https?:\/\//.test(target)) return { status: 302, location: `${target}${request.search}` };
  const https = httpsLocation(server, match, request);
  return https === null ? null : { status: 308, location: https };
}

/** Whether the proxy refuses a client by its address, which it takes from the connection. @source ingress-nginx nginx.tmpl; ngx_http_access_module */
export const refusesSource = ({ allowedSources, deniedSources }: NginxSettings, source: Ipv4): boolean =>
  deniedSources.some((block) => contains(block, source)) || (allowedSources !== null && !allowedSources.some((block) => contains(block, source)));
