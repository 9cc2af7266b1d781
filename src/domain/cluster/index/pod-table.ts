import { mix } from '../../values/hash.js';
import { toIpv4, type Ipv4 } from '../../values/ipv4.js';
import type { PodFacts } from '../facts.js';
import type { Labels } from '../label-selector.js';
import type { AffinityTerm } from '../pod-affinity.js';
import type { PodView } from '../view.js';
import { readUid, writeUid } from './binary-uid.js';
import { HashSlots } from './hash-slots.js';
import type { Interner } from './interner.js';
import { LabelGroups } from './label-groups.js';
import { NO_LINKS, PodLinks, type Links } from './pod-links.js';
import { PodNames } from './pod-names.js';
import { FIELD, PodRecords } from './pod-records.js';
import { flagsOf, hostnameOf, POD_FLAG, type PodRow } from './pod-row.js';

/** Flags of a record beyond those of a `PodRow`. */
const HAS_ADDRESS = 256;
/** A ghost: no pod, but a name that an endpoint refers to, of a pod that is gone or does not exist yet. */
const GHOST = 512;
/** The uid is not a UUID, and is kept separately. */
const TEXT_UID = 1024;

/** The scalars of `PodFacts` and `PodRow`. */
type Scalars = Pick<PodRow, 'namespace' | 'name' | 'uid' | 'ip' | 'ordinal'>;

const NO_LABELS = '{}';
const NO_ROWS: ReadonlySet<number> = new Set();

/**
 * Pods by name, by address, by node, by labels and by owner. A pod is a row of numbers, and becomes an object only when read.
 * A row keeps its number until its pod is removed and no endpoint names it. Queries return rows in order of creation.
 */
export class PodTable {
  readonly #records = new PodRecords();
  readonly #groups = new LabelGroups();
  readonly #names = new PodNames(this.#records, this.#groups);
  readonly #addresses = new HashSlots((row) => mix(this.#records.get(row, FIELD.ADDRESS)));
  readonly #links: PodLinks;
  readonly #textUids = new Map<number, string>();
  /** Unfinished pods by node number. */
  readonly #counts: number[] = [];
  /** Unfinished pods without a node. */
  readonly #waiting = new Set<number>();
  /** Unfinished pods with required anti-affinity, by the number of what they share. */
  readonly #repelling = new Map<number, Set<number>>();
  /** Rows of unfinished pods that use ports of their node, by node number. */
  readonly #hostPorts = new Map<number, Set<number>>();
  #size = 0;

  /** @param nodes names of nodes, shared with the other tables */
  constructor(nodes: Interner<string>) {
    this.#links = new PodLinks(this.#records, this.#groups, nodes);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns −1 when there is no such pod */
  find(namespace: string, name: string): number {
    const row = this.#names.find(namespace, name);
    return row >= 0 && this.#isLive(row) ? row : -1;
  }

  /** The first created among the pods with a network namespace of their own that hold `address`; −1 for none. */
  findAddress(address: Ipv4, except: ReadonlySet<number> = NO_ROWS): number {
    const wanted = address | 0;
    let found = -1;
    const hash = mix(wanted);
    let slot = this.#addresses.first(hash);
    for (let row = this.#addresses.rowAt(slot); row >= 0; row = this.#addresses.rowAt(slot)) {
      if (
        this.#records.get(row, FIELD.ADDRESS) === wanted &&
        (except.size === 0 || !except.has(row)) &&
        (found < 0 || this.ordinalOf(row) < this.ordinalOf(found))
      ) {
        found = row;
      }
      slot = this.#addresses.next(slot, hash);
    }
    return found;
  }

  /** Rows whose `namespace/name` has this FNV-1a hash. */
  hashed(hash: number): number[] {
    return this.#inOrder(this.#names.hashed(hash).filter((row) => this.#isLive(row)));
  }

  unfinishedOn(node: string): number[] {
    return this.boundTo(node).filter((row) => !this.isFinished(row));
  }

  /** All pods on the node, also finished ones. */
  boundTo(node: string): number[] {
    return this.#links.onNode(node);
  }

  /** Does a pod on the node have a network namespace of its own? */
  isAnyAttached(node: string, except: ReadonlySet<number> = NO_ROWS): boolean {
    return this.#links.findOnNode(node, (row) => this.#ownsAddress(row) && !except.has(row)) >= 0;
  }

  /** Unfinished pods that use ports of the node. */
  withHostPorts(node: string): number[] {
    const rows = this.#hostPorts.get(this.#links.nodeId(node));
    return rows ? this.#inOrder([...rows]) : [];
  }

  /** Number of unfinished pods. */
  countOnNode(node: string): number {
    return this.#counts[this.#links.nodeId(node)] ?? 0;
  }

  /** Unfinished pods with all labels of `selector`; an empty selector matches none. */
  matching(namespace: string, selector: Labels): number[] {
    return this.#inOrder(this.#links.matching(namespace, selector).filter((row) => !this.isFinished(row)));
  }

  /** The values of a label among the namespace's pods (finished ones too) with the labels `others`. */
  labelValues(namespace: string, key: string, others: Labels): Iterable<string> {
    return this.#groups.valuesOf(namespace, key, others);
  }

  waiting(): number[] {
    return this.#inOrder([...this.#waiting]);
  }

  /**
   * Unfinished pods with an anti-affinity term that `keepsAway` accepts.
   *
   * @param keepsAway called once for all pods that share their terms and namespace
   */
  repelling(keepsAway: (terms: readonly AffinityTerm[], namespace: string) => boolean): number[] {
    const rows: number[] = [];
    for (const [shape, members] of this.#repelling) {
      const { interPod } = this.#links.shape(shape);
      const answers = new Map<string, boolean>();
      for (const row of members) {
        const { name } = this.#groups.namespaceOf(this.#records.get(row, FIELD.GROUP));
        let answer = answers.get(name);
        if (answer === undefined) answers.set(name, (answer = keepsAway(interPod?.antiAffinity ?? [], name)));
        if (answer) rows.push(row);
      }
    }
    return this.#inOrder(rows);
  }

  ownedBy(uid: string): number[] {
    return this.#inOrder(this.#links.ownedBy(uid));
  }

  unfinishedIn(namespace: string): number[] {
    return this.inNamespace(namespace).filter((row) => !this.isFinished(row));
  }

  inNamespace(namespace: string): number[] {
    return this.#inOrder(this.#links.inNamespace(namespace));
  }

  all(): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#records.end; row += 1) {
      if (this.#records.get(row, FIELD.NAME) !== 0 && this.#isLive(row)) rows.push(row);
    }
    return this.#inOrder(rows);
  }

  nameOf(row: number): string {
    return this.#names.nameOf(row);
  }

  /** `null`: not scheduled. */
  nodeOf(row: number): string | null {
    const node = this.#records.get(row, FIELD.NODE);
    return node < 0 ? null : this.#links.nodeName(node);
  }

  ordinalOf(row: number): number {
    return this.#records.get(row, FIELD.ORDINAL) >>> 0;
  }

  isFinished(row: number): boolean {
    return (this.#flags(row) & POD_FLAG.FINISHED) !== 0;
  }

  view(row: number): PodView {
    const flags = this.#flags(row);
    const group = this.#records.get(row, FIELD.GROUP);
    const shape = this.#links.shape(this.#records.get(row, FIELD.SHAPE));
    const name = this.#names.nameOf(row);
    return {
      namespace: this.#groups.namespaceOf(group).name,
      name,
      labels: this.#groups.labelsOf(group),
      node: this.nodeOf(row),
      waiting: shape.waiting,
      ip: (flags & HAS_ADDRESS) === 0 ? null : toIpv4(this.#records.get(row, FIELD.ADDRESS)),
      hostNetwork: (flags & POD_FLAG.HOST_NETWORK) !== 0,
      hostname: hostnameOf(shape, name),
      subdomain: shape.subdomain,
      ready: (flags & POD_FLAG.READY) !== 0,
      terminating: (flags & POD_FLAG.TERMINATING) !== 0,
      finished: (flags & POD_FLAG.FINISHED) !== 0,
      containers: shape.containers,
      listen: shape.listen,
      dns: shape.dns,
      ordinal: this.ordinalOf(row),
    };
  }

  facts(row: number): PodFacts {
    const owner = this.#records.get(row, FIELD.OWNER);
    const uid = this.#textUids.size > 0 ? this.#textUids.get(row) : undefined;
    return {
      kind: 'Pod',
      ...this.view(row),
      succeeded: (this.#flags(row) & POD_FLAG.SUCCEEDED) !== 0,
      interPod: this.#links.shape(this.#records.get(row, FIELD.SHAPE)).interPod,
      uid: uid ?? readUid(this.#records.words, this.#records.startOf(row) + FIELD.UID),
      owner: owner < 0 ? null : this.#links.owner(owner),
    };
  }

  /** Adds or replaces. */
  put(pod: PodFacts): void {
    const row = this.#names.find(pod.namespace, pod.name);
    this.#write(row, pod, flagsOf(pod), this.#links.acquire(pod, row >= 0 && this.#isLive(row) ? row : -1));
  }

  /** Reserves space for `count` more pods, except for their names' text; does nothing for few pods. */
  expect(count: number): void {
    if (count * 4 < this.#size) return;
    this.#records.reserve(count);
    this.#names.reserve(count, 0);
    this.#addresses.reserve(this.#size + count);
  }

  /** Adds or replaces; fastest when the rows come in order of creation. */
  load(rows: readonly PodRow[]): void {
    let length = 0;
    for (const row of rows) length += row.name.length;
    this.#records.reserve(rows.length);
    this.#names.reserve(rows.length, length);
    this.#addresses.reserve(this.#size + rows.length);
    const ordered = rows.every((row, index) => index === 0 || (rows[index - 1] as PodRow).ordinal <= row.ordinal);
    const owners = new Map<string, number>();
    for (const row of ordered ? rows : rows.toSorted((a, b) => a.ordinal - b.ordinal)) {
      this.#write(this.#names.find(row.namespace, row.name), row, row.flags, this.#links.acquireRow(row, owners));
    }
    for (const owner of owners.values()) this.#links.release({ ...NO_LINKS, owner });
  }

  /** Does nothing if there is no such pod. */
  remove(namespace: string, name: string): void {
    const row = this.find(namespace, name);
    if (row < 0) return;
    const before = this.#links.of(row);
    const group = this.#groups.acquire(namespace, NO_LABELS);
    this.#leave(row);
    this.#links.move(row, before, NO_LINKS, false);
    this.#links.release(before);
    this.#records.set(row, FIELD.GROUP, group);
    this.#records.set(row, FIELD.FLAGS, GHOST);
    this.#forgetUnused(row);
  }

  /** The row for the name of a pod that need not exist. It stays until `dereference` is called. */
  reference(namespace: string, name: string): number {
    let row = this.#names.find(namespace, name);
    if (row < 0) {
      row = this.#addRow(name, this.#groups.acquire(namespace, NO_LABELS));
      this.#records.set(row, FIELD.FLAGS, GHOST);
    }
    this.#records.set(row, FIELD.REFERENCES, this.#records.get(row, FIELD.REFERENCES) + 1);
    return row;
  }

  dereference(row: number): void {
    this.#records.set(row, FIELD.REFERENCES, this.#records.get(row, FIELD.REFERENCES) - 1);
    this.#forgetUnused(row);
  }

  #forgetUnused(row: number): void {
    if (this.#isLive(row) || this.#records.get(row, FIELD.REFERENCES) > 0) return;
    this.#names.remove(row);
    this.#groups.release(this.#records.get(row, FIELD.GROUP));
    this.#records.free(row);
  }

  /** A new row gets its group at once, since the namespace is stored in the group. */
  #addRow(name: string, group: number): number {
    const row = this.#records.allocate();
    this.#records.set(row, FIELD.GROUP, group);
    this.#names.add(row, this.#groups.namespaceOf(group), name);
    return row;
  }

  /**
   * @param found the row that already has the pod's name; −1 for none
   * @param links already counted as in use; the links of the pod's earlier version are released here
   */
  #write(found: number, pod: Scalars, podFlags: number, links: Links): void {
    const records = this.#records;
    const live = found >= 0 && this.#isLive(found);
    const row = found >= 0 ? found : this.#addRow(pod.name, links.group);
    const before = live ? this.#links.of(row) : NO_LINKS;
    const reordered = live && this.ordinalOf(row) !== pod.ordinal;
    if (live) this.#leave(row);
    else if (found >= 0) this.#groups.release(records.get(row, FIELD.GROUP)); // of the ghost
    const binary = writeUid(pod.uid, records.words, records.startOf(row) + FIELD.UID);
    records.set(row, FIELD.FLAGS, podFlags | (pod.ip === null ? 0 : HAS_ADDRESS) | (binary ? 0 : TEXT_UID));
    records.set(row, FIELD.ADDRESS, pod.ip ?? 0);
    records.set(row, FIELD.ORDINAL, pod.ordinal);
    if (!binary) this.#textUids.set(row, pod.uid);
    this.#links.move(row, before, links, reordered);
    this.#links.release(before);
    this.#enter(row);
  }

  /** Counts the pod and indexes its address. */
  #enter(row: number): void {
    const node = this.#records.get(row, FIELD.NODE);
    if (node >= 0 && !this.isFinished(row)) this.#counts[node] = (this.#counts[node] ?? 0) + 1;
    if (this.#ownsAddress(row)) this.#addresses.insert(mix(this.#records.get(row, FIELD.ADDRESS)), row);
    if (node < 0 && !this.isFinished(row)) this.#waiting.add(row);
    this.#enterRepelling(row);
    if (node >= 0 && this.#takesHostPorts(row)) {
      const rows = this.#hostPorts.get(node);
      if (rows) rows.add(row);
      else this.#hostPorts.set(node, new Set([row]));
    }
    this.#size += 1;
  }

  #leave(row: number): void {
    const node = this.#records.get(row, FIELD.NODE);
    if (node >= 0 && !this.isFinished(row)) this.#counts[node] = (this.#counts[node] ?? 0) - 1;
    if (this.#ownsAddress(row)) this.#addresses.delete(mix(this.#records.get(row, FIELD.ADDRESS)), row);
    if (node < 0) this.#waiting.delete(row);
    this.#leaveRepelling(row);
    if (node >= 0 && this.#takesHostPorts(row)) {
      const rows = this.#hostPorts.get(node);
      rows?.delete(row);
      if (rows?.size === 0) this.#hostPorts.delete(node);
    }
    if ((this.#flags(row) & TEXT_UID) !== 0) this.#textUids.delete(row);
    this.#size -= 1;
  }

  #enterRepelling(row: number): void {
    const shape = this.#records.get(row, FIELD.SHAPE);
    if (this.isFinished(row) || (this.#links.shape(shape).interPod?.antiAffinity.length ?? 0) === 0) return;
    const members = this.#repelling.get(shape);
    if (members) members.add(row);
    else this.#repelling.set(shape, new Set([row]));
  }

  #leaveRepelling(row: number): void {
    const shape = this.#records.get(row, FIELD.SHAPE);
    const members = this.#repelling.get(shape);
    if (members?.delete(row) && members.size === 0) this.#repelling.delete(shape);
  }

  #takesHostPorts(row: number): boolean {
    return (this.#flags(row) & (POD_FLAG.HOST_PORTS | POD_FLAG.FINISHED)) === POD_FLAG.HOST_PORTS;
  }

  #flags(row: number): number {
    return this.#records.get(row, FIELD.FLAGS);
  }

  #isLive(row: number): boolean {
    return (this.#flags(row) & GHOST) === 0;
  }

  #ownsAddress(row: number): boolean {
    return (this.#flags(row) & (HAS_ADDRESS | POD_FLAG.HOST_NETWORK | POD_FLAG.FINISHED)) === HAS_ADDRESS;
  }

  #inOrder(rows: number[]): number[] {
    const ordered = rows.every((row, index) => index === 0 || this.ordinalOf(rows[index - 1] as number) <= this.ordinalOf(row));
    return ordered ? rows : rows.sort((a, b) => this.ordinalOf(a) - this.ordinalOf(b));
  }
}
