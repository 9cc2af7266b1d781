import type { WorkloadFacts } from '../facts.js';
import { compileLabelSelector, type Labels } from '../label-selector.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';
import { SelectorIndex } from './selector-index.js';

export const workloadKey = (kind: string, name: string): string => `${kind}/${name}`;

const hasLabels = ({ selector }: WorkloadFacts): boolean => Object.keys(selector?.matchLabels ?? {}).length > 0;

/** Deployments and other workloads by kind and name, by uid, by owner and by what they select. */
export class WorkloadTable extends FactTable<WorkloadFacts> {
  readonly #byUid = new Buckets<string, WorkloadFacts>();
  readonly #byOwner = new Buckets<string, WorkloadFacts>();
  readonly #bySelector = new SelectorIndex<WorkloadFacts>(({ selector }) => selector?.matchLabels ?? null);
  /** Workloads whose selector has only expressions, by namespace. */
  readonly #byExpressions = new Buckets<string, WorkloadFacts>();
  readonly #daemonSets = new Set<WorkloadFacts>();
  /** By the node that their pod templates name. */
  readonly #byNode = new Buckets<string, WorkloadFacts>();

  override keyOf({ kind, name }: WorkloadFacts): string {
    return workloadKey(kind, name);
  }

  byUid(uid: string): readonly WorkloadFacts[] {
    return inOrder(this.#byUid.get(uid));
  }

  ownedBy(uid: string): readonly WorkloadFacts[] {
    return inOrder(this.#byOwner.get(uid));
  }

  /** Workloads of the namespace whose selector matches `labels`. */
  selecting(namespace: string, labels: Labels): readonly WorkloadFacts[] {
    const candidates = [...this.#bySelector.selecting(namespace, labels), ...this.#byExpressions.get(namespace)];
    return inOrder(candidates.filter(({ selector }) => selector && compileLabelSelector(selector)(labels)));
  }

  daemonSets(): readonly WorkloadFacts[] {
    return inOrder([...this.#daemonSets]);
  }

  naming(node: string): readonly WorkloadFacts[] {
    return inOrder(this.#byNode.get(node));
  }

  deployments(): readonly WorkloadFacts[] {
    return this.all().filter(({ kind }) => kind === 'Deployment');
  }

  protected override added(workload: WorkloadFacts): void {
    this.#byUid.add(workload.uid, workload);
    if (workload.owner) this.#byOwner.add(workload.owner.uid, workload);
    if (hasLabels(workload)) this.#bySelector.add(workload);
    else if (workload.selector) this.#byExpressions.add(workload.namespace, workload);
    if (workload.kind === 'DaemonSet') this.#daemonSets.add(workload);
    if (workload.nodeName !== undefined) this.#byNode.add(workload.nodeName, workload);
  }

  protected override removed(workload: WorkloadFacts): void {
    this.#byUid.remove(workload.uid, workload);
    if (workload.owner) this.#byOwner.remove(workload.owner.uid, workload);
    this.#bySelector.remove(workload);
    this.#byExpressions.remove(workload.namespace, workload);
    this.#daemonSets.delete(workload);
    if (workload.nodeName !== undefined) this.#byNode.remove(workload.nodeName, workload);
  }
}
