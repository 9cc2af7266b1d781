/** A Service's port that none of its pods is known to listen on: Kubernetes does not mind, and the flow ends at the pod. */
import type { PodFacts, ServiceFacts } from '../../domain/cluster/facts.js';
import { listenedPorts, portText } from '../../domain/cluster/listened-ports.js';
import { LISTEN_ANNOTATION } from '../../domain/cluster/listen-syntax.js';
import type { ServicePortView } from '../../domain/cluster/view.js';
import type { Reconciliation } from '../reconciliation.js';
import type { EndpointGroup } from './desired-endpoints.js';

/** Whether a request says something new of a Service: it writes it, or makes one of its pods. */
export type IsNews = (service: ServiceFacts, groups: readonly EndpointGroup[]) => boolean;

export function newsOf({ touched }: Reconciliation): IsNews {
  let found: ReadonlySet<string> | null = null; // few Services need it, and an import touches many objects
  return (service, groups) => {
    const news = (found ??= new Set(touched.flatMap(({ before, after }) => (after?.kind === 'Service' || (after?.kind === 'Pod' && !before) ? [keyOf(after)] : []))));
    return news.has(keyOf(service)) || groups.some(({ endpoints }) => endpoints.some(({ pod }) => news.has(keyOf(pod))));
  };
}

const keyOf = ({ kind, namespace, name }: ServiceFacts | PodFacts): string => `${kind} ${namespace}/${name}`;

/** @returns at most one sentence for the Service */
export function undeclaredPorts(service: ServiceFacts, groups: readonly EndpointGroup[], isNews: IsNews): readonly string[] {
  const first = groups[0]?.endpoints[0]?.pod;
  if (!first) return [];
  const missing = service.ports.filter((port) => !groups.some(({ endpoints }) => endpoints.some(({ pod }) => listensFor(pod, port))));
  if (missing.length === 0 || !isNews(service, groups)) return [];
  const wanted = new Set(missing.map(({ targetPort, protocol }) => (typeof targetPort === 'number' ? `${targetPort}/${protocol}` : `named ${targetPort} (${protocol})`)));
  const declared = listenedPorts(first).map(portText);
  return [
    `Service ${service.namespace}/${service.name}: no pod that it selects (such as ${first.name}, which declares ${declared.length > 0 ? declared.join(', ') : 'no port'}) declares its targetPort ${[...wanted].join(', ')}, `
      + `so nothing is known to listen there; declare it as a containerPort${missing.some(({ targetPort }) => typeof targetPort === 'number') ? `, or by the annotation ${LISTEN_ANNOTATION} on the pod` : ''}`,
  ];
}

/** A name leads to a containerPort alone; a number to whatever listens on it. */
function listensFor({ containers, listen }: PodFacts, { targetPort, protocol }: ServicePortView): boolean {
  if (listen !== null && typeof targetPort === 'number') return listen.some((each) => each.port === targetPort && each.protocol === protocol);
  return containers.some(({ ports }) => ports.some((port) => (port.name === targetPort || port.containerPort === targetPort) && port.protocol === protocol));
}
