/**
 * What ingress-nginx answers by itself, in the order in which nginx decides: redirects and preflight requests, then access.
 *
 * @source ingress-nginx rootfs/etc/nginx/template/nginx.tmpl; rootfs/etc/nginx/lua/lua_ingress.lua
 */
import { certificateFor } from './ingress.js';
import type { IngressMatch, IngressServer, IngressView } from './ingress-view.js';
import type { HttpRequest } from './http-request.js';
import { isAnsweredOptions } from './nginx-cors.js';
import { byLocation, rewritten } from './nginx-locations.js';
import { normalisedPath } from './path-match.js';

/**
 * Path of ACME challenges, which are neither redirected nor asked for a password.
 *
 * @source ingress-nginx `no-tls-redirect-locations`, `no-auth-locations`
 */
export const ACME_CHALLENGE = '/.well-known/acme-challenge';

/** The Ingress whose annotations apply; if no path matches, the oldest of the host. @source ingress-nginx `createServers` */
const annotatedBy = (server: IngressServer | null, match: IngressMatch | null): IngressView | undefined =>
  (match?.path ? match.ingress : server?.host ? server.ingresses[0] : undefined);

/**
 * The https URL to which a request by http is redirected: if the host has a certificate, or an annotation asks for it.
 *
 * @source ingress-nginx rootfs/etc/nginx/lua/lua_ingress.lua
 */
function httpsLocation(
  server: IngressServer | null,
  match: IngressMatch | null,
  { scheme, host, path, search }: HttpRequest,
  hasCertificate: boolean,
): string | null {
  const settings = annotatedBy(server, match)?.nginx;
  if (scheme !== 'http' || !settings || match?.path?.path.startsWith(ACME_CHALLENGE)) return null;
  if (!settings.forceSslRedirect && (settings.sslRedirect === false || !hasCertificate)) return null;
  const asked = `${path}${search}`;
  return `https://${host}${settings.namesPort ? ':443' : ''}${settings.preserveTrailingSlash ? asked : asked.replace(/\/$/, '')}`;
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

/** The answer of a server to a request for `/`, before it looks at the paths. */
export function rootAnswer(server: IngressServer | null, { scheme, authority, path }: HttpRequest): OwnAnswer | null {
  const root = normalisedPath(path) === '/' ? appRootOf(server) : null;
  return root === null ? null : { status: 302, location: `${scheme}://${authority}${root}` };
}

interface Circumstances {
  /** Whether there is a certificate for the host. */
  readonly hasCertificate?: boolean;
  /** Status of the redirect to https. */
  readonly redirectStatus?: number;
}

/** @returns `null` if the request goes on */
export function ownAnswer(
  server: IngressServer | null,
  match: IngressMatch | null,
  request: HttpRequest,
  { hasCertificate = certificateFor(server) !== undefined, redirectStatus = 308 }: Circumstances = {},
): OwnAnswer | null {
  const root = rootAnswer(server, request);
  if (root) return root;
  const settings = annotatedBy(server, match)?.nginx;
  if (isAnsweredOptions(settings?.corsOrigins ?? null, request)) return { status: 204, location: null };
  if (settings?.redirect) return { status: settings.redirect.status, location: settings.redirect.url };
  const target = match && rewritten(match, request.path);
  if (target && /^https?:\/\//.test(target)) return { status: 302, location: `${target}${request.search}` };
  const https = httpsLocation(server, match, request, hasCertificate);
  return https === null ? null : { status: redirectStatus, location: https };
}

/** The Ingress whose annotations decide who is admitted, and about backends: for the catch-all backend, too. */
export const guardOf = (server: IngressServer | null, match: IngressMatch | null): IngressView | undefined =>
  annotatedBy(server, match) ?? (match && !match.path && match.ingress.rules.length === 0 ? match.ingress : undefined);

/**
 * The answer of a server that redirects to the other form of its name.
 *
 * @param port the proxy's own, on which it got the request
 * @source ingress-nginx rootfs/etc/nginx/lua/nginx/ngx_srv_redirect.lua
 */
export const wwwAnswer = (to: string, { scheme, path, search }: HttpRequest, port: number, status: number): OwnAnswer =>
  ({ status, location: `${scheme}://${to}:${port}${`${path}${search}`.replace(/\/$/, '')}` });
