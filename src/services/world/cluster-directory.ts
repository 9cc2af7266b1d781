import { didYouMean, similarNames } from '../../domain/cluster/similar-names.js';
import { mayUseCluster, type Permission } from '../access.js';
import { AppError } from '../app-error.js';
import type { ClusterRecord } from '../ports.js';
import type { Viewer } from '../use-cases/viewer.js';

/** The records of all clusters, in memory: finding a cluster by id or name needs no database query. */
export class ClusterDirectory {
  readonly #byId = new Map<string, ClusterRecord>();
  /** Ids by owner and name. */
  readonly #byName = new Map<string, string>();

  constructor(records: Iterable<ClusterRecord>) {
    for (const record of records) this.put(record);
  }

  /** Adds a record, or replaces the one of the same id. */
  put(record: ClusterRecord): void {
    const former = this.#byId.get(record.id);
    if (former) this.#byName.delete(nameKey(former.owner, former.settings.name));
    this.#byId.set(record.id, record);
    this.#byName.set(nameKey(record.owner, record.settings.name), record.id);
  }

  remove({ id, owner, settings }: ClusterRecord): void {
    this.#byId.delete(id);
    this.#byName.delete(nameKey(owner, settings.name));
  }

  byId(id: string): ClusterRecord | undefined {
    return this.#byId.get(id);
  }

  byName(owner: string, name: string): ClusterRecord | undefined {
    return this.#byId.get(this.#byName.get(nameKey(owner, name)) ?? '');
  }

  get size(): number {
    return this.#byId.size;
  }

  /** In order of creation. */
  list(viewer: Viewer): readonly ClusterRecord[] {
    return [...this.#byId.values()].filter((record) => mayUseCluster(viewer, 'read', record));
  }

  /**
   * @param cluster an id or a name
   * @throws AppError NOT_FOUND with the most similar names; also for a cluster that the viewer may not use
   */
  load(viewer: Viewer, cluster: string, permission: Permission): ClusterRecord {
    const record = this.#byId.get(cluster);
    if (record && mayUseCluster(viewer, permission, record)) return record;
    const named = this.byName(viewer.id, cluster);
    if (named && mayUseCluster(viewer, permission, named)) return named;
    const near = similarNames(cluster, this.list(viewer).map(({ settings }) => settings.name));
    throw new AppError('NOT_FOUND', `clusters ${JSON.stringify(cluster)} not found${didYouMean(near)}`);
  }

  /**
   * The current record of a cluster that was found before an `await`.
   *
   * @param asked the id or the name by which it was found
   * @throws AppError NOT_FOUND if it has been deleted since, even if another cluster has its name now
   */
  reload(viewer: Viewer, id: string, asked: string, permission: Permission): ClusterRecord {
    const record = this.#byId.get(id);
    if (record && mayUseCluster(viewer, permission, record)) return record;
    throw new AppError('NOT_FOUND', `clusters ${JSON.stringify(asked)} not found: it was deleted meanwhile`);
  }
}

const nameKey = (owner: string, name: string): string => `${owner}/${name}`;
