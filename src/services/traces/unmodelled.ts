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

/** The Services that the client named or addressed. */
function servicesAsked(question: Question, { connections, lookup }: WalkedPath): readonly ServiceView[] {
  const { view, request: { to } } = question;
  const addressed = connections.filter(({ role }) => role === 'CLIENT').flatMap(({ flow: { destination, destinationPort, protocol } }) =>
    view.servicesAt(destination).filter(({ port }) => port.port === destinationPort && port.protocol === protocol).map(({ service }) => service));
  const lookedUp = lookup ? serviceLookedUp(view, lookup) : undefined;
  return [...serviceNamed(question, 'service' in to ? to.service : null), ...(lookedUp ? [lookedUp] : []), ...addressed];
}

/** Warns of routes for a Service that a pod asks for: in a mesh, a proxy beside the pod obeys them. */
export function meshRoutesOn(question: Question, walks: readonly WalkedPath[]): readonly string[] {
  const { view, source: { pod } } = question;
  if (!pod || pod.hostNetwork) return [];
  const asked = walks.flatMap((walk) =>
    servicesAsked(question, walk).map((service) => ({ service, port: walk.connections.find(({ role }) => role === 'CLIENT')?.flow.destinationPort })),
  );
  return [
    ...new Set(
      asked.flatMap(({ service, port }) =>
        view
          .foreignRoutes('Service', service)
          .filter(({ parents }) =>
            parents.some(
              (parent) =>
                parent.kind === 'Service' && parent.namespace === service.namespace && parent.name === service.name && (parent.port ?? port) === port,
            ),
          )
          .map(
            (route) =>
              `${titleOf(route)} is for requests that a mesh sends to Service ${nameOf(service)}, and no mesh is modelled: without it the answer would be as shown`,
          ),
      ),
    ),
  ];
}

/** Warns of workloads that would make the pods of a Service that has none: its endpoints would be theirs. */
export const unmadePodsOn = (question: Question, walks: readonly WalkedPath[]): readonly string[] =>
  [...new Set(walks.flatMap((walk) => [...servicesAsked(question, walk), ...serviceNamed(question, walk.served?.result.backendService ?? null)]
    .flatMap((service) => {
      const { namespace, selector } = service;
      const makers = selector ? question.view.foreignMakersOf(namespace, selector) : [];
      if (makers.length === 0 || question.view.podsMatching(namespace, selector!).length > 0) return [];
      return makers.map((maker) => `${maker} would make pods for Service ${nameOf(service)}, and is not modelled: without it the answer would be as shown`);
    })))];

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
