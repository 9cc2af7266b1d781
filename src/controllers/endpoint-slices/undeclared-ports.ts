/** Warns of Service ports that none of the pods is known to listen on. Kubernetes accepts them, and flows are then refused at the pod. */
import type { PodFacts, ServiceFacts } from '../../domain/cluster/facts.js';
import { listenedPorts, portText } from '../../domain/cluster/listened-ports.js';
import { LISTEN_ANNOTATION } from '../../domain/cluster/listen-syntax.js';
import type { ServicePortView } from '../../domain/cluster/view.js';
import type { Reconciliation } from '../reconciliation.js';
import type { EndpointGroup } from './desired-endpoints.js';

/** Does the request write the Service, or create one of its pods? Only then is the warning given. */
type IsNews = (service: ServiceFacts, groups: readonly EndpointGroup[]) => boolean;

export function createNewsCheck({ touched }: Reconciliation): IsNews {
  let found: ReadonlySet<string> | null = null; // few Services need it, and an import touches many objects
  return (service, groups) => {
    const news = (found ??= new Set(
      touched.flatMap(({ before, after }) => (after?.kind === 'Service' || (after?.kind === 'Pod' && !before) ? [keyOf(after)] : [])),
    ));
    return news.has(keyOf(service)) || groups.some(({ endpoints }) => endpoints.some(({ pod }) => news.has(keyOf(pod))));
  };
}

const keyOf = ({ kind, namespace, name }: ServiceFacts | PodFacts): string => `${kind} ${namespace}/${name}`;

export interface Undeclared {
  readonly service: string;
  readonly warning: string;
  /** Whether some of the pods declare the ports, so that only others lack them. */
  readonly isStray: boolean;
}

/** Most Services that get a warning of their own; manifests that declare no ports at all would produce very many. */
const TOLD = 5;

export function undeclaredWarnings(all: readonly Undeclared[]): readonly string[] {
  const told = all.slice(0, TOLD).map(({ warning }) => warning);
  const rest = all.slice(TOLD).filter(({ isStray }) => !isStray).map(({ service }) => service);
  if (rest.length === 0) return told;
  return [
    ...told,
    `Service ${rest.slice(0, TOLD).join(', ')}${rest.length > TOLD ? ` and ${rest.length - TOLD} more` : ''}: the same holds, no pod that it selects declares its targetPort`,
  ];
}

/** @returns at most one warning */
export function undeclaredPorts(service: ServiceFacts, groups: readonly EndpointGroup[], isNews: IsNews): readonly Undeclared[] {
  const first = groups[0]?.endpoints[0]?.pod;
  if (!first) return [];
  const missing = service.ports.filter((port) => !groups.some(({ endpoints }) => endpoints.some(({ pod }) => listensFor(pod, port))));
  const strays = missing.length === 0 ? strayPods(service, groups) : [];
  if ((missing.length === 0 && strays.length === 0) || !isNews(service, groups)) return [];
  if (missing.length === 0) return strays;
  const wanted = new Set(
    missing.map(({ targetPort, protocol }) => (typeof targetPort === 'number' ? `${targetPort}/${protocol}` : `named ${targetPort} (${protocol})`)),
  );
  const declared = listenedPorts(first).map(portText);
  return [
    {
      isStray: false,
      service: `${service.namespace}/${service.name}`,
      warning:
        `Service ${service.namespace}/${service.name}: no pod that it selects (such as ${first.name}, which declares ${declared.length > 0 ? declared.join(', ') : 'no port'}) declares its targetPort ${[...wanted].join(', ')}, ` +
        `so nothing is known to listen there; declare it as a containerPort${missing.some(({ targetPort }) => typeof targetPort === 'number') ? `, or by the annotation ${LISTEN_ANNOTATION} on the pod` : ''}`,
    },
  ];
}

/** Most pods of a Service that are compared; pods of one workload are alike. */
const LOOKED_AT = 100;

/**
 * A pod that does not declare the targetPort although other selected pods do, so that the selector is probably too wide.
 * Only for numeric targetPorts: a pod without the named port is no endpoint.
 */
function strayPods(service: ServiceFacts, groups: readonly EndpointGroup[]): readonly Undeclared[] {
  const pods = groups.flatMap(({ endpoints }) => endpoints.slice(0, LOOKED_AT).map(({ pod }) => pod)).slice(0, LOOKED_AT);
  const port = service.ports.find((each) => typeof each.targetPort === 'number' && pods.some((pod) => isStray(pod, each)));
  const stray = port && pods.find((pod) => isStray(pod, port));
  if (!stray) return [];
  const name = `${service.namespace}/${service.name}`;
  return [
    {
      isStray: true,
      service: name,
      warning: `Service ${name}: of the pods that it selects, ${stray.name} declares ${listenedPorts(stray).map(portText).join(', ')}, but not its targetPort ${port.targetPort}/${port.protocol}, as others do; connections that get this pod are refused, unless it listens there undeclared`,
    },
  ];
}

const isStray = (pod: PodFacts, port: ServicePortView): boolean => listenedPorts(pod).length > 0 && !listensFor(pod, port);

/** A named targetPort needs a containerPort of that name; a number matches anything that listens on it. */
function listensFor({ containers, listen }: PodFacts, { targetPort, protocol }: ServicePortView): boolean {
  if (listen !== null && typeof targetPort === 'number') return listen.some((each) => each.port === targetPort && each.protocol === protocol);
  return containers.some(({ ports }) => ports.some((port) => (port.name === targetPort || port.containerPort === targetPort) && port.protocol === protocol));
}
