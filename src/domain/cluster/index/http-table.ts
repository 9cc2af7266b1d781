import { furtherNames } from '../../http/nginx-server-names.js';
import { isAboutUpstreams, servicesOf } from '../../http/ingress-view.js';
import { isService, referencesOf, refersTo } from '../../http/http-route.js';
import type { GatewayClassFacts, GatewayFacts, HttpFacts, HttpRouteFacts, IngressClassFacts, IngressFacts, ReferenceGrantFacts } from '../facts.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';

export const httpKey = (kind: string, name: string): string => `${kind}/${name}`;

/** The objects that route HTTP requests: Ingresses by host, routes by Gateway and hostname, and the few objects that they refer to. */
export class HttpTable extends FactTable<HttpFacts> {
  /** By host of a rule; `''` for rules without one. */
  readonly #ingressHosts = new Buckets<string, IngressFacts>();
  /** By a further name of a server. */
  readonly #ingressNames = new Buckets<string, IngressFacts>();
  /** By `namespace/service` of a backend: all of them, and those whose annotations are about it. */
  readonly #ingressBackends = new Buckets<string, IngressFacts>();
  readonly #upstreams = new Buckets<string, IngressFacts>();
  readonly #canaries = new Buckets<'', IngressFacts>();
  readonly #withDefault = new Buckets<'', IngressFacts>();
  readonly #classes = new Buckets<'', IngressClassFacts>();
  /** By hostname of a listener. */
  readonly #gatewayHosts = new Buckets<string, GatewayFacts>();
  readonly #gatewayClasses = new Buckets<string, GatewayFacts>();
  readonly #allGatewayClasses = new Buckets<'', GatewayClassFacts>();
  /** Those whose annotation names their Service. */
  readonly #gatewayServices = new Buckets<'', GatewayFacts>();
  /** By `namespace/gateway` and hostname, and by hostname alone. */
  readonly #routes = new Buckets<string, HttpRouteFacts>();
  /** By `namespace/service` of a parent. */
  readonly #meshRoutes = new Buckets<string, HttpRouteFacts>();
  readonly #backends = new Buckets<string, HttpRouteFacts>();
  readonly #grants = new Buckets<string, ReferenceGrantFacts>();

  override keyOf({ kind, name }: HttpFacts): string {
    return httpKey(kind, name);
  }

  ingressesAt(host: string): readonly IngressFacts[] {
    return inOrder(this.#ingressHosts.get(host));
  }

  ingressesAlsoNamed(name: string): readonly IngressFacts[] {
    return inOrder(this.#ingressNames.get(name));
  }

  /** Ingresses with this Service, `namespace/name`, as a backend. */
  ingressesLeadingTo(service: string): readonly IngressFacts[] {
    return inOrder(this.#ingressBackends.get(service));
  }

  ingressesAbout(service: string): readonly IngressFacts[] {
    return inOrder(this.#upstreams.get(service));
  }

  canaries(): readonly IngressFacts[] {
    return inOrder(this.#canaries.get(''));
  }

  ingressesWithDefault(): readonly IngressFacts[] {
    return inOrder(this.#withDefault.get(''));
  }

  ingressClasses(): readonly IngressClassFacts[] {
    return inOrder(this.#classes.get(''));
  }

  gatewaysAt(hostname: string): readonly GatewayFacts[] {
    return inOrder(this.#gatewayHosts.get(hostname));
  }

  gatewaysWithService(): readonly GatewayFacts[] {
    return inOrder(this.#gatewayServices.get(''));
  }

  gatewayClasses(): readonly GatewayClassFacts[] {
    return inOrder(this.#allGatewayClasses.get(''));
  }

  gatewaysOf(className: string): readonly GatewayFacts[] {
    return inOrder(this.#gatewayClasses.get(className));
  }

  /** @param gateway `namespace/name`; @param hostname `null`: all of them */
  routesOf(gateway: string, hostname: string | null): readonly HttpRouteFacts[] {
    return inOrder(this.#routes.get(hostname === null ? gateway : `${gateway} ${hostname}`));
  }

  routesNaming(hostname: string): readonly HttpRouteFacts[] {
    return inOrder(this.#routes.get(` ${hostname}`));
  }

  /** Routes with this Service, `namespace/name`, as a parent. */
  meshRoutesOf(service: string): readonly HttpRouteFacts[] {
    return inOrder(this.#meshRoutes.get(service));
  }

  /** Routes that refer to this Service, `namespace/name`. */
  routesLeadingTo(service: string): readonly HttpRouteFacts[] {
    return inOrder(this.#backends.get(service));
  }

  grantsIn(namespace: string): readonly ReferenceGrantFacts[] {
    return inOrder(this.#grants.get(namespace));
  }

  protected override added(facts: HttpFacts): void {
    this.#each(facts, (bucket, key, value) => bucket.add(key, value));
  }

  protected override removed(facts: HttpFacts): void {
    this.#each(facts, (bucket, key, value) => bucket.remove(key, value));
  }

  #each(facts: HttpFacts, change: <K, V extends object>(bucket: Buckets<K, V>, key: K, value: V) => void): void {
    switch (facts.kind) {
      case 'Ingress': return this.#eachOfIngress(facts, change);
      case 'IngressClass': return change(this.#classes, '', facts);
      case 'Gateway':
        for (const { hostname } of facts.listeners) change(this.#gatewayHosts, hostname, facts);
        if (facts.service !== null) change(this.#gatewayServices, '', facts);
        return change(this.#gatewayClasses, facts.className, facts);
      case 'HTTPRoute': return this.#eachOfRoute(facts, change);
      case 'ReferenceGrant': return change(this.#grants, facts.namespace, facts);
      case 'GatewayClass': return change(this.#allGatewayClasses, '', facts);
    }
  }

  #eachOfIngress(ingress: IngressFacts, change: <K, V extends object>(bucket: Buckets<K, V>, key: K, value: V) => void): void {
    for (const { host } of ingress.rules) change(this.#ingressHosts, host, ingress);
    for (const name of furtherNames(ingress)) change(this.#ingressNames, name, ingress);
    for (const service of servicesOf(ingress)) {
      change(this.#ingressBackends, `${ingress.namespace}/${service}`, ingress);
      if (isAboutUpstreams(ingress)) change(this.#upstreams, `${ingress.namespace}/${service}`, ingress);
    }
    if (ingress.nginx.canary !== null) change(this.#canaries, '', ingress);
    if (ingress.defaultBackend) change(this.#withDefault, '', ingress);
  }

  #eachOfRoute(route: HttpRouteFacts, change: <K, V extends object>(bucket: Buckets<K, V>, key: K, value: V) => void): void {
    const hostnames = route.hostnames.length > 0 ? route.hostnames : [''];
    for (const parent of route.parents) {
      if (isService(parent)) change(this.#meshRoutes, `${parent.namespace}/${parent.name}`, route);
      if (!refersTo(parent, parent)) continue;
      const gateway = `${parent.namespace}/${parent.name}`;
      change(this.#routes, gateway, route);
      for (const hostname of hostnames) change(this.#routes, `${gateway} ${hostname}`, route);
    }
    for (const hostname of hostnames) change(this.#routes, ` ${hostname}`, route);
    for (const rule of route.rules) for (const { namespace, name } of referencesOf(rule)) change(this.#backends, `${namespace}/${name}`, route);
  }
}
