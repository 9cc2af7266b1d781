/** Finds the Gateways and the routes whose status may change by a request. */
import type { Facts, GatewayFacts, HttpRouteFacts } from '../../domain/cluster/facts.js';
import { candidatesOfGateway, GATEWAY_NAME_LABEL, gatewaysOfKnownControllers } from '../../domain/cluster/http-services.js';
import { refersTo } from '../../domain/http/http-route.js';
import { httpRouteRef, type Named } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';

export interface AffectedGateways {
  readonly gateways: ReadonlyMap<string, GatewayFacts>;
  readonly routes: ReadonlyMap<string, HttpRouteFacts>;
}

export const keyOf = ({ namespace, name }: Named): string => `${namespace}/${name}`;

const referentKey = (group: string, kind: string, named: Named): string => `${group}/${kind} ${keyOf(named)}`;

export function affectedGateways({ draft, touched }: Reconciliation): AffectedGateways {
  const found = new Found(draft);
  for (const { before, after } of touched) {
    found.add(before);
    found.add(after);
  }
  found.addHolders();
  return found;
}

/** The statuses depend on each other: a listener's counts its routes, and a route's says whether it is attached to a Gateway. */
class Found implements AffectedGateways {
  readonly gateways = new Map<string, GatewayFacts>();
  readonly routes = new Map<string, HttpRouteFacts>();
  readonly #draft: Reconciliation['draft'];
  /** Built once, at the first Service. */
  #byService: ReadonlyMap<string, readonly Named[]> | undefined;
  /** Changed objects that Gateways may refer to, such as Secrets and parameters. */
  readonly #referents = new Set<string>();

  constructor(draft: Reconciliation['draft']) {
    this.#draft = draft;
  }

  add(facts: Facts | undefined): void {
    const { http } = this.#draft;
    switch (facts?.kind) {
      case 'Gateway': return this.#addGateway(http.gateway(facts.namespace, facts.name));
      case 'GatewayClass': return this.#addGateways(http.gatewaysOf(facts.name));
      case 'HTTPRoute': {
        const current = this.#draft.facts(httpRouteRef(facts));
        if (current?.kind === 'HTTPRoute') this.#addRoute(current);
        return this.#addParents(facts);
      }
      case 'Service':
        for (const route of http.routesLeadingTo(facts)) this.#addRoute(route);
        this.#addGateways(this.#gatewaysAtService(facts));
        return this.#addGateway(this.#gatewayOfService(facts));
      case 'ReferenceGrant': {
        const from = new Set(facts.from.map(({ namespace }) => namespace));
        this.#addGateways(http.all('Gateway').filter(({ namespace, listeners }) => from.has(namespace) && listeners.some(({ tls }) => tls)));
        for (const route of http.all('HTTPRoute')) if (from.has(route.namespace)) this.#addRoute(route);
        return;
      }
      case 'Other':
        this.#referents.add(referentKey(facts.group, facts.objectKind, facts));
        return;
      // A listener may select namespaces by their labels.
      case 'Namespace': return this.#addGateways(http.all('Gateway').filter(({ listeners }) => listeners.some(({ allowed }) => allowed.from === 'Selector')));
      default:
    }
  }

  /** Adds the Gateways that refer to changed objects, in one pass over all Gateways. */
  addHolders(): void {
    if (this.#referents.size === 0) return;
    const isHolder = ({ namespace, listeners, parameters }: GatewayFacts): boolean =>
      listeners.some(({ tls }) => tls?.secrets.some((secret) => this.#referents.has(referentKey('', 'Secret', secret))))
      || (parameters !== null && this.#referents.has(referentKey(parameters.group, parameters.kind, { namespace, name: parameters.name })));
    this.#addGateways(this.#draft.http.all('Gateway').filter(isHolder));
  }

  #addGateways(gateways: Iterable<GatewayFacts>): void {
    for (const gateway of gateways) this.#addGateway(gateway);
  }

  #addGateway(gateway: GatewayFacts | undefined): void {
    if (!gateway) return;
    this.gateways.set(keyOf(gateway), gateway);
    for (const route of this.#draft.http.routesOf(gateway, null)) this.#addRoute(route);
  }

  #addRoute(route: HttpRouteFacts): void {
    this.routes.set(keyOf(route), route);
  }

  #addParents({ parents }: HttpRouteFacts): void {
    for (const parent of parents) {
      const gateway = refersTo(parent, parent) ? this.#draft.http.gateway(parent.namespace, parent.name) : undefined;
      if (gateway) this.gateways.set(keyOf(gateway), gateway);
    }
  }

  #gatewaysAtService(service: Extract<Facts, { kind: 'Service' }>): readonly GatewayFacts[] {
    this.#byService ??= byService(this.#draft);
    return (this.#byService.get(keyOf(service)) ?? []).flatMap(({ namespace, name }) => this.#draft.http.gateway(namespace, name) ?? []);
  }

  /** The Gateway that the Service's selector names by the label of a Gateway's pods. */
  #gatewayOfService({ namespace, selector }: Extract<Facts, { kind: 'Service' }>): GatewayFacts | undefined {
    const name = selector?.[GATEWAY_NAME_LABEL];
    return name === undefined ? undefined : this.#draft.http.gateway(namespace, name);
  }
}

/** The Gateways of known controllers that a Service may serve, by the Service's `namespace/name`. */
function byService(draft: Reconciliation['draft']): ReadonlyMap<string, readonly Named[]> {
  const found = new Map<string, Named[]>();
  for (const gateway of gatewaysOfKnownControllers(draft)) {
    for (const name of candidatesOfGateway(draft, gateway)) {
      const gateways = found.get(name);
      if (gateways) gateways.push(gateway);
      else found.set(name, [gateway]);
    }
  }
  return found;
}
