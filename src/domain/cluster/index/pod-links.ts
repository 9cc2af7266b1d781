import { deepEqual } from '../../values/deep-equal.js';
import type { PodFacts } from '../facts.js';
import type { Labels } from '../label-selector.js';
import { Interner } from './interner.js';
import type { LabelGroups } from './label-groups.js';
import { deepFreeze } from './own-copy.js';
import { PodOwners, type PodOwner } from './pod-owners.js';
import { FIELD, type PodRecords } from './pod-records.js';
import { decodeOwner, decodeShape, encodeShape, shapeOf, type PodRow, type PodShape } from './pod-row.js';
import { RowLists } from './row-lists.js';

/** A record's references to values that many pods share, as numbers; −1 for none. */
export interface Links {
  readonly group: number;
  readonly node: number;
  readonly shape: number;
  readonly owner: number;
}

export const NO_LINKS: Links = { group: -1, node: -1, shape: -1, owner: -1 };

/** The values that pods share (namespace and labels, node, containers, controller), and for each value the list of its pods. */
export class PodLinks {
  readonly #records: PodRecords;
  readonly #groups: LabelGroups;
  readonly #nodes: Interner<string>;
  readonly #owners = new PodOwners();
  readonly #shapes = new Interner<PodShape>((text) => deepFreeze(decodeShape(text)));
  readonly #onNode: RowLists;
  readonly #ofGroup: RowLists;
  readonly #ofOwner: RowLists;

  constructor(records: PodRecords, groups: LabelGroups, nodes: Interner<string>) {
    this.#records = records;
    this.#groups = groups;
    this.#nodes = nodes;
    this.#onNode = new RowLists(records, FIELD.NODE_NEXT, FIELD.NODE_PREVIOUS);
    this.#ofGroup = new RowLists(records, FIELD.GROUP_NEXT, FIELD.GROUP_PREVIOUS);
    this.#ofOwner = new RowLists(records, FIELD.OWNER_NEXT, FIELD.OWNER_PREVIOUS);
  }

  of(row: number): Links {
    return {
      group: this.#records.get(row, FIELD.GROUP),
      node: this.#records.get(row, FIELD.NODE),
      shape: this.#records.get(row, FIELD.SHAPE),
      owner: this.#records.get(row, FIELD.OWNER),
    };
  }

  /**
   * Most changes of a pod keep the shared values; a new pod mostly has the labels of its controller's other pods, and
   * the containers of pods with equal labels. So it is compared with these first, and looked up by text only if it differs.
   *
   * @param present the pod's row before the change; −1 for a new pod
   */
  acquire(pod: PodFacts, present: number): Links {
    const owner = this.#acquireOwner(pod, present);
    const group = this.#acquireGroup(pod, present >= 0 ? present : this.#ofOwner.last(owner));
    return { group, node: this.#acquireNode(pod, present), shape: this.#acquireShape(pod, present >= 0 ? present : this.#ofGroup.last(group)), owner };
  }

  /** @param owners the owners of earlier rows, by their text; each is kept in use until the last row is loaded */
  acquireRow(row: PodRow, owners: Map<string, number>): Links {
    let owner = row.owner === null ? -1 : owners.get(row.owner);
    if (owner === undefined) owners.set(row.owner as string, (owner = this.#owners.acquire(decodeOwner(row.owner as string))));
    return {
      group: this.#groups.acquire(row.namespace, row.labels),
      node: row.node === null ? -1 : this.#nodes.acquire(row.node),
      shape: this.#shapes.acquire(row.shape),
      owner: owner < 0 ? -1 : this.#owners.retain(owner),
    };
  }

  release({ group, node, shape, owner }: Links): void {
    if (group >= 0) this.#groups.release(group);
    if (node >= 0) this.#nodes.release(node);
    if (shape >= 0) this.#shapes.release(shape);
    if (owner >= 0) this.#owners.release(owner);
  }

  /** Writes the links into the record and moves the row from the lists of `from` to those of `to`. Its ordinal must be set. */
  move(row: number, from: Links, to: Links, reordered: boolean): void {
    this.#records.set(row, FIELD.GROUP, to.group);
    this.#records.set(row, FIELD.NODE, to.node);
    this.#records.set(row, FIELD.SHAPE, to.shape);
    this.#records.set(row, FIELD.OWNER, to.owner);
    this.#ofGroup.move(row, from.group, to.group, reordered);
    this.#onNode.move(row, from.node, to.node, reordered);
    this.#ofOwner.move(row, from.owner, to.owner, reordered);
  }

  nodeName(id: number): string {
    return this.#nodes.valueOf(id);
  }

  /** −1 when nothing refers to the node. */
  nodeId(name: string): number {
    return this.#nodes.idOf(name) ?? -1;
  }

  shape(id: number): PodShape {
    return this.#shapes.valueOf(id);
  }

  owner(id: number): PodOwner {
    return this.#owners.ownerOf(id);
  }

  onNode(name: string): number[] {
    return this.#collect(this.#onNode, [this.nodeId(name)]);
  }

  /** The first pod on the node that `accepts` takes; −1 for none. */
  findOnNode(name: string, accepts: (row: number) => boolean): number {
    return this.#onNode.find(this.nodeId(name), accepts);
  }

  matching(namespace: string, selector: Labels): number[] {
    return this.#collect(this.#ofGroup, this.#groups.matching(namespace, selector));
  }

  inNamespace(namespace: string): number[] {
    return this.#collect(this.#ofGroup, this.#groups.namespace(namespace)?.groups.values() ?? []);
  }

  ownedBy(uid: string): number[] {
    return this.#collect(this.#ofOwner, this.#owners.idsOf(uid));
  }

  #collect(lists: RowLists, ids: Iterable<number>): number[] {
    const rows: number[] = [];
    for (const id of ids) lists.collect(id, rows);
    return rows;
  }

  #acquireOwner({ owner }: PodFacts, present: number): number {
    if (owner === null) return -1;
    const id = present < 0 ? -1 : this.#records.get(present, FIELD.OWNER);
    return id >= 0 && deepEqual(this.#owners.ownerOf(id), owner) ? this.#owners.retain(id) : this.#owners.acquire(owner);
  }

  #acquireNode({ node }: PodFacts, present: number): number {
    if (node === null) return -1;
    const id = present < 0 ? -1 : this.#records.get(present, FIELD.NODE);
    return id >= 0 && this.#nodes.valueOf(id) === node ? this.#nodes.retain(id) : this.#nodes.acquire(node);
  }

  #acquireGroup(pod: PodFacts, like: number): number {
    if (like >= 0) {
      const group = this.#records.get(like, FIELD.GROUP);
      if (this.#groups.namespaceOf(group).name === pod.namespace && deepEqual(this.#groups.labelsOf(group), pod.labels)) return this.#groups.retain(group);
    }
    return this.#groups.acquire(pod.namespace, JSON.stringify(pod.labels));
  }

  #acquireShape(pod: PodFacts, like: number): number {
    const wanted = shapeOf(pod);
    if (like >= 0) {
      const shape = this.#records.get(like, FIELD.SHAPE);
      if (deepEqual(this.#shapes.valueOf(shape), wanted)) return this.#shapes.retain(shape);
    }
    return this.#shapes.acquire(encodeShape(wanted));
  }
}
