import type { Change, ClusterState } from '../../domain/cluster/draft.js';
import { ClusterIndex } from '../../domain/cluster/index/cluster-index.js';
import { refKey, type KubeObject } from '../../domain/cluster/objects.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import { mayUseCluster, type Permission } from '../access.js';
import { AppError } from '../app-error.js';
import type { ClusterRecord, ObjectWrite, WorldStore } from '../ports.js';
import { nextTurn } from '../turns.js';
import type { ClusterEvent } from '../use-cases/events.js';
import type { Viewer } from '../use-cases/viewer.js';
import { refusal } from '../zod-problems.js';
import { ClusterDirectory } from './cluster-directory.js';
import { Edit } from './edit.js';
import { Mutex } from './mutex.js';
import { refreshOutdatedFacts } from './outdated-facts.js';

interface WorldDependencies {
  readonly store: WorldStore;
  /** RFC 3339 */
  readonly now: () => string;
  /** Called after a change has been committed and applied to the index. */
  readonly onChanged: (event: ClusterEvent, index: ClusterState) => void;
}

/** A cluster as readers see it. `index` always shows the last committed change. */
export interface OpenCluster {
  readonly id: string;
  readonly name: string;
  readonly record: ClusterRecord;
  readonly index: ClusterState;
}

interface Edited<T> {
  readonly result: T;
  /** The cluster's revision after the edit; unchanged if nothing was changed, as in a dry run. */
  readonly revision: number;
  readonly warnings: readonly string[];
  /** The object that `Edit.answerWith` has named, as it is after the edit; `null` if there is none. */
  readonly objectAfter: KubeObject | null;
}

interface Entry {
  readonly index: ClusterIndex;
  readonly writing: Mutex;
}

/** Most objects that an event or the change log names; further ones are only counted. */
const NAMED = 100;

/**
 * All clusters that are in use, in memory, and the only way to change them: an edit is made on a draft, committed in one
 * transaction and then applied to the index in one step, all before the response. Edits of one cluster are serialized;
 * readers never wait.
 */
export class World {
  readonly directory: ClusterDirectory;
  readonly #dependencies: WorldDependencies;
  readonly #entries = new Map<string, Promise<Entry>>();
  /** Held from checking that a name is free until it is taken. */
  readonly #naming = new Mutex();

  private constructor(dependencies: WorldDependencies, directory: ClusterDirectory) {
    this.#dependencies = dependencies;
    this.directory = directory;
  }

  static async load(dependencies: WorldDependencies): Promise<World> {
    return new World(dependencies, new ClusterDirectory(await dependencies.store.clusters()));
  }

  get store(): WorldStore {
    return this.#dependencies.store;
  }

  /** @throws AppError NOT_FOUND */
  async open(viewer: Viewer, cluster: string, permission: Permission = 'read'): Promise<OpenCluster> {
    const { id } = this.directory.load(viewer, cluster, permission);
    const { index } = await this.#entry(id);
    const record = this.directory.reload(viewer, id, cluster, permission); // it may have gone while it was read
    return { id, name: record.settings.name, record, index };
  }

  /** Only checks the permission, before a request is read any further. @throws AppError NOT_FOUND */
  assertMayUse(viewer: Viewer, cluster: string, permission: Permission): void {
    this.directory.load(viewer, cluster, permission);
  }

  maySee(viewer: Viewer, clusterId: string): Promise<boolean> {
    const record = this.directory.byId(clusterId);
    return Promise.resolve(record !== undefined && mayUseCluster(viewer, 'read', record));
  }

  /**
   * Changes a cluster: `work` writes into the edit, the controllers run, and either all of it is committed or nothing.
   *
   * @param dryRun stops before the commit; the result is what would have been
   * @throws whatever `work` throws; the cluster is then as it was
   */
  edit<T>(
    viewer: Viewer,
    cluster: string,
    { dryRun = false }: { readonly dryRun?: boolean | undefined },
    work: (edit: Edit, record: ClusterRecord) => T | Promise<T>,
  ): Promise<Edited<T>> {
    const { id } = this.directory.load(viewer, cluster, 'write');
    return this.#exclusively(id, async ({ index }) => {
      const record = this.directory.reload(viewer, id, cluster, 'write');
      return this.#inEdit(index, record.revision + 1, async (edit) => {
        const result = await work(edit, record);
        await settle(edit);
        const changes = !edit.isEmpty && !dryRun;
        if (changes) await this.#commit(viewer, index, edit, record);
        return { result, revision: changes ? edit.revision : record.revision, warnings: edit.warnings, objectAfter: edit.answer() };
      });
    });
  }

  /** Reads a cluster at one revision: edits wait until `read` has finished. @throws AppError NOT_FOUND */
  atRest<T>(viewer: Viewer, cluster: string, read: (record: ClusterRecord) => Promise<T>): Promise<T> {
    const { id } = this.directory.load(viewer, cluster, 'read');
    return this.#exclusively(id, () => read(this.directory.reload(viewer, id, cluster, 'read')));
  }

  /** @throws AppError ALREADY_EXISTS */
  create(viewer: Viewer, id: string, settings: ClusterSettings, work: (edit: Edit) => void): Promise<ClusterRecord> {
    return this.#naming.run(() => {
      this.#assertNameIsFree(viewer.id, settings.name);
      const index = ClusterIndex.open(id, settings, 0);
      return this.#inEdit(index, 1, async (edit) => {
        work(edit);
        await settle(edit);
        await this.store.saveUser(viewer);
        const createdAt = this.#dependencies.now();
        this.#entries.set(id, Promise.resolve({ index, writing: new Mutex() })); // nobody knows the id before the commit
        try {
          return await this.#commit(viewer, index, edit, {
            id,
            owner: viewer.id,
            settings,
            revision: 0,
            nextOrdinal: 0,
            counts: index.counts(),
            createdAt,
          });
        } catch (error) {
          this.#entries.delete(id);
          throw error;
        }
      });
    });
  }

  /** Runs `rename` while the new name is reserved. @throws AppError ALREADY_EXISTS */
  withName<T>(owner: string, name: string, rename: () => Promise<T>): Promise<T> {
    return this.#naming.run(() => {
      this.#assertNameIsFree(owner, name);
      return rename();
    });
  }

  /** @param check may refuse by throwing */
  async delete(viewer: Viewer, cluster: string, check: (record: ClusterRecord) => void): Promise<ClusterRecord> {
    const { id } = this.directory.load(viewer, cluster, 'write');
    return this.#exclusively(id, async () => {
      const record = this.directory.reload(viewer, id, cluster, 'write');
      check(record);
      await this.store.deleteCluster(id);
      this.directory.remove(record);
      this.#entries.delete(id);
      return record;
    });
  }

  #assertNameIsFree(owner: string, name: string): void {
    if (this.directory.byName(owner, name)) throw new AppError('ALREADY_EXISTS', `clusters ${JSON.stringify(name)} already exists`);
  }

  async #inEdit<T>(index: ClusterIndex, revision: number, work: (edit: Edit) => Promise<T>): Promise<T> {
    const edit = new Edit(index.draft(), revision, this.#dependencies.now(), this.store.spool(), (refs) => this.store.objects(index.id, refs));
    try {
      return await work(edit);
    } finally {
      edit.close();
    }
  }

  async #exclusively<T>(id: string, task: (entry: Entry) => Promise<T>): Promise<T> {
    const entry = await this.#entry(id);
    return entry.writing.run(() => task(entry));
  }

  async #commit(viewer: Viewer, index: ClusterIndex, edit: Edit, record: ClusterRecord): Promise<ClusterRecord> {
    const { draft, revision } = edit;
    const { puts, bodies, removals } = edit.outcome();
    const changes = draft.changes();
    const cluster: ClusterRecord = { ...record, settings: draft.settings, revision, nextOrdinal: draft.nextOrdinal(), counts: draft.counts() };
    await this.store.commit({
      cluster,
      puts,
      bodies,
      removals,
      change: { at: this.#dependencies.now(), actor: viewer.id, summary: summaryOf(changes, puts) },
    });
    await nextTurn(); // lets other requests run between the two long steps
    // From here on nothing may fail: the change is acknowledged by being in the database.
    index.apply(changes, revision, draft.settings);
    this.directory.put(cluster);
    this.#dependencies.onChanged(
      { cluster: cluster.id, revision, changed: changes.slice(0, NAMED).map(({ ref }) => ref), truncated: changes.length > NAMED },
      index,
    );
    return cluster;
  }

  /** The cluster's entry, read from the database at its first use; concurrent requests share one read. */
  #entry(id: string): Promise<Entry> {
    const known = this.#entries.get(id);
    if (known) return known;
    const opening = this.#read(id).catch((error: unknown) => {
      this.#entries.delete(id);
      throw error;
    });
    this.#entries.set(id, opening);
    return opening;
  }

  async #read(id: string): Promise<Entry> {
    const record = this.directory.byId(id);
    if (!record) throw new AppError('NOT_FOUND', `clusters ${JSON.stringify(id)} not found`);
    const index = ClusterIndex.open(id, record.settings, record.revision, record.nextOrdinal);
    index.expectPods(record.counts.pods);
    for await (const { pods, others } of this.store.facts(id)) {
      index.loadPods(pods);
      index.load(await refreshOutdatedFacts(others, (refs) => this.store.objects(id, refs)));
    }
    return { index, writing: new Mutex() };
  }
}

/** @throws AppError UNPROCESSABLE with everything that the controllers refuse */
async function settle(edit: Edit): Promise<void> {
  if (edit.isEmpty) return;
  const problems = await edit.reconcile();
  if (problems.length > 0) throw refusal('the change', await edit.explain(problems), false);
}

/** What the log of changes says of an edit. */
function summaryOf(changes: readonly Change[], puts: readonly ObjectWrite[]): object {
  const created = changes.filter(({ before, after }) => !before && after).length;
  const deleted = changes.filter(({ after }) => !after).length;
  return { created, configured: puts.length - created, deleted, objects: changes.slice(0, NAMED).map(({ ref }) => refKey(ref)) };
}
