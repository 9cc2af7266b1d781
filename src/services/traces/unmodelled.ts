/** What routes, listeners and workloads that are not modelled put in doubt about a flow. */
import { isAttached } from '../../domain/cluster/route-attachment.js';
import type { ForeignRouteView, ServiceView } from '../../domain/cluster/view.js';
import { listenerProblem, supportedKinds } from '../../domain/http/gateway.js';
import { gatewayRoles } from './http/proxy-role.js';
import { podAt } from './http/serve-http.js';
import { serviceLookedUp } from './look-up-host.js';
import { nameOf } from './name-of.js';
import type { Question, WalkedConnection, WalkedPath } from './run-path.js';

const titleOf = (route: ForeignRouteView): string => `${route.kind} ${nameOf(route)}`;

function serviceNamed({ view }: Question, name: string | null): readonly ServiceView[] {
  const [namespace = '', own = ''] = name?.split('/') ?? [];
  const service = view.service(namespace, own);
  return service ? [service] : [];
}

/** A Service that the client named or addressed, with the port that it connected to, if it got so far. */
interface AskedService {
  readonly service: ServiceView;
  readonly port: number | undefined;
}

function askedIn(question: Question, { connections, lookup }: WalkedPath): readonly AskedService[] {
  const { view, request: { to } } = question;
  const flow = connections.find(({ role }) => role === 'CLIENT')?.flow;
  const matches = flow ? view.servicesAt(flow.destination) : [];
  const addressed = matches.filter(({ port }) => port.port === flow!.destinationPort && port.protocol === flow!.protocol);
  const lookedUp = lookup ? serviceLookedUp(view, lookup) : undefined;
  return [...serviceNamed(question, 'service' in to ? to.service : null), ...(lookedUp ? [lookedUp] : []), ...addressed.map(({ service }) => service)]
    .map((service) => ({ service, port: flow?.destinationPort }));
}

export const servicesAsked = (question: Question, walks: readonly WalkedPath[]): readonly AskedService[] => walks.flatMap((walk) => askedIn(question, walk));

/** Warns of routes for a Service that a pod asks for: in a mesh, a proxy beside the pod obeys them. */
export function meshRoutesOn({ view, source: { pod } }: Question, asked: readonly AskedService[]): readonly string[] {
  if (!pod || pod.hostNetwork) return [];
  const warnings = asked.flatMap(({ service, port }) => {
    const isFor = (parent: ForeignRouteView['parents'][number]): boolean =>
      parent.kind === 'Service' && parent.namespace === service.namespace && parent.name === service.name && (parent.port ?? port) === port;
    const routes = view.foreignRoutes('Service', service).filter(({ parents }) => parents.some(isFor));
    return routes.map((route) =>
      `${titleOf(route)} is for requests that a mesh sends to Service ${nameOf(service)}, and no mesh is modelled: without it the answer would be as shown`);
  });
  return [...new Set(warnings)];
}

/** Warns of workloads that would make the pods of a Service that has none: its endpoints would be theirs. */
export function unmadePodsOn(question: Question, asked: readonly AskedService[], walks: readonly WalkedPath[]): readonly string[] {
  const backends = walks.flatMap(({ served }) => serviceNamed(question, served?.result.backendService ?? null));
  const warnings = [...asked.map(({ service }) => service), ...backends].flatMap((service) => {
    const { namespace, selector } = service;
    const makers = selector ? question.view.foreignMakersOf(namespace, selector) : [];
    if (makers.length === 0 || question.view.podsMatching(namespace, selector!).length > 0) return [];
    return makers.map((maker) => `${maker} would make pods for Service ${nameOf(service)}, and is not modelled: without it the answer would be as shown`);
  });
  return [...new Set(warnings)];
}

/**
 * Warns of a proxy that took a connection that is not for HTTP: where it sends what comes on it is up to routes that are
 * not modelled. A flow to the pod itself ends there.
 */
export const unfollowedStreams = (question: Question, walks: readonly WalkedPath[]): readonly string[] =>
  [...new Set(walks.flatMap((walk) => (walk.served ? [] : streamsOf(question, walk.connections.at(-1)))))];

function streamsOf({ view }: Question, connection: WalkedConnection | undefined): readonly string[] {
  if (!connection) return [];
  const { netns, packet, disposition } = connection.walked.forward.end;
  const pod = disposition === 'ACCEPTED' ? podAt(view, netns, packet.destinationPort) : undefined;
  if (!pod || pod.ip === connection.flow.destination) return [];
  return gatewayRoles(view, pod, packet.destinationPort, connection.flow.protocol).flatMap(({ gateway, listenerPort }) => {
    const listeners = gateway.listeners.filter(
      (each) => each.port === listenerPort && listenerProblem(gateway, each) === null && !supportedKinds(each).includes('HTTPRoute'),
    );
    return listeners.map((listener) => {
      const routes = view.foreignRoutes('Gateway', gateway).filter((route) => isAttached(view, route, gateway, listener, route.kind)).map(titleOf);
      return `${routes.length > 0 ? routes.join(', ') : 'The routes of its kind'}, by which listener ${listener.name} (${listener.protocol}) of Gateway ${nameOf(gateway)} sends connections on, ${routes.length === 1 ? 'is' : 'are'} not modelled: up to the proxy the answer is as shown`;
    });
  });
}
