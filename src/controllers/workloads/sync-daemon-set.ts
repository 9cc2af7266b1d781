/** A DaemonSet keeps a pod on every node that takes it. @source kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go, update.go */
import type { NodeFacts, PodFacts } from '../../domain/cluster/facts.js';
import { refOf } from '../../domain/cluster/objects.js';
import { generatedName } from '../names/generated-name.js';
import { podRef } from '../object-refs.js';
import type { DaemonSetObject, PodObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptPods } from './adoption.js';
import { daemonPod, eligibilityOn, targetNode, type Eligibility } from './daemon-pod.js';
import { daemonSetStatus, type DaemonPlace } from './daemon-set-status.js';
import { REVISION_LABEL, TEMPLATE_GENERATION_ANNOTATION, TEMPLATE_GENERATION_LABEL } from './revisions.js';
import { templateHash } from './template-hash.js';
import { warnAboutWaiting } from './waiting-pods.js';

export async function syncDaemonSet(run: Reconciliation, set: DaemonSetObject): Promise<void> {
  const generation = set.metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION];
  // What an import says of no template is taken to be of this one.
  await adoptPods(run, set, {
    selector: set.spec.selector,
    labels: ({ metadata: { labels } }) => (generation === undefined || labels?.[TEMPLATE_GENERATION_LABEL] !== undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: generation }),
  });
  const hash = templateHash(set.spec.template);
  const isUpdated = ({ labels }: PodFacts): boolean => labels[REVISION_LABEL] === hash || (generation !== undefined && labels[TEMPLATE_GENERATION_LABEL] === generation);
  const rolls = set.spec.updateStrategy?.type !== 'OnDelete';
  const eligibility = eligibilityOn(set);
  const byNode = await podsByNode(run, set);
  const places: DaemonPlace[] = [];
  for await (const node of run.each(run.draft.allNodeFacts())) {
    const eligible = eligibility(node);
    const pod = settle(run, set, node, eligible, byNode.get(node.name) ?? [], (former) => rolls && !isUpdated(former));
    if (eligible === 'run' || pod) places.push({ runs: eligible === 'run', pod, updated: pod !== undefined && isUpdated(pod) });
  }
  run.update({ ...set, status: daemonSetStatus(set, places) });
  await warnAboutWaiting(run, set, places.flatMap(({ pod }) => (pod ? [pod] : [])));
}

/** By the node that they are on, or that they wait for, in order of creation. */
async function podsByNode(run: Reconciliation, { metadata }: DaemonSetObject): Promise<ReadonlyMap<string, readonly PodFacts[]>> {
  const owned = run.draft.podsOwnedBy(metadata.uid ?? '');
  await run.load<PodObject>(owned.filter(({ node }) => node === null).map(podRef));
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

/** Brings one node to what the set says of it. @returns its pod there, if it has one */
function settle(run: Reconciliation, set: DaemonSetObject, node: NodeFacts, eligible: Eligibility, pods: readonly PodFacts[], isOutdated: (pod: PodFacts) => boolean): PodFacts | undefined {
  if (eligible === 'leave') {
    for (const pod of pods) run.remove(podRef(pod));
    return undefined;
  }
  for (const pod of pods) if (pod.finished) run.remove(podRef(pod));
  const running = pods.filter(({ finished, terminating }) => !finished && !terminating);
  const terminating = pods.find((pod) => pod.terminating && !pod.finished);
  const [oldest, ...others] = running;
  for (const pod of others) run.remove(podRef(pod));
  if (oldest && (eligible === 'stay' || !isOutdated(oldest))) return oldest;
  if (oldest) run.remove(podRef(oldest));
  // A new one is made once the one before is gone.
  return eligible === 'run' && !terminating ? create(run, set, node) : terminating;
}

function create(run: Reconciliation, set: DaemonSetObject, node: NodeFacts): PodFacts | undefined {
  const { name, namespace = 'default' } = set.metadata;
  const podName = generatedName(`${name}-`, `DaemonSet/${namespace}/${name}`, run.draft.nextOrdinal(), (candidate) => run.draft.podFacts(namespace, candidate) !== undefined);
  const created = run.create(daemonPod(set, podName, node.name), refOf(set), 'spec.template');
  return created?.facts.kind === 'Pod' ? created.facts : undefined;
}
