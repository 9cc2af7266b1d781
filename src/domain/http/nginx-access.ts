/**
 * Whom ingress-nginx admits: by address, which it takes from the connection, and by password.
 *
 * @source ingress-nginx nginx.tmpl; ngx_http_core_module `satisfy`; ngx_http_access_module, which comes before ngx_http_auth_basic_module
 */
import { contains } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { HttpRequest } from './http-request.js';
import type { IngressPath, IngressView } from './ingress-view.js';
import { ACME_CHALLENGE } from './nginx-answers.js';
import type { Login, NginxSettings } from './nginx-settings.js';

/** Whether the proxy refuses a client by its address. */
export const refusesSource = ({ allowedSources, deniedSources }: NginxSettings, source: Ipv4): boolean =>
  deniedSources.some((block) => contains(block, source)) || (allowedSources !== null && !allowedSources.some((block) => contains(block, source)));

/** Whether a list admits the client by name: no list admits nobody. */
const admitsSource = (settings: NginxSettings, source: Ipv4): boolean => settings.allowedSources !== null && !refusesSource(settings, source);

/** The login that a request to the path needs, `null` for none. */
export const loginFor = ({ login }: NginxSettings, path: IngressPath | null): Login | null => (path?.path.startsWith(ACME_CHALLENGE) ? null : login);

const hasCredentials = ({ type }: Login, { headers }: HttpRequest): boolean => (headers.get('authorization') ?? '').toLowerCase().startsWith(`${type} `);

/** `PASSWORD`: the request has one, of which only the Secret's data could tell whether it is right. */
export type Access = 'ADMITTED' | 'WRONG_SOURCE' | 'NO_PASSWORD' | 'PASSWORD';

/** A module that reads digests is loaded, and so it is asked before the addresses. */
export function accessOf(settings: NginxSettings, login: Login | null, source: Ipv4, request: HttpRequest): Access {
  const isRefused = refusesSource(settings, source);
  if (!login) return isRefused ? 'WRONG_SOURCE' : 'ADMITTED';
  if (login.orAddress ? admitsSource(settings, source) : isRefused && login.type === 'basic') return isRefused ? 'WRONG_SOURCE' : 'ADMITTED';
  return hasCredentials(login, request) ? 'PASSWORD' : 'NO_PASSWORD';
}

interface Secrets {
  /** @param key one that the Secret has to have */
  hasSecret(namespace: string, name: string, key?: string): boolean;
}

/** Why the Secret of a login can not be used: for which ingress-nginx answers all requests with an error. @returns `null` if it can */
export function loginProblem(state: Secrets, ingress: Pick<IngressView, 'namespace'>, { secret, needsKey }: Login): string | null {
  const named = secretOf(ingress, secret);
  if (named === null) return secret === null ? 'it names no auth-secret' : `its auth-secret ${secret} is no name of a Secret`;
  if (!state.hasSecret(named.namespace, named.name)) return `there is no Secret ${named.namespace}/${named.name}`;
  return needsKey && !state.hasSecret(named.namespace, named.name, 'auth') ? `Secret ${named.namespace}/${named.name} has no key auth` : null;
}

/** @returns `null` if the annotation is empty, or no name */
export function secretOf({ namespace }: Pick<IngressView, 'namespace'>, written: string | null): { readonly namespace: string; readonly name: string } | null {
  const [first = '', second, ...rest] = (written ?? '').split('/');
  if (written === null || rest.length > 0) return null;
  return second === undefined ? { namespace, name: first } : { namespace: first || namespace, name: second };
}
