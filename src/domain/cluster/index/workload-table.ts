import type { WorkloadFacts } from '../facts.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';

export const workloadKey = (kind: string, name: string): string => `${kind}/${name}`;

/** Deployments and other owners of pods by kind and name, by uid and by owner. */
export class WorkloadTable extends FactTable<WorkloadFacts> {
  readonly #byUid = new Buckets<string, WorkloadFacts>();
  readonly #byOwner = new Buckets<string, WorkloadFacts>();

  override keyOf({ kind, name }: WorkloadFacts): string {
    return workloadKey(kind, name);
  }

  byUid(uid: string): readonly WorkloadFacts[] {
    return inOrder(this.#byUid.get(uid));
  }

  ownedBy(uid: string): readonly WorkloadFacts[] {
    return inOrder(this.#byOwner.get(uid));
  }

  deployments(): readonly WorkloadFacts[] {
    return this.all().filter(({ kind }) => kind === 'Deployment');
  }

  protected override added(workload: WorkloadFacts): void {
    this.#byUid.add(workload.uid, workload);
    if (workload.owner) this.#byOwner.add(workload.owner.uid, workload);
  }

  protected override removed(workload: WorkloadFacts): void {
    this.#byUid.remove(workload.uid, workload);
    if (workload.owner) this.#byOwner.remove(workload.owner.uid, workload);
  }
}
