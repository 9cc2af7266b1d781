/** Explains why a Service has no endpoint that takes traffic, and what would give it one. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { EndpointSliceFacts, PodFacts, WorkloadFacts } from '../../domain/cluster/facts.js';
import { nearSelector } from '../../domain/cluster/near-selector.js';
import { similarNames } from '../../domain/cluster/similar-names.js';
import type { ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import { capitalise } from '../../domain/values/capitalise.js';
import { fixForPending, whyPending } from './explain-pending.js';
import { named } from './listed.js';
import { nameOf } from './name-of.js';
import { isPassing } from './passing-labels.js';

/** A cause as a clause that can follow a colon, and a fix as a sentence. */
export interface Cause {
  readonly why: string;
  readonly fix: string;
}

type Labels = Readonly<Record<string, string>>;

/** Why no endpoint of a Service is ready on the port. */
export function whyNoEndpoint(state: ClusterState, service: ServiceView, port: ServicePortView | null): Cause {
  const { selector } = service;
  if (!selector) return whyNoSliceServes(state, service, port);
  const pods = state.podsMatching(service.namespace, selector);
  return pods.length === 0 ? whyNoPodIsSelected(state, service, selector) : whyNoPodServes(state, service, pods, port);
}

const labelsText = (labels: Labels): string => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');

function whyNoPodIsSelected(state: ClusterState, service: ServiceView, selector: Labels): Cause {
  const { namespace } = service;
  const labels = labelsText(selector);
  const why = `its selector ${labels} selects no pod of namespace ${namespace}`;
  const start = `start pods with the labels ${labels} in namespace ${namespace}`;
  const own = state.workloadsSelecting(namespace, selector).filter(({ owner }) => owner === null);
  const lacksNode = ({ nodeName }: WorkloadFacts): boolean => nodeName !== undefined && !state.node(nodeName);
  const workload = own.find((each) => (each.replicas === 0 && state.podsOwnedBy(each.uid).length === 0) || lacksNode(each));
  if (workload) {
    const { why: idle, fix } = workload.replicas > 0 ? whyNodeIsMissing(workload) : whyNoPodIsWanted(workload);
    return { why: `${why}, as ${idle}`, fix };
  }
  const [maker] = state.foreignMakersOf(namespace, selector);
  if (maker !== undefined) {
    return {
      why: `${why}; ${maker} would make such pods, but is not modelled`,
      fix: `Write ${maker} as a Deployment or StatefulSet with the same pods.`,
    };
  }
  const [[key, value] = ['', ''], ...others] = Object.entries(selector);
  if (state.labelValues(namespace, key, Object.fromEntries(others)).has(value)) {
    return { why: `the pods of namespace ${namespace} that its selector ${labels} selects have finished`, fix: `${capitalise(start)} that go on running.` };
  }
  const meant = nearSelector(state, namespace, selector, 'ANY');
  if (meant) {
    const [right, wrong] = [`${meant.key}=${meant.value}`, `${meant.written}=${meant.value}`];
    const correct = meant.key === meant.written ? `Set ${meant.key} to ${meant.value}` : `Write ${right} instead of ${wrong}`;
    return { why: `${why}, where pods have ${right}`, fix: `${correct} in the selector of Service ${nameOf(service)}, or ${start}.` };
  }
  const elsewhere = [...state.namespaces()].filter(({ name }) => state.podsMatching(name, selector).length > 0).map(({ name }) => name);
  if (elsewhere.length > 0) {
    return {
      why: `${why}, but such pods are in namespace ${named(elsewhere)} (a Service selects in its own namespace alone)`,
      fix: `Make the Service in namespace ${elsewhere[0]!}, or ${start}.`,
    };
  }
  const namesake = labelsOfNamesake(state, service);
  if (namesake) {
    return {
      why: `${why}, where the pods of ${namesake.workload} have ${namesake.labels}`,
      fix: `Set the selector of Service ${nameOf(service)} to ${namesake.labels}, or ${start}.`,
    };
  }
  return { why, fix: `Give Service ${nameOf(service)} a selector that matches the labels of pods, or ${start}.` };
}

/**
 * The labels of the pods of a workload with the name of the Service. They may differ from the workload's own labels, which
 * a selector does not see.
 */
function labelsOfNamesake(state: ClusterState, { namespace, name }: ServiceView): { readonly workload: string; readonly labels: string } | undefined {
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet'] as const) {
    const lasting = Object.entries(state.firstPodOf(kind, namespace, name)?.labels ?? {}).filter(([key]) => !isPassing(key));
    if (lasting.length > 0) return { workload: `${kind} ${namespace}/${name}`, labels: labelsText(Object.fromEntries(lasting)) };
  }
  return undefined;
}

/** For a workload whose template names a node that does not exist. */
function whyNodeIsMissing(workload: WorkloadFacts): Cause {
  const name = `${workload.kind} ${nameOf(workload)}`;
  return {
    why: `${name} makes none without node ${workload.nodeName}, which its template names`,
    fix: `Add node ${workload.nodeName}, or name another one in the template of ${name}.`,
  };
}

/** For a workload that wants no pods: why it wants none. */
function whyNoPodIsWanted(workload: WorkloadFacts): Cause {
  const name = `${workload.kind} ${nameOf(workload)}`;
  switch (workload.kind) {
    case 'DaemonSet':
      return {
        why: `no node is one for ${name}`,
        fix: `Add a node that the nodeSelector, the node affinity and the tolerations of ${name} take, or change these.`,
      };
    case 'Job':
      return { why: `the parallelism of ${name} is 0`, fix: `Set parallelism of ${name} to at least 1.` };
    default:
      return { why: `${name} has 0 replicas`, fix: `Scale ${name} up to at least 1 replica.` };
  }
}

function whyNoPodServes(state: ClusterState, service: ServiceView, pods: readonly PodFacts[], port: ServicePortView | null): Cause {
  const groups = CONDITIONS.map((condition) => ({ condition, members: pods.filter((pod) => conditionOf(state, pod) === condition) })).filter(
    ({ members }) => members.length > 0,
  );
  const texts = groups.map(({ condition, members }) => clauseFor(condition, members, port));
  return { why: `of the pods that it selects, ${texts.join(', and ')}`, fix: fixFor(service, groups[0]!.condition, groups[0]!.members, port) };
}

/** Why a pod is no endpoint; the condition that is nearest to being one comes first, and is the one fixed. */
const CONDITIONS = ['running', 'not ready', 'on a node that is not ready', 'pending', 'terminating'] as const;
type Condition = (typeof CONDITIONS)[number];

function conditionOf(state: ClusterState, { ip, node, ready, terminating }: PodFacts): Condition {
  if (terminating) return 'terminating';
  if (ip === null || node === null) return 'pending';
  if (ready) return 'running';
  return state.node(node)?.ready === 'True' ? 'not ready' : 'on a node that is not ready';
}

function clauseFor(condition: Condition, pods: readonly PodFacts[], port: ServicePortView | null): string {
  const are = pods.length === 1 ? 'is' : 'are';
  const who = named(pods.map(nameOf));
  switch (condition) {
    case 'running':
      return port
        ? `${who} ${pods.length === 1 ? 'has' : 'have'} no container port named ${port.targetPort} (${port.protocol})`
        : `${who} ${pods.length === 1 ? 'has' : 'have'} no such port`;
    case 'not ready':
      return `${who} ${are} not Ready${reasonsOf(pods)}`;
    case 'on a node that is not ready': {
      const nodes = [...new Set(pods.map(({ node }) => node!))];
      return `${who} ${are} on ${named(nodes)}, which ${nodes.length === 1 ? 'is' : 'are'} not Ready`;
    }
    case 'pending':
      return `${who} ${are} Pending${reasonsOf(pods)}`;
    case 'terminating':
      return `${who} ${are} terminating`;
  }
}

/** Why the pods are waiting, in brackets; if their reasons differ, that of the first pod. */
function reasonsOf(pods: readonly PodFacts[]): string {
  const [pod] = pods as readonly [PodFacts];
  if (pod.waiting === null) return '';
  return ` (${pods.every(({ waiting }) => waiting === pod.waiting) ? '' : `${nameOf(pod)}: `}${whyPending(pod)})`;
}

function fixFor(service: ServiceView, condition: Condition, pods: readonly PodFacts[], port: ServicePortView | null): string {
  const [pod] = pods as readonly [PodFacts];
  switch (condition) {
    case 'running': return port ? fixForName(service, pods, port) : `Add the port to Service ${nameOf(service)}.`;
    case 'not ready': return fixForGates(pod) ?? `Make pod ${nameOf(pod)} Ready: let its readiness probe succeed (here: set its condition Ready to True).`;
    case 'on a node that is not ready': return `Set the condition Ready of node ${pod.node!} to True, or run a pod of the Service on a node that is Ready.`;
    case 'pending': return fixForPending(pod);
    case 'terminating': return `Start new pods with the labels ${labelsText(service.selector ?? {})} in namespace ${service.namespace}.`;
  }
}

/** For a pod that waits for its readiness gates; `undefined` for any other pod. */
function fixForGates(pod: PodFacts): string | undefined {
  const gates = Array.from(pod.waiting?.matchAll(/readiness gate "([^"]+)"/g) ?? [], ([, gate]) => gate!);
  return gates.length === 0
    ? undefined
    : `Set the ${gates.length === 1 ? 'condition' : 'conditions'} ${named(gates)} of pod ${nameOf(pod)} to True, for which its readinessGates ask.`;
}

function fixForName(service: ServiceView, pods: readonly PodFacts[], { port, targetPort, protocol }: ServicePortView): string {
  const theirs = pods.flatMap(({ containers }) => containers.flatMap(({ ports }) => ports)).filter((each) => each.protocol === protocol);
  const names = [...new Set(theirs.flatMap(({ name }) => name ?? []))];
  const [near] = similarNames(String(targetPort), names);
  const meant = near ?? (names.length > 0 ? named(names, 'or') : theirs[0]?.containerPort);
  const name = `name a container port ${targetPort} (${protocol}) in the pods`;
  return meant === undefined ? `${capitalise(name)}.` : `Set targetPort of port ${port} of Service ${nameOf(service)} to ${meant}, or ${name}.`;
}

/**
 * The Endpoints object that a slice was mirrored from, which has to be changed instead; `undefined` if there is none.
 *
 * @source kubernetes/kubernetes pkg/controller/endpointslicemirroring
 */
function mirrored(state: ClusterState, { namespace, name, service, managed }: EndpointSliceFacts): string | undefined {
  const isGenerated = service !== null && !managed && name.startsWith(`${service}-`) && /^[a-z0-9]{5}$/.test(name.slice(service.length + 1));
  return isGenerated && state.facts({ group: '', kind: 'Endpoints', namespace, name: service }) ? `Endpoints ${namespace}/${service}` : undefined;
}

/** For a slice without the port: the ports of slices are found by the name of the Service's port. */
function fixForSlicePort(state: ClusterState, service: ServiceView, { name, port, protocol }: ServicePortView, slice: EndpointSliceFacts): string {
  const { ports } = slice;
  const older = mirrored(state, slice);
  const [subject, owner] = [older ?? `EndpointSlice ${nameOf(slice)}`, `port ${port} of Service ${nameOf(service)}`];
  const [only] = ports.filter((each) => each.protocol === protocol);
  return only && ports.length === 1 ? `Set name of ${older ? 'subsets[0].' : ''}ports[0] of ${subject} to ${JSON.stringify(name)}, as ${owner} is called.`
    : `Add to ${subject} a port named ${JSON.stringify(name)} (${protocol}), as ${owner} is called.`;
}

/** The name and protocol that the port of a slice needs if they are not the defaults; `''` if they are. */
function sliceNeeds(port: ServicePortView | null): string {
  if (!port || (port.name === '' && port.protocol === 'TCP')) return '';
  return `, a port${port.name === '' ? '' : ` named ${JSON.stringify(port.name)}`}${port.protocol === 'TCP' ? '' : ` of protocol ${port.protocol}`}`;
}

function whyNoSliceServes(state: ClusterState, service: ServiceView, port: ServicePortView | null): Cause {
  const sliceText = (slice: EndpointSliceFacts): string => mirrored(state, slice) ?? `EndpointSlice ${nameOf(slice)}`;
  const label = `kubernetes.io/service-name: ${service.name}`;
  const slices = state.slicesOf(service.namespace, service.name);
  if (slices.length === 0) {
    return {
      why: 'it has no selector, and no EndpointSlice belongs to it',
      fix: `Give Service ${nameOf(service)} a selector, or make an EndpointSlice with the label ${label}${sliceNeeds(port)} and the addresses.`,
    };
  }
  const withPort = port ? slices.filter(({ ports }) => ports.some(({ name, protocol }) => name === port.name && protocol === port.protocol)) : slices;
  if (port && withPort.length === 0) {
    const theirs = slices.flatMap(({ ports }) => ports.map(({ name, protocol }) => `${JSON.stringify(name)} (${protocol})`));
    const wanted = `${JSON.stringify(port.name)} (${port.protocol})`;
    return {
      why: `its ${sliceText(slices[0]!)} has no port named ${wanted}${theirs.length > 0 ? `, but ${named([...new Set(theirs)])}` : ''}`,
      fix: fixForSlicePort(state, service, port, slices[0]!),
    };
  }
  const passedOver = withPort.find(({ watched, endpoints }) => !watched && endpoints.some(({ ready }) => ready));
  if (passedOver) {
    return {
      why: `kube-proxy passes over its ${sliceText(passedOver)}, which is labelled as headless or as another proxy's`,
      fix: `Remove the labels service.kubernetes.io/headless and service.kubernetes.io/service-proxy-name from ${sliceText(passedOver)}.`,
    };
  }
  const filled = withPort.find(({ endpoints }) => endpoints.length > 0);
  if (!filled) {
    return {
      why: `its ${sliceText(withPort[0]!)} has no endpoints`,
      fix: `Add an address to ${mirrored(state, withPort[0]!) ? '' : 'the endpoints of '}${sliceText(withPort[0]!)}.`,
    };
  }
  return {
    why: `no endpoint of its ${sliceText(filled)} is ready`,
    fix: mirrored(state, filled)
      ? `Move an address of ${sliceText(filled)} from notReadyAddresses to addresses.`
      : `Set conditions.ready of an endpoint of ${sliceText(filled)} to true.`,
  };
}
