/**
 * Names of a server that no rule has: of `server-alias`, and of `from-to-www-redirect`, which are servers that only redirect.
 *
 * @source ingress-nginx internal/ingress/controller/controller.go `createServers`; pkg/util/ingress/ingress.go `BuildRedirects`;
 *   nginx.org "Server names"
 */
import { byText } from '../values/by-text.js';
import { compileExpression } from './expression.js';
import { isWildcard, parentDomains } from './host-pattern.js';
import type { IngressServer, IngressView } from './ingress-view.js';
import { placesOf } from './nginx-locations.js';

/** A host, or with a wildcard a domain: then for names of any number of further labels. */
const PLAIN = /^(?:\*\.)?[-a-z0-9_]+(?:\.[-a-z0-9_]+)*$/;

/** Stands for aliases that are not plain, such as regular expressions. */
const OTHER_NAMES = '~';

const WWW = 'www.';
/** The other form of a host; `null` for none and for a wildcard. */
export const wwwCounterpart = (host: string): string | null =>
  host === '' || isWildcard(host) ? null : host.startsWith(WWW) ? host.slice(WWW.length) : WWW + host;

/** The names under which servers of the Ingress might be found in addition to the hosts of its rules. */
export function furtherNames({ nginx: { aliases, redirectsWww, canary }, rules }: Pick<IngressView, 'nginx' | 'rules'>): readonly string[] {
  if (canary !== null) return [];
  const plain = aliases.map((alias) => (PLAIN.test(alias) ? alias : OTHER_NAMES));
  return [...new Set([...plain, ...(redirectsWww ? rules.flatMap(({ host }) => wwwCounterpart(host) ?? []) : [])])];
}

/** Servers by their names, of one controller. */
export interface ServerNames {
  /** The server of the rules for exactly this host pattern. */
  serverAt(pattern: string): IngressServer | null;
  /** Ingresses that have this among their `furtherNames`. */
  alsoNamed(name: string): readonly IngressView[];
}

/** A server that only redirects, always to the other form of its name. */
export interface WwwRedirect {
  readonly by: IngressView;
  readonly to: string;
}

export interface Named {
  readonly server: IngressServer | null;
  readonly redirect: WwwRedirect | null;
}

/** Only the first Ingress of a host that has aliases gives them. */
const aliasesOf = ({ ingresses }: IngressServer): readonly string[] => ingresses.find(({ nginx }) => nginx.aliases.length > 0)?.nginx.aliases ?? [];

const hostsOf = (ingresses: readonly IngressView[]): readonly string[] => [...new Set(ingresses.flatMap(({ rules }) => rules.map(({ host }) => host)))];

/** nginx takes the first server of a name; without a host it is called `_`. */
const inOrder = (hosts: readonly string[]): readonly string[] => hosts.toSorted((one, other) => byText(one || '_', other || '_'));

/** The server that has the name as an alias. An alias that is the host of a rule does not count. */
function aliased(names: ServerNames, alias: string): IngressServer | null {
  if (names.serverAt(alias)) return null;
  const servers = inOrder(hostsOf(names.alsoNamed(alias))).map((host) => names.serverAt(host));
  return servers.find((server) => server && aliasesOf(server).includes(alias)) ?? null;
}

function redirected(names: ServerNames, asked: string): WwwRedirect | null {
  for (const host of inOrder(hostsOf(names.alsoNamed(asked)).filter((each) => wwwCounterpart(each) === asked))) {
    const server = names.serverAt(host);
    const by = server && placesOf(server).find(({ ingress }) => ingress.nginx.redirectsWww)?.ingress;
    if (by) return { by, to: host };
  }
  return null;
}

/** The server of a name that no rule has in full and no wildcard of a rule covers better. @returns `null` for none */
export function furtherServer(names: ServerNames, host: string): Named | null {
  const redirect = redirected(names, host);
  if (redirect) return { server: null, redirect };
  for (const name of [host, ...parentDomains(host).map((domain) => `*.${domain}`)]) {
    const server = aliased(names, name);
    if (server) return { server, redirect: null };
  }
  return null;
}

/** Whether nginx could take an alias that is not plain for the host. */
function mayName(alias: string, host: string): boolean {
  if (PLAIN.test(alias)) return false;
  if (alias.startsWith('~')) return compileExpression(alias.slice(1), { ignoresCase: true })?.matcher(host).find() ?? true;
  if (alias.startsWith('.')) return `.${host}`.endsWith(alias.toLowerCase());
  if (alias.endsWith('.*')) return host.startsWith(alias.slice(0, -1).toLowerCase());
  return alias.toLowerCase() === host;
}

/**
 * Ingresses with aliases that are not modelled, and may be for the host.
 *
 * @param isNamed a server has the host as its name: regular expressions come after that
 */
export const mayBeAliased = (names: Pick<ServerNames, 'alsoNamed'>, host: string, isNamed: boolean): readonly IngressView[] =>
  names.alsoNamed(OTHER_NAMES).filter(({ nginx }) => nginx.aliases.some((alias) => !(isNamed && alias.startsWith('~')) && mayName(alias, host)));
