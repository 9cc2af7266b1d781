import type { HttpState } from '../../src/domain/cluster/draft.js';
import type { Facts, HttpFacts } from '../../src/domain/cluster/facts.js';
import { servicesOf } from '../../src/domain/http/ingress-view.js';
import { furtherNames } from '../../src/domain/http/nginx-server-names.js';

type Of<Kind extends HttpFacts['kind']> = Extract<HttpFacts, { kind: Kind }>;

/** The HTTP objects of a cluster, easy to verify by inspection: every query is a search through all facts. */
export class NaiveHttp implements HttpState {
  readonly #facts: () => Iterable<Facts>;

  constructor(facts: () => Iterable<Facts>) {
    this.#facts = facts;
  }

  all<Kind extends HttpFacts['kind']>(kind: Kind): readonly Of<Kind>[] {
    return [...this.#facts()].filter((facts): facts is Of<Kind> => facts.kind === kind).toSorted((a, b) => a.ordinal - b.ordinal);
  }

  ingressesAt = (host: string) => this.all('Ingress').filter(({ rules }) => rules.some((rule) => rule.host === host));
  ingressesAlsoNamed = (name: string) => this.all('Ingress').filter((ingress) => furtherNames(ingress).includes(name));
  ingressesLeadingTo = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => this.all('Ingress').filter((ingress) => ingress.namespace === namespace && servicesOf(ingress).has(name));
  ingressesAbout = (service: { readonly namespace: string; readonly name: string }) => this.ingressesLeadingTo(service).filter(({ nginx }) => nginx.canary !== null || nginx.serviceUpstream);
  canaries = () => this.all('Ingress').filter(({ nginx }) => nginx.canary !== null);
  ingressesWithDefault = () => this.all('Ingress').filter(({ defaultBackend }) => defaultBackend !== null);
  ingressClass = (name: string) => this.ingressClasses().find((each) => each.name === name);
  ingressClasses = () => this.all('IngressClass');
  gateway = (namespace: string, name: string) => this.all('Gateway').find((each) => each.namespace === namespace && each.name === name);
  gatewaysAt = (hostname: string) => this.all('Gateway').filter(({ listeners }) => listeners.some((listener) => listener.hostname === hostname));
  gatewaysWithService = () => this.all('Gateway').filter(({ service }) => service !== null);
  gatewayClass = (name: string) => this.gatewayClasses().find((each) => each.name === name);
  gatewayClasses = () => this.all('GatewayClass');
  gatewaysOf = (className: string) => this.all('Gateway').filter((gateway) => gateway.className === className);
  routesOf = (gateway: { readonly namespace: string; readonly name: string }, hostname: string | null) => (hostname === null ? this.all('HTTPRoute') : this.routesNaming(hostname))
    .filter(({ parents }) => parents.some((parent) => parent.kind === 'Gateway' && parent.group === 'gateway.networking.k8s.io' && parent.namespace === gateway.namespace && parent.name === gateway.name));
  routesNaming = (hostname: string) => this.all('HTTPRoute').filter(({ hostnames }) => (hostname === '' ? hostnames.length === 0 : hostnames.includes(hostname)));
  routesLeadingTo = (service: { readonly namespace: string; readonly name: string }) => this.all('HTTPRoute')
    .filter(({ rules }) => rules.some(({ backends }) => backends.some(({ namespace, name }) => namespace === service.namespace && name === service.name)));
  meshRoutesOf = (service: { readonly namespace: string; readonly name: string }) => this.all('HTTPRoute')
    .filter(({ parents }) => parents.some(({ group, kind, namespace, name }) => group === '' && kind === 'Service' && namespace === service.namespace && name === service.name));
  referenceGrants = (namespace: string) => this.all('ReferenceGrant').filter((grant) => grant.namespace === namespace);
}
