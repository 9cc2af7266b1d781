import type { GatewayClassFacts, GatewayFacts, HttpFacts, HttpRouteFacts, IngressClassFacts, IngressFacts, ReferenceGrantFacts } from '../facts.js';
import type { HttpState } from '../draft.js';
import type { TableReader } from './fact-table.js';
import { httpKey, type HttpTable } from './http-table.js';

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The queries about Ingresses, Gateways and routes, answered by one table or by a draft's two layers. Each query of a table
 * returns facts of one kind.
 */
export class HttpReads implements HttpState {
  readonly #reader: TableReader<HttpTable, HttpFacts>;

  constructor(reader: TableReader<HttpTable, HttpFacts>) {
    this.#reader = reader;
  }

  ingressesAt(host: string): readonly IngressFacts[] {
    return this.#select((table) => table.ingressesAt(host));
  }

  ingressesAlsoNamed(name: string): readonly IngressFacts[] {
    return this.#select((table) => table.ingressesAlsoNamed(name));
  }

  ingressesLeadingTo({ namespace, name }: Named): readonly IngressFacts[] {
    return this.#select((table) => table.ingressesLeadingTo(`${namespace}/${name}`));
  }

  ingressesAbout({ namespace, name }: Named): readonly IngressFacts[] {
    return this.#select((table) => table.ingressesAbout(`${namespace}/${name}`));
  }

  canaries(): readonly IngressFacts[] {
    return this.#select((table) => table.canaries());
  }

  ingressesWithDefault(): readonly IngressFacts[] {
    return this.#select((table) => table.ingressesWithDefault());
  }

  ingressClass(name: string): IngressClassFacts | undefined {
    return this.#reader.get('', httpKey('IngressClass', name)) as IngressClassFacts | undefined;
  }

  ingressClasses(): readonly IngressClassFacts[] {
    return this.#select((table) => table.ingressClasses());
  }

  gateway(namespace: string, name: string): GatewayFacts | undefined {
    return this.#reader.get(namespace, httpKey('Gateway', name)) as GatewayFacts | undefined;
  }

  gatewaysAt(hostname: string): readonly GatewayFacts[] {
    return this.#select((table) => table.gatewaysAt(hostname));
  }

  gatewaysWithService(): readonly GatewayFacts[] {
    return this.#select((table) => table.gatewaysWithService());
  }

  gatewayClass(name: string): GatewayClassFacts | undefined {
    return this.#reader.get('', httpKey('GatewayClass', name)) as GatewayClassFacts | undefined;
  }

  gatewayClasses(): readonly GatewayClassFacts[] {
    return this.#select((table) => table.gatewayClasses());
  }

  gatewaysOf(className: string): readonly GatewayFacts[] {
    return this.#select((table) => table.gatewaysOf(className));
  }

  routesOf({ namespace, name }: Named, hostname: string | null): readonly HttpRouteFacts[] {
    return this.#select((table) => table.routesOf(`${namespace}/${name}`, hostname));
  }

  routesNaming(hostname: string): readonly HttpRouteFacts[] {
    return this.#select((table) => table.routesNaming(hostname));
  }

  meshRoutesOf({ namespace, name }: Named): readonly HttpRouteFacts[] {
    return this.#select((table) => table.meshRoutesOf(`${namespace}/${name}`));
  }

  routesLeadingTo({ namespace, name }: Named): readonly HttpRouteFacts[] {
    return this.#select((table) => table.routesLeadingTo(`${namespace}/${name}`));
  }

  referenceGrants(namespace: string): readonly ReferenceGrantFacts[] {
    return this.#select((table) => table.grantsIn(namespace));
  }

  all<Kind extends HttpFacts['kind']>(kind: Kind): readonly Extract<HttpFacts, { kind: Kind }>[] {
    return this.#reader.all().filter((facts): facts is Extract<HttpFacts, { kind: Kind }> => facts.kind === kind);
  }

  /** Casts the result to the kind of facts that `query` returns. */
  #select<F extends HttpFacts>(query: (table: HttpTable) => readonly F[]): readonly F[] {
    return this.#reader.select(query) as readonly F[];
  }
}
