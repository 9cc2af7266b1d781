import type { Change, Draft } from '../draft.js';
import type { Facts } from '../facts.js';
import type { ClusterSettings } from '../settings.js';
import { ClusterReads } from './cluster-reads.js';
import { ClusterStore } from './cluster-store.js';
import { IndexDraft } from './index-draft.js';
import { ownCopy } from './own-copy.js';
import { SinglePods } from './pod-reader.js';
import type { PodRow } from './pod-row.js';

/**
 * A cluster in memory, as of its last committed change. A pod is a row of numbers and some bytes of name, an endpoint
 * four numbers; kinds with at most a few thousand objects are kept as objects.
 */
export class ClusterIndex extends ClusterReads {
  readonly #store: ClusterStore;
  #settings: ClusterSettings;
  #revision: number;

  private constructor(id: string, settings: ClusterSettings, revision: number, nextOrdinal: number, store: ClusterStore) {
    super(id, { ...tablesOf(store), pods: new SinglePods(store.pods) }, nextOrdinal);
    this.#store = store;
    this.#settings = settings;
    this.#revision = revision;
  }

  /**
   * An empty index, to be filled by `load` and `loadPods`.
   *
   * @param nextOrdinal one above every ordinal ever given, those of removed objects included
   */
  static open(id: string, settings: ClusterSettings, revision: number, nextOrdinal = 0): ClusterIndex {
    return new ClusterIndex(id, settings, revision, nextOrdinal, new ClusterStore());
  }

  get settings(): ClusterSettings {
    return this.#settings;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Reserves space for `count` more pods: growing batch by batch would leave as much unused memory behind as the pods need. */
  expectPods(count: number): void {
    this.#store.pods.expect(count);
  }

  /** Adds objects that were read from the database. */
  load(facts: Iterable<Facts>): void {
    for (const one of facts) {
      this.#put(one);
      this.changed(undefined, one);
    }
  }

  /** Adds pods that were read from the database; fastest all at once and in order of creation. */
  loadPods(rows: readonly PodRow[]): void {
    this.#store.pods.load(rows);
    for (const { namespace, name, owners, ordinal } of rows) {
      if (owners !== null) this.#store.owned.put({ group: '', kind: 'Pod', namespace, name, owners: JSON.parse(owners) as string[], ordinal });
    }
    this.ordinal = rows.reduce((next, { ordinal }) => Math.max(next, ordinal + 1), this.ordinal);
  }

  /** An overlay for changes. The index must not change until these are applied or dropped. */
  draft(): Draft {
    return new IndexDraft({ id: this.id, revision: this.#revision, settings: this.#settings, store: this.#store, ordinal: this.ordinal });
  }

  /** Applies committed changes, in one synchronous step that cannot fail. */
  apply(changes: readonly Change[], revision: number, settings: ClusterSettings = this.#settings): void {
    this.expectPods(changes.filter(({ before, after }) => !before && after?.kind === 'Pod').length);
    for (const { ref, before, after } of changes) {
      if (after) this.#put(after);
      else this.#store.remove(ref);
      this.changed(before, after);
    }
    this.#settings = settings;
    this.#revision = revision;
  }

  #put(facts: Facts): void {
    this.#store.put(facts.kind === 'Pod' || facts.kind === 'EndpointSlice' ? facts : ownCopy(facts));
  }
}

const tablesOf = ({ nodes, namespaces, services, slices, workloads, policies, http, others, owned }: ClusterStore) =>
  ({ nodes, namespaces, services, slices, workloads, policies, http, others, owned });
