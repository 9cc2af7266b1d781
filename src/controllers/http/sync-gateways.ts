/** Pods and a Service for Gateways, and what their status and that of their routes say. */
import { defaultObject } from '../../domain/cluster/default-object.js';
import type { Facts, GatewayFacts, HttpRouteFacts } from '../../domain/cluster/facts.js';
import { GATEWAY_NAME_LABEL, serviceOfGateway } from '../../domain/cluster/http-services.js';
import { dnsSubdomainProblem, labelValueProblem } from '../../domain/cluster/name-syntax.js';
import { refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { refersTo } from '../../domain/http/http-route.js';
import type { Named } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';
import { GATEWAY_CONTROLLER, gatewayClass, gatewayObjects } from './gateway-objects.js';
import { gatewayStatus, routeStatus } from './gateway-status.js';
import { GATEWAY_GROUP } from '../../domain/http/gateway.js';

const refIn = (kind: 'Gateway' | 'HTTPRoute', { namespace, name }: Named): ObjectRef => ({ group: GATEWAY_GROUP, kind, namespace, name });

export async function syncGateways(run: Reconciliation): Promise<void> {
  const affected = affectedBy(run);
  for (const gateway of affected.gateways.values()) await ensureProxy(run, gateway);
  await updateStatus(run, affected);
  warnAboutParents(run);
}

interface Affected {
  readonly gateways: Map<string, GatewayFacts>;
  readonly routes: Map<string, HttpRouteFacts>;
}

const keyOf = ({ namespace, name }: Named): string => `${namespace}/${name}`;

/** What the request's writes say something about: a route says how many a listener has, a Gateway whether a route attaches. */
function affectedBy({ draft, touched }: Reconciliation): Affected {
  const { http } = draft;
  const affected: Affected = { gateways: new Map(), routes: new Map() };
  const addRoute = (route: HttpRouteFacts): Map<string, HttpRouteFacts> => affected.routes.set(keyOf(route), route);
  const addGateway = (gateway: GatewayFacts | undefined): void => {
    if (!gateway) return;
    affected.gateways.set(keyOf(gateway), gateway);
    for (const route of http.routesOf(gateway, null)) addRoute(route);
  };
  const addParents = (route: HttpRouteFacts): void => {
    for (const parent of route.parents) {
      const gateway = refersTo(parent, parent) ? http.gateway(parent.namespace, parent.name) : undefined;
      if (gateway) affected.gateways.set(keyOf(gateway), gateway);
    }
  };
  const secrets = new Set<string>();
  const add = (facts: Facts | undefined): void => {
    switch (facts?.kind) {
      case 'Gateway': return addGateway(http.gateway(facts.namespace, facts.name));
      case 'GatewayClass': return http.gatewaysOf(facts.name).forEach(addGateway);
      case 'HTTPRoute': {
        const current = draft.facts(refIn('HTTPRoute', facts));
        if (current?.kind === 'HTTPRoute') addRoute(current);
        return addParents(facts);
      }
      case 'Service':
        http.routesLeadingTo(facts).forEach(addRoute);
        return addGateway(gatewayOfService(draft.http, facts));
      case 'ReferenceGrant': {
        const from = new Set(facts.from.map(({ namespace }) => namespace));
        http.all('Gateway').filter(({ namespace, listeners }) => from.has(namespace) && listeners.some(({ tls }) => tls)).forEach(addGateway);
        return http.all('HTTPRoute').filter(({ namespace }) => from.has(namespace)).forEach(addRoute);
      }
      case 'Other':
        if (facts.group === '' && facts.objectKind === 'Secret') secrets.add(keyOf(facts));
        return;
      // Its labels may be what a listener selects.
      case 'Namespace': return http.all('Gateway').filter(({ listeners }) => listeners.some(({ allowed }) => allowed.from === 'Selector')).forEach(addGateway);
      default:
    }
  };
  for (const { before, after } of touched) {
    add(before);
    add(after);
  }
  if (secrets.size > 0) {
    http
      .all('Gateway')
      .filter(({ listeners }) => listeners.some(({ tls }) => tls?.secrets.some((secret) => secrets.has(keyOf(secret)))))
      .forEach(addGateway);
  }
  return affected;
}

const gatewayOfService = (
  http: Reconciliation['draft']['http'],
  { namespace, selector }: { readonly namespace: string; readonly selector: Readonly<Record<string, string>> | null },
): GatewayFacts | undefined => (selector?.[GATEWAY_NAME_LABEL] === undefined ? undefined : http.gateway(namespace, selector[GATEWAY_NAME_LABEL]));

/** The class that serves a Gateway; one that the cluster does not have is made, and served here. */
function classController(run: Reconciliation, gateway: GatewayFacts): string | undefined {
  const { draft } = run;
  const ref: ObjectRef = { group: GATEWAY_GROUP, kind: 'GatewayClass', namespace: '', name: gateway.className };
  const known = draft.facts(ref);
  if (known?.kind === 'GatewayClass') return known.controller;
  if (draft.settings.gateway.controller === 'none' || serviceOfGateway(draft, gateway) || labelsProblem(gateway) !== undefined) return undefined;
  if (!run.create(defaultObject(gatewayClass(gateway.className)), refIn('Gateway', gateway), 'spec.gatewayClassName')) return undefined;
  run.warnings.push(
    `Gateway ${keyOf(gateway)}: the cluster had no GatewayClass ${gateway.className}, so it got one of ${GATEWAY_CONTROLLER}, whose Gateways are a Deployment and a Service each; the setting gateway.controller "none" keeps it away`,
  );
  return GATEWAY_CONTROLLER;
}

/** What a Gateway says may be no name of a class, and more than a label of its pods can hold. */
const labelsProblem = ({ name, className }: GatewayFacts): string | undefined =>
  dnsSubdomainProblem(className) ?? labelValueProblem(className) ?? labelValueProblem(name);

async function ensureProxy(run: Reconciliation, gateway: GatewayFacts): Promise<void> {
  const controller = classController(run, gateway);
  const problem = gateway.service === null ? labelsProblem(gateway) : undefined;
  if (problem !== undefined && (controller === GATEWAY_CONTROLLER || controller === undefined)) {
    run.warnings.push(
      `Gateway ${keyOf(gateway)}: no proxy is made for it, because its pods can not be labelled with its name and its class ${JSON.stringify(gateway.className)}: ${problem}`,
    );
    return;
  }
  if (controller === GATEWAY_CONTROLLER && gateway.service === null) {
    const objects = gatewayObjects(gateway).map(defaultObject);
    for (const wanted of objects) await ensure(run, wanted, gateway);
    if (objects.length === 0) run.warnings.push(`Gateway ${keyOf(gateway)}: no proxy is made for it, because none of its listeners can be served`);
  } else if (!serviceOfGateway(run.draft, gateway)) {
    run.warnings.push(
      `Gateway ${keyOf(gateway)}: the Service of its proxy (GatewayClass ${gateway.className}${controller === undefined ? '' : `, ${controller}`}) is not known: name it by the annotation packetwalk.dev/gateway-service of the Gateway`,
    );
  }
}

/** What somebody else made under that name is left alone; of ours the ports follow the listeners. */
async function ensure(run: Reconciliation, wanted: KubeObject, gateway: GatewayFacts): Promise<void> {
  const ref = refOf(wanted);
  if (!run.draft.facts(ref)) {
    run.create(wanted, refIn('Gateway', gateway), 'spec.listeners');
    return;
  }
  const [body] = await run.load([ref]);
  const owned = body?.metadata.ownerReferences?.some(({ uid }) => uid === gateway.uid);
  if (!body || !owned) return;
  const { replicas, ...former } = body['spec'] as { readonly replicas?: number };
  run.replace(
    { ...body, spec: { ...former, ...(wanted['spec'] as object), ...(replicas !== undefined && { replicas }) } },
    body,
    refIn('Gateway', gateway),
    'spec.listeners',
  );
}

async function updateStatus(run: Reconciliation, { gateways, routes }: Affected): Promise<void> {
  const { draft, context: { now } } = run;
  const controllerOf = ({ className }: GatewayFacts): string => {
    const found = draft.facts({ group: GATEWAY_GROUP, kind: 'GatewayClass', namespace: '', name: className });
    return found?.kind === 'GatewayClass' ? found.controller : GATEWAY_CONTROLLER;
  };
  await run.load([...[...gateways.values()].map((each) => refIn('Gateway', each)), ...[...routes.values()].map((each) => refIn('HTTPRoute', each))]);
  for (const gateway of gateways.values()) {
    const body = run.body<KubeObject>(refIn('Gateway', gateway));
    if (body) {
      run.update({
        ...body,
        status: { ...(body['status'] as object | undefined), ...gatewayStatus(draft, gateway, draft.http.routesOf(gateway, null), body, now) },
      });
    }
  }
  for (const route of routes.values()) {
    const body = run.body<KubeObject>(refIn('HTTPRoute', route));
    if (body) run.update({ ...body, status: { ...(body['status'] as object | undefined), ...routeStatus(draft, route, body, controllerOf, now) } });
  }
}

function warnAboutParents({ draft, touched, warnings }: Reconciliation): void {
  for (const { after } of touched) {
    if (after?.kind !== 'HTTPRoute') continue;
    const missing = after.parents.filter((parent) => refersTo(parent, parent) && !draft.http.gateway(parent.namespace, parent.name));
    for (const { namespace, name } of missing) warnings.push(`HTTPRoute ${keyOf(after)}: there is no Gateway ${namespace}/${name}`);
  }
}
