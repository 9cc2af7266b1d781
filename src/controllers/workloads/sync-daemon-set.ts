/** Keeps one pod of a DaemonSet on every eligible node. @source kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go, update.go */
import type { NodeFacts, PodFacts } from '../../domain/cluster/facts.js';
import { refOf } from '../../domain/cluster/objects.js';
import { freePodName } from '../names/free-name.js';
import { podRef } from '../object-refs.js';
import type { DaemonSetObject, PodObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptPods } from './adoption.js';
import { daemonPod, eligibilityOn, targetNode, type Eligibility } from './daemon-pod.js';
import { limitsOf, rollOut, allowsSurge, type RunningPlace } from './daemon-rollout.js';
import { daemonSetStatus, type DaemonPlace } from './daemon-set-status.js';
import { REVISION_LABEL, TEMPLATE_GENERATION_ANNOTATION, TEMPLATE_GENERATION_LABEL } from './revisions.js';
import { templateHash } from './template-hash.js';
import { warnAboutWaiting } from './waiting-pods.js';

export async function syncDaemonSet(run: Reconciliation, set: DaemonSetObject): Promise<void> {
  const generation = set.metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION];
  // Pods of an import without a template generation are assumed to have the current one.
  await adoptPods(run, set, {
    selector: set.spec.selector,
    labels: ({ metadata: { labels } }) =>
      generation === undefined || labels?.[TEMPLATE_GENERATION_LABEL] !== undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: generation },
  });
  const hash = templateHash(set.spec.template);
  const isUpdated = ({ labels }: PodFacts): boolean =>
    labels[REVISION_LABEL] === hash || (generation !== undefined && labels[TEMPLATE_GENERATION_LABEL] === generation);
  const eligibility = eligibilityOn(set);
  const byNode = await podsByNode(run, set);
  const running: RunningPlace[] = [];
  const others: PodFacts[] = [];
  for await (const node of run.each(run.draft.allNodeFacts())) {
    const eligible = eligibility(node);
    const { pod, next } = settle(run, set, node, eligible, byNode.get(node.name) ?? [], isUpdated);
    if (eligible === 'run') running.push({ node, pod, next });
    else if (pod) others.push(pod);
  }
  if (set.spec.updateStrategy?.type !== 'OnDelete') {
    rollOut(running, limitsOf(set, running.length), { isUpdated, create: (node) => create(run, set, node), remove: (pod) => run.remove(podRef(pod)) });
  }
  const placeOf = (runs: boolean, pod: PodFacts | undefined): DaemonPlace => ({ runs, pod, updated: pod !== undefined && isUpdated(pod) });
  const places = [...running.map(({ pod }) => placeOf(true, pod)), ...others.map((pod) => placeOf(false, pod))];
  run.update({ ...set, status: daemonSetStatus(set, places) });
  await warnAboutWaiting(run, set, run.draft.podsOwnedBy(set.metadata.uid ?? '').filter(({ finished }) => !finished));
}

/** The pods by the node on which they are, or for which they wait, in order of creation. */
async function podsByNode(run: Reconciliation, { metadata }: DaemonSetObject): Promise<ReadonlyMap<string, readonly PodFacts[]>> {
  const owned = run.draft.podsOwnedBy(metadata.uid ?? '');
  await run.prefetch(owned.filter(({ node }) => node === null).map(podRef));
  const byNode = new Map<string, PodFacts[]>();
  for (const pod of owned) {
    const body = pod.node === null ? run.body<PodObject>(podRef(pod)) : undefined;
    const node = pod.node ?? (body && targetNode(body)) ?? '';
    const known = byNode.get(node);
    if (known) known.push(pod);
    else byNode.set(node, [pod]);
  }
  return byNode;
}

/** Creates or deletes pods so that the node has those that it should have; outdated templates are not considered. */
function settle(
  run: Reconciliation,
  set: DaemonSetObject,
  node: NodeFacts,
  eligible: Eligibility,
  pods: readonly PodFacts[],
  isUpdated: (pod: PodFacts) => boolean,
): Omit<RunningPlace, 'node'> {
  if (eligible === 'leave') {
    for (const pod of pods) run.remove(podRef(pod));
    return { pod: undefined };
  }
  for (const pod of pods) if (pod.finished) run.remove(podRef(pod));
  const running = pods.filter(({ finished, terminating }) => !finished && !terminating);
  const terminating = pods.find((pod) => pod.terminating && !pod.finished);
  const { pod, next } = keptOf(running, allowsSurge(set) ? isUpdated : () => false);
  for (const each of running) if (each !== pod && each !== next) run.remove(podRef(each));
  // A new pod is created only once the terminating one is gone.
  return pod ? { pod, next } : { pod: eligible === 'run' && !terminating ? create(run, set, node) : terminating };
}

/**
 * Which of several pods on a node are kept: the first one. If that is outdated and another one is not, only the updated one
 * is kept once it is ready, else both.
 */
function keptOf(pods: readonly PodFacts[], isUpdated: (pod: PodFacts) => boolean): Omit<RunningPlace, 'node'> {
  const [first, ...others] = pods;
  const next = first && !isUpdated(first) ? others.find(isUpdated) : undefined;
  return next?.ready ? { pod: next } : { pod: first, next };
}

function create(run: Reconciliation, set: DaemonSetObject, node: NodeFacts): PodFacts | undefined {
  const { name, namespace = 'default' } = set.metadata;
  const podName = freePodName(run.draft, `${name}-`, `DaemonSet/${namespace}/${name}`, namespace);
  const created = run.create(daemonPod(set, podName, node.name), refOf(set), 'spec.template');
  return created?.facts.kind === 'Pod' ? created.facts : undefined;
}
