/** The Ingresses of one controller, as it reads them. */
import type { HttpView } from '../cluster/view.js';
import { ingressPatternsFor } from './host-pattern.js';
import { ingressesByAge, serverOf } from './ingress.js';
import type { IngressServer, IngressView } from './ingress-view.js';
import { furtherServer, type Named, type ServerNames } from './nginx-server-names.js';
import { hasPaths, upstreamOf, type LeadingTo } from './nginx-upstreams.js';

type Stored = Pick<HttpView, 'ingressesAt' | 'ingressesAlsoNamed' | 'ingressesLeadingTo' | 'ingressesAbout' | 'canaries' | 'ingressesWithDefault'>;

export class ServedIngresses implements ServerNames, LeadingTo {
  readonly #stored: Stored;
  readonly #read: (ingress: IngressView) => IngressView | null;
  readonly #servers = new Map<string, IngressServer | null>();

  /** @param read the Ingress as the controller reads it; `null` if it does not serve it */
  constructor(stored: Stored, read: (ingress: IngressView) => IngressView | null) {
    this.#stored = stored;
    this.#read = read;
  }

  serverAt(pattern: string): IngressServer | null {
    const known = this.#servers.get(pattern);
    if (known !== undefined) return known;
    const server = serverOf(pattern, this.#byAge(this.#stored.ingressesAt(pattern)));
    const served = server && { ...server, ingresses: server.ingresses.map((ingress) => this.#withPaths(ingress)) };
    this.#servers.set(pattern, served);
    return served;
  }

  /** The server of a request, by the host that it asks for; nginx ignores a trailing dot. */
  named(asked: string): Named {
    const host = asked.replace(/\.$/, '');
    const found = this.serverAt(host) ? null : furtherServer(this, host);
    if (found) return found;
    for (const pattern of ingressPatternsFor(host)) {
      const server = this.serverAt(pattern);
      if (server) return { server, redirect: null };
    }
    return { server: null, redirect: null };
  }

  canariesAt(pattern: string): readonly IngressView[] {
    return this.#byAge(this.#stored.ingressesAt(pattern)).filter(({ nginx }) => nginx.canary !== null);
  }

  alsoNamed(name: string): readonly IngressView[] {
    return this.#byAge(this.#stored.ingressesAlsoNamed(name));
  }

  leadingTo(namespace: string, name: string): readonly IngressView[] {
    return this.#byAge(this.#stored.ingressesLeadingTo({ namespace, name }));
  }

  about(namespace: string, name: string): readonly IngressView[] {
    return this.#byAge(this.#stored.ingressesAbout({ namespace, name }));
  }

  canaries(): readonly IngressView[] {
    return this.#byAge(this.#stored.canaries()).filter(({ nginx }) => nginx.canary !== null);
  }

  withDefault(): readonly IngressView[] {
    return this.#byAge(this.#stored.ingressesWithDefault());
  }

  /** The Ingress without the paths that do not count. */
  #withPaths(ingress: IngressView): IngressView {
    const counts = ({ backend }: { readonly backend: Parameters<typeof upstreamOf>[1] }): boolean => {
      const upstream = upstreamOf(ingress, backend);
      return upstream === null || hasPaths(this, upstream);
    };
    if (ingress.rules.every(({ paths }) => paths.every(counts))) return ingress;
    return { ...ingress, rules: ingress.rules.map((rule) => ({ ...rule, paths: rule.paths.filter(counts) })) };
  }

  #byAge(ingresses: readonly IngressView[]): readonly IngressView[] {
    return ingressesByAge(ingresses.flatMap((ingress) => this.#read(ingress) ?? []));
  }
}
