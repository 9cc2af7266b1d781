import type { Direction } from '../../domain/cluster/policy/policy.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView, PodView } from '../../domain/cluster/view.js';
import type { NodeEnd, PodEnd, RangeEnd } from '../../domain/reachability/reach-end.js';
import { byText } from '../../domain/values/by-text.js';
import { formatCidr, parseCidr } from '../../domain/values/cidr.js';
import { AppError, type Problem } from '../app-error.js';
import { missing, noPodOf } from '../traces/did-you-mean.js';
import { MAX_CELLS, MAX_ENDS, MAX_EXPLAINED_CELLS, reachabilityRefusal, type NamedEnds, type ReachabilityRequest } from './reachability-request.js';

/** Number of pods processed between two pauses. */
const TOGETHER = 64;

/** The ends of the matrix, as they are in the cluster now. */
export interface Ends {
  readonly pods: readonly PodEnd[];
  readonly workloads: readonly PodEnd[];
  readonly ranges: readonly RangeEnd[];
}

/** Yields to other requests now and then. @throws AppError UNPROCESSABLE with every problem */
export function* collectEnds(view: ClusterState, request: ReachabilityRequest): Generator<void, Ends> {
  const problems: Problem[] = [];
  const { pods: named, workloads, ranges } = namedEnds(view, request, problems);
  const isAboutAll = request.pods === undefined && request.workloads.length === 0;
  const pods = isAboutAll ? everyPod(view) : named;
  checkSize(pods.length + workloads.length + ranges.length, request, problems);
  if (problems.length > 0) throw reachabilityRefusal(problems, false);
  const ends: PodEnd[] = [];
  for (const pod of pods) {
    ends.push(podEnd(view, pod));
    if (ends.length % TOGETHER === 0) yield;
  }
  return { pods: ends, workloads: workloads.map(({ pod, name }) => podEnd(view, pod, name)), ranges };
}

interface FoundEnds {
  readonly pods: readonly PodView[];
  readonly workloads: readonly { readonly pod: PodView; readonly name: string }[];
  readonly ranges: readonly RangeEnd[];
}

/** Adds a problem for each pod that does not exist. */
export const namedEnds = (view: ClusterState, { pods = [], workloads = [], external = [] }: NamedEnds, problems: Problem[]): FoundEnds => ({
  pods: eachRead(pods, (name, index) => podNamed(view, name, `pods[${index}]`, problems)),
  workloads: eachRead(workloads, (name, index) => workloadNamed(view, name, `workloads[${index}]`, problems)),
  ranges: eachRead(external, (text, index) => rangeOf(text, `external[${index}]`, problems)),
});

const eachRead = <End>(texts: readonly (string | undefined)[], find: (text: string, index: number) => readonly End[]): readonly End[] =>
  texts.flatMap((text, index) => (text === undefined ? [] : find(text, index)));

/** By namespace and name, as the lists of objects. */
function everyPod(view: ClusterView): readonly PodView[] {
  const pods = [...view.allPods()].filter(({ finished }) => !finished);
  if (pods.length > MAX_ENDS) {
    throw new AppError('UNPROCESSABLE', `The cluster has ${pods.length} pods, and one question is about at most ${MAX_ENDS}.`, [
      { path: 'pods', message: `must name at most ${MAX_ENDS} of the cluster's ${pods.length} pods` },
    ]);
  }
  return pods.sort((a, b) => byText(a.namespace, b.namespace) || byText(a.name, b.name));
}

function podNamed(view: ClusterState, text: string, path: string, problems: Problem[]): readonly PodView[] {
  const [namespace, name] = splitName(text);
  const pod = view.pod(namespace, name);
  if (pod) return [pod];
  problems.push(missing(view, 'pod', namespace, name, path));
  return [];
}

function workloadNamed(view: ClusterState, text: string, path: string, problems: Problem[]): FoundEnds['workloads'] {
  const slash = text.indexOf('/');
  const kind = text.slice(0, slash);
  const [namespace, name] = splitName(text.slice(slash + 1));
  const pod = view.firstPodOf(kind, namespace, name);
  if (pod) return [{ pod, name: `${kind}/${namespace}/${name}` }];
  problems.push(noPodOf(view, kind, namespace, name, path));
  return [];
}

const splitName = (text: string): readonly [namespace: string, name: string] => {
  const [first = '', second] = text.split('/');
  return second === undefined ? ['default', first] : [first, second];
};

function rangeOf(text: string, path: string, problems: Problem[]): readonly RangeEnd[] {
  const block = parseCidr(text);
  if (block && formatCidr(block) === text) return [{ kind: 'range', name: text, block }];
  problems.push({
    path,
    message: block
      ? `${text} has bits set beyond its prefix: use ${formatCidr(block)}`
      : `${JSON.stringify(text)} must be an IPv4 CIDR, e.g. 198.51.100.0/24`,
  });
  return [];
}

function checkSize(ends: number, { ports, explain }: ReachabilityRequest, problems: Problem[]): void {
  const cells = ends * ends * ports.length;
  const most = explain ? MAX_EXPLAINED_CELLS : MAX_CELLS;
  if (ends > MAX_ENDS) {
    problems.push({ path: '', message: `asks about ${ends} pods, workloads and ranges: at most ${MAX_ENDS} are answered at once` });
  } else if (cells > most) {
    problems.push({
      path: '',
      message: `asks for ${cells} cells (${ends} × ${ends} ends × ${ports.length} ports): at most ${most} are answered at once${explain ? ' with explain' : ''}`,
    });
  }
}

function podEnd(view: ClusterView, pod: PodView, name = `${pod.namespace}/${pod.name}`): PodEnd {
  const { hostNetwork, finished } = pod;
  const unenforced = (direction: Direction): readonly string[] => (hostNetwork || finished ? [] : view.unenforced(pod, direction));
  return {
    kind: 'pod',
    name,
    pod,
    address: finished ? null : pod.ip,
    node: nodeEnd(view, pod.node),
    unenforced: { EGRESS: unenforced('EGRESS'), INGRESS: unenforced('INGRESS') },
  };
}

function nodeEnd(view: ClusterView, name: string | null): NodeEnd | null {
  const node = name === null ? undefined : view.node(name);
  return node ? { name: node.name, labels: node.labels, address: node.internalIP } : null;
}
