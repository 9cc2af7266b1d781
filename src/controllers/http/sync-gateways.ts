/** Creates the proxy of each Gateway, and writes the statuses of Gateways and routes. */
import { defaultObject } from '../../domain/cluster/default-object.js';
import type { GatewayFacts } from '../../domain/cluster/facts.js';
import { serviceOfGateway } from '../../domain/cluster/http-services.js';
import { dnsSubdomainProblem, labelValueProblem } from '../../domain/cluster/name-syntax.js';
import { refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { attachmentProblem } from '../../domain/cluster/route-attachment.js';
import { GATEWAY_GROUP } from '../../domain/http/gateway.js';
import { isService, refersTo } from '../../domain/http/http-route.js';
import { gatewayRef, httpRouteRef } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';
import { affectedGateways, keyOf, type AffectedGateways } from './affected-gateways.js';
import { GATEWAY_CONTROLLER, gatewayClass, gatewayObjects } from './gateway-objects.js';
import { backendProblems, gatewayStatus, missingParameters, PROBLEM_TEXT, routeStatus } from './gateway-status.js';

export async function syncGateways(run: Reconciliation): Promise<void> {
  const affected = affectedGateways(run);
  for (const gateway of affected.gateways.values()) await ensureProxy(run, gateway);
  await updateStatus(run, affected);
  warnAboutRoutes(run);
}

/** The controller of the Gateway's class. A class that does not exist is created, with Packetwalk's own controller. `undefined` if there is none. */
function classController(run: Reconciliation, gateway: GatewayFacts): string | undefined {
  const { draft } = run;
  const ref: ObjectRef = { group: GATEWAY_GROUP, kind: 'GatewayClass', namespace: '', name: gateway.className };
  const known = draft.facts(ref);
  if (known?.kind === 'GatewayClass') return known.controller;
  if (draft.settings.gateway.controller === 'none' || serviceOfGateway(draft, gateway) || labelsProblem(gateway) !== undefined) return undefined;
  if (!run.create(defaultObject(gatewayClass(gateway.className)), gatewayRef(gateway), 'spec.gatewayClassName')) return undefined;
  run.warnings.push(
    `Gateway ${keyOf(gateway)}: the cluster had no GatewayClass ${gateway.className}, so it got one of ${GATEWAY_CONTROLLER}, whose Gateways are a Deployment and a Service each; the setting gateway.controller "none" keeps it away`,
  );
  return GATEWAY_CONTROLLER;
}

/** Why the Gateway's class name is no valid name, or why its names are not valid as labels of its pods; `undefined` if all are valid. */
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
  const missing = missingParameters(run.draft, gateway);
  if (controller === GATEWAY_CONTROLLER && missing !== null) {
    run.warnings.push(`Gateway ${keyOf(gateway)}: no proxy is made for it, because ${missing}`);
  } else if (controller === GATEWAY_CONTROLLER && gateway.service === null) {
    const objects = gatewayObjects(gateway).map(defaultObject);
    for (const wanted of objects) await ensure(run, wanted, gateway);
    if (objects.length === 0) run.warnings.push(`Gateway ${keyOf(gateway)}: no proxy is made for it, because none of its listeners can be served`);
  } else if (!serviceOfGateway(run.draft, gateway)) {
    run.warnings.push(
      `Gateway ${keyOf(gateway)}: the Service of its proxy (GatewayClass ${gateway.className}${controller === undefined ? '' : `, ${controller}`}) is not known: name it by the annotation packetwalk.dev/gateway-service of the Gateway${
        run.draft.settings.gateway.controller === 'none'
          ? ''
          : `; applied without that GatewayClass, the Gateway gets a class and a proxy of ${GATEWAY_CONTROLLER}`
      }`,
    );
  }
}

/** Creates the object or, if the Gateway owns it, updates it. An object of the same name that the Gateway does not own is not changed. */
async function ensure(run: Reconciliation, wanted: KubeObject, gateway: GatewayFacts): Promise<void> {
  const ref = refOf(wanted);
  if (!run.draft.facts(ref)) {
    run.create(wanted, gatewayRef(gateway), 'spec.listeners');
    return;
  }
  const [body] = await run.load([ref]);
  const owned = body?.metadata.ownerReferences?.some(({ uid }) => uid === gateway.uid);
  if (!body || !owned) return;
  const { replicas, ...former } = body['spec'] as { readonly replicas?: number };
  const spec = { ...former, ...(wanted['spec'] as object), ...(replicas !== undefined && { replicas }) };
  const metadata = {
    ...body.metadata, labels: { ...body.metadata.labels, ...wanted.metadata.labels },
    ...(wanted.metadata.annotations && { annotations: { ...body.metadata.annotations, ...wanted.metadata.annotations } }),
  };
  run.replace({ ...body, metadata, spec }, body, gatewayRef(gateway), 'spec.listeners');
}

async function updateStatus(run: Reconciliation, { gateways, routes }: AffectedGateways): Promise<void> {
  const { draft, context: { now } } = run;
  const controllerOf = ({ className }: GatewayFacts): string => {
    const found = draft.facts({ group: GATEWAY_GROUP, kind: 'GatewayClass', namespace: '', name: className });
    return found?.kind === 'GatewayClass' ? found.controller : GATEWAY_CONTROLLER;
  };
  await run.prefetch([...Array.from(gateways.values(), gatewayRef), ...Array.from(routes.values(), httpRouteRef)]);
  for (const gateway of gateways.values()) {
    const body = run.body<KubeObject>(gatewayRef(gateway));
    if (!body) continue;
    const missing = controllerOf(gateway) === GATEWAY_CONTROLLER ? missingParameters(draft, gateway) : null;
    const status = gatewayStatus(draft, gateway, { routes: draft.http.routesOf(gateway, null), missing }, body, now);
    run.update({ ...body, status: { ...(body['status'] as object | undefined), ...status } });
  }
  for (const route of routes.values()) {
    const body = run.body<KubeObject>(httpRouteRef(route));
    if (body) run.update({ ...body, status: { ...(body['status'] as object | undefined), ...routeStatus(draft, route, body, controllerOf, now) } });
  }
}

/** Warns of the problems that the statuses of the written routes report. */
function warnAboutRoutes({ draft, touched, warnings }: Reconciliation): void {
  const written = new Map(touched.flatMap(({ after }) => (after?.kind === 'HTTPRoute' ? [[keyOf(after), after] as const] : [])));
  for (const [key, route] of written) {
    const say = (text: string): number => warnings.push(`HTTPRoute ${key}: ${text}`);
    for (const parent of route.parents) {
      if (isService(parent)) {
        say(
          `it is for requests that a mesh sends to Service ${keyOf(parent)}, and no mesh is modelled: a trace that it could decide is UNDETERMINED`,
        );
      }
      if (!refersTo(parent, parent)) continue;
      const gateway = draft.http.gateway(parent.namespace, parent.name);
      const problem = gateway && attachmentProblem(draft, route, parent, gateway);
      if (!gateway) say(`there is no Gateway ${keyOf(parent)}`);
      else if (problem) say(`not attached to Gateway ${keyOf(gateway)}, because ${PROBLEM_TEXT[problem]}`);
    }
    for (const { message } of backendProblems(draft, route)) say(message);
  }
}
