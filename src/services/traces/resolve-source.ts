import type { ClusterState } from '../../domain/cluster/draft.js';
import type { PodView } from '../../domain/cluster/view.js';
import type { Flow } from '../../domain/walk/walk-flow.js';
import { formatIpv4, ipv4, parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { hostMac } from '../../domain/values/mac.js';
import { isPublicAddress, planOf } from '../../compile/cluster-plan.js';
import type { Problem } from '../app-error.js';
import { missing, noPodOf } from './did-you-mean.js';
import { becausePending } from './explain-pending.js';
import type { TraceSource } from './trace-request.js';

/** The resolved source of a flow. */
export interface ResolvedSource {
  readonly origin: Flow['origin'];
  /** The pod that sends, from its own network namespace or its node's. */
  readonly pod: PodView | null;
  /** The node whose process sends; `null` for all others. */
  readonly node: string | null;
  readonly internetHost: Ipv4 | null;
}

/** Adds problems found to `problems`. @returns `null` if the source does not exist or cannot send */
export function resolveSource(view: ClusterState, from: TraceSource, problems: Problem[]): ResolvedSource | null {
  if ('pod' in from) return fromPod(view, from.pod, 'from.pod', from.container ?? null, from.source, problems);
  if ('deployment' in from) return fromDeployment(view, from.deployment, from.source, problems);
  if ('node' in from) return fromNode(view, from.node, null, null, from.source, problems);
  if ('internet' in from) return fromInternet(view, from.internet, problems);
  if ('lan' in from) return fromLan(view, from.lan, from.source, problems);
  return fromAnywhere(view, from.ip, from.at, problems);
}

const socket = (netns: string, source: Ipv4 | null, container: string | null): Flow['origin'] => ({ kind: 'socket', netns, container, source });

function fromPod(
  view: ClusterState,
  name: string,
  path: string,
  container: string | null,
  source: string | undefined,
  problems: Problem[],
): ResolvedSource | null {
  const [namespace = '', podName = ''] = name.split('/');
  const pod = view.pod(namespace, podName);
  if (!pod) {
    problems.push(missing(view, 'pod', namespace, podName, path));
    return null;
  }
  if (container !== null && !pod.containers.some((each) => each.name === container)) {
    problems.push({
      path: 'from.container',
      message: `pod ${name} has no container "${container}"; it has ${pod.containers.map((each) => each.name).join(', ')}`,
    });
  }
  if (pod.finished) problems.push({ path, message: `pod ${name} has finished: it has no network namespace any more` });
  else if (pod.ip === null || pod.node === null) {
    problems.push({ path, message: `pod ${name} has no IP address yet: it is not scheduled to a node${becausePending(pod)}` });
  } else if (pod.hostNetwork) return fromNode(view, pod.node, pod, container, source, problems);
  else {
    const bound = boundSource(source, [pod.ip], problems);
    if (bound !== undefined) return { origin: socket(`pod:${name}`, bound, container), pod, node: null, internetHost: null };
  }
  return null;
}

function fromDeployment(view: ClusterState, name: string, source: string | undefined, problems: Problem[]): ResolvedSource | null {
  const [namespace = '', deployment = ''] = name.split('/');
  const pod = view.firstPodOf('Deployment', namespace, deployment);
  if (pod) return fromPod(view, `${pod.namespace}/${pod.name}`, 'from.deployment', null, source, problems);
  problems.push(noPodOf(view, 'Deployment', namespace, deployment, 'from.deployment'));
  return null;
}

function fromNode(
  view: ClusterState,
  name: string,
  pod: PodView | null,
  container: string | null,
  source: string | undefined,
  problems: Problem[],
): ResolvedSource | null {
  const node = view.node(name);
  if (!node) {
    problems.push(missing(view, 'node', null, name, 'from.node'));
    return null;
  }
  const own = [node.internalIP, ...node.wiring.addresses.map(ipv4), ...(node.podCIDR ? [((node.podCIDR.base + 1) >>> 0) as Ipv4] : [])];
  const bound = boundSource(source, own, problems);
  return bound === undefined ? null : { origin: socket(`node:${name}`, bound, container), pod, node: name, internetHost: null };
}

function fromInternet(view: ClusterState, ip: string, problems: Problem[]): ResolvedSource | null {
  const plan = planOf(view.settings);
  const address = ipv4(ip);
  if (!isPublicAddress(plan, address)) {
    problems.push({
      path: 'from.internet',
      message: `${ip} is not a public address: use one outside of the private ranges and of the cluster's own, e.g. 198.51.100.10`,
    });
  } else if (plan.internetHosts && !plan.internetHosts.has(address)) {
    problems.push({
      path: 'from.internet',
      message: `there is no internet host ${ip}; there are ${[...plan.internetHosts.keys()].map(formatIpv4).join(', ') || 'none'}`,
    });
  } else return { origin: socket(`internet:${ip}`, null, null), pod: null, node: null, internetHost: address };
  return null;
}

function fromLan(view: ClusterState, name: string, source: string | undefined, problems: Problem[]): ResolvedSource | null {
  const host = planOf(view.settings).lanHostByName.get(name);
  if (!host) {
    const names = view.settings.underlay.lanHosts.map((each) => each.name);
    problems.push({
      path: 'from.lan',
      message: `there is no LAN host "${name}"; ${names.length > 0 ? `there are ${names.join(', ')}` : 'the cluster has none: add it to underlay.lanHosts'}`,
    });
    return null;
  }
  const bound = boundSource(source, [host.address], problems);
  return bound === undefined ? null : { origin: socket(`lan:${name}`, bound, null), pod: null, node: null, internetHost: null };
}

function fromAnywhere(view: ClusterState, ip: string, at: string, problems: Problem[]): ResolvedSource | null {
  if (!view.node(at)) {
    problems.push(missing(view, 'node', null, at, 'from.at'));
    return null;
  }
  const source = ipv4(ip);
  const sourceMac = hostMac(planOf(view.settings).gatewayInternal);
  return { origin: { kind: 'arrival', netns: `node:${at}`, device: 'eth0', source, sourceMac }, pod: null, node: null, internetHost: null };
}

/** The address to bind to. @returns `null` if the request names none, so that the route picks it; `undefined` if it is not an own address */
function boundSource(source: string | undefined, own: readonly Ipv4[], problems: Problem[]): Ipv4 | null | undefined {
  if (source === undefined) return null;
  const address = parseIpv4(source);
  if (address !== undefined && (own.includes(address) || address >>> 24 === 127)) return address;
  problems.push({ path: 'from.source', message: `${source} is not an own address; own addresses are ${own.map(formatIpv4).join(', ')}` });
  return undefined;
}
