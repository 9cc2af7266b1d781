/** Keeps the pods of a StatefulSet, which have stable names. @source kubernetes/kubernetes pkg/controller/statefulset/stateful_set_control.go */
import type { PodFacts } from '../../domain/cluster/facts.js';
import { refOf } from '../../domain/cluster/objects.js';
import { podRef } from '../object-refs.js';
import type { StatefulSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptPods } from './adoption.js';
import { REVISION_LABEL, revisionName } from './revisions.js';
import { identityLabels, ordinalOf, statefulPod } from './stateful-pod.js';
import { statefulSetStatus } from './stateful-set-status.js';
import { warnAboutWaiting } from './waiting-pods.js';

/** Goes as far as the set's policies allow, as if the controller ran until nothing changes any more. A new pod is usually ready at once. */
export async function syncStatefulSet(run: Reconciliation, set: StatefulSetObject): Promise<void> {
  const updateRevision = await adopt(run, set);
  const members = new Members(run, set, updateRevision);
  if ((await members.fill()) && (await members.dropSurplus())) await members.rollOver();
  const pods = [...members.pods()];
  run.update({ ...set, status: statefulSetStatus(set, pods, updateRevision) });
  await warnAboutWaiting(run, set, pods);
  const { namespace = 'default', name } = set.metadata;
  const { serviceName } = set.spec;
  // Warns only about a new set, whose creator can still correct the name: the field is immutable.
  if (serviceName && set.status?.observedGeneration === undefined && !run.draft.serviceFacts(namespace, serviceName)) {
    run.warnings.push(`StatefulSet ${namespace}/${name}: there is no Service ${namespace}/${serviceName}, so its pods have no names in DNS`);
  }
}

/** Adopts pods. @returns the revision of the set's template: that in its status, else (in an import) that of its pods, else a new one */
async function adopt(run: Reconciliation, set: StatefulSetObject): Promise<string> {
  const { name, uid = '', namespace = 'default' } = set.metadata;
  const isMember = (pod: PodFacts): boolean => ordinalOf(name, pod.name) !== undefined;
  const stated = set.status?.updateRevision;
  await adoptPods(run, set, {
    selector: set.spec.selector,
    accepts: (pod, selected) => selected && isMember(pod),
    keeps: isMember,
    labels: ({ metadata }) => identityLabels(metadata.name, ordinalOf(name, metadata.name) ?? 0),
  });
  const pods = run.draft.podsOwnedBy(uid);
  const revision = stated ?? pods.find(({ labels }) => labels[REVISION_LABEL] !== undefined)?.labels[REVISION_LABEL] ?? revisionName(name, set.spec.template);
  if (stated !== undefined) return revision;
  // Pods of an import without a revision are assumed to have the current one.
  const unlabelled = pods.filter(({ labels }) => labels[REVISION_LABEL] === undefined);
  for (const pod of await run.load(unlabelled.map(({ name: pod }) => podRef({ namespace, name: pod })))) {
    run.update({ ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [REVISION_LABEL]: revision } } });
  }
  return revision;
}

/** The pods of a set by their ordinals. Its methods create, delete and replace pods until they are those that the set asks for. */
class Members {
  readonly #run: Reconciliation;
  readonly #set: StatefulSetObject;
  readonly #revision: string;
  readonly #byOrdinal = new Map<number, PodFacts>();
  readonly #first: number;
  readonly #end: number;
  /** Is each pod created only once the one before is ready? */
  readonly #ordered: boolean;

  constructor(run: Reconciliation, set: StatefulSetObject, revision: string) {
    this.#run = run;
    this.#set = set;
    this.#revision = revision;
    this.#first = set.spec.ordinals?.start ?? 0;
    this.#end = this.#first + (set.spec.replicas ?? 1);
    this.#ordered = set.spec.podManagementPolicy !== 'Parallel';
    for (const pod of run.draft.podsOwnedBy(set.metadata.uid ?? '')) {
      const ordinal = ordinalOf(set.metadata.name, pod.name);
      if (ordinal !== undefined) this.#byOrdinal.set(ordinal, pod);
    }
  }

  pods(): Iterable<PodFacts> {
    return this.#byOrdinal.values();
  }

  /** Creates missing pods, in order. @returns whether all exist and, in an ordered set, are ready */
  async fill(): Promise<boolean> {
    for (let ordinal = this.#first; ordinal < this.#end; ordinal += 1) {
      await this.#run.context.turn();
      if (this.#byOrdinal.get(ordinal)?.finished) this.#remove(ordinal);
      const pod = this.#byOrdinal.get(ordinal) ?? this.#create(ordinal);
      if (!pod || (this.#ordered && !isHealthy(pod))) return false;
    }
    return true;
  }

  /**
   * Deletes surplus pods, the last first. An ordered set stops at a terminating pod, and at an unhealthy one unless it is
   * that with the lowest ordinal.
   *
   * @returns whether it did not stop
   */
  async dropSurplus(): Promise<boolean> {
    const surplus = [...this.#byOrdinal.keys()].filter((ordinal) => ordinal < this.#first || ordinal >= this.#end).sort((a, b) => b - a);
    const firstUnhealthy = surplus.findLast((ordinal) => !isHealthy(this.#at(ordinal)));
    for await (const ordinal of this.#run.each(surplus)) {
      const pod = this.#at(ordinal);
      if (this.#ordered && (pod.terminating || (!isHealthy(pod) && ordinal !== firstUnhealthy))) return false;
      if (!pod.terminating) this.#remove(ordinal);
    }
    return true;
  }

  /** Replaces pods of another template, from the last down to the partition, until one does not get ready. */
  async rollOver(): Promise<void> {
    const { type, rollingUpdate } = this.#set.spec.updateStrategy ?? {};
    if (type === 'OnDelete') return;
    const last = Math.max(this.#first, rollingUpdate?.partition ?? 0);
    for (let ordinal = this.#end - 1; ordinal >= last; ordinal -= 1) {
      await this.#run.context.turn();
      let pod: PodFacts | undefined = this.#at(ordinal);
      if (pod.labels[REVISION_LABEL] !== this.#revision && !pod.terminating) {
        this.#remove(ordinal);
        pod = this.#create(ordinal);
      }
      if (!pod || !isHealthy(pod)) return;
    }
  }

  #at(ordinal: number): PodFacts {
    return this.#byOrdinal.get(ordinal) as PodFacts;
  }

  #create(ordinal: number): PodFacts | undefined {
    const created = this.#run.create(statefulPod(this.#set, ordinal, this.#revision), refOf(this.#set), 'spec.replicas');
    const facts = created?.facts.kind === 'Pod' ? created.facts : undefined;
    if (facts) this.#byOrdinal.set(ordinal, facts);
    return facts;
  }

  #remove(ordinal: number): void {
    this.#run.remove(podRef(this.#at(ordinal)));
    this.#byOrdinal.delete(ordinal);
  }
}

const isHealthy = ({ ready, terminating, finished }: PodFacts): boolean => ready && !terminating && !finished;
