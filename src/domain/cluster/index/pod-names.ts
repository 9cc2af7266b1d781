import { mix } from '../../values/hash.js';
import { Arena } from './arena.js';
import { HashSlots } from './hash-slots.js';
import type { LabelGroups, PodNamespace } from './label-groups.js';
import { FIELD, type PodRecords } from './pod-records.js';

/** @source kubernetes `validation.IsDNS1123Subdomain`: at most 253 characters */
const LENGTH_BITS = 8;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

/** The names of pods as bytes in one buffer (Kubernetes names are ASCII), and the lookup from a name to its row. */
export class PodNames {
  readonly #records: PodRecords;
  readonly #groups: LabelGroups;
  readonly #slots: HashSlots;
  readonly #bytes: Arena<Buffer>;

  constructor(records: PodRecords, groups: LabelGroups) {
    this.#records = records;
    this.#groups = groups;
    this.#slots = new HashSlots((row) => this.#hashOfRow(row));
    this.#bytes = new Arena((length) => Buffer.allocUnsafeSlow(length), (relocate) => {
      for (let row = 0; row < records.end; row += 1) {
        const length = this.#lengthOf(row);
        if (length > 0) records.set(row, FIELD.NAME_START, relocate(records.get(row, FIELD.NAME_START), length));
      }
    });
  }

  /** @returns −1 when no row has the name */
  find(namespace: string, name: string): number {
    const place = this.#groups.namespace(namespace);
    if (!place) return -1;
    let hash = place.seed;
    for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
    const mixed = mix(hash);
    let slot = this.#slots.first(mixed);
    let row = this.#slots.rowAt(slot);
    while (row >= 0 && !this.#isNamed(row, place, name)) {
      slot = this.#slots.next(slot, mixed);
      row = this.#slots.rowAt(slot);
    }
    return row;
  }

  /** Rows whose `namespace/name` has this FNV-1a hash: nearly always one or none. */
  hashed(hash: number): number[] {
    const rows: number[] = [];
    const mixed = mix(hash);
    let slot = this.#slots.first(mixed);
    for (let row = this.#slots.rowAt(slot); row >= 0; row = this.#slots.rowAt(slot)) {
      if (this.#hashOfRow(row) === mixed) rows.push(row);
      slot = this.#slots.next(slot, mixed);
    }
    return rows;
  }

  add(row: number, namespace: PodNamespace, name: string): void {
    const start = this.#bytes.append(name.length);
    this.#bytes.data.write(name, start, 'latin1');
    this.#records.set(row, FIELD.NAME_START, start);
    this.#records.set(row, FIELD.NAME, (namespace.id << LENGTH_BITS) | name.length);
    this.#slots.insert(this.#hashOfRow(row), row);
  }

  remove(row: number): void {
    this.#slots.delete(this.#hashOfRow(row), row);
    this.#bytes.release(this.#lengthOf(row));
    this.#records.set(row, FIELD.NAME, 0);
  }

  nameOf(row: number): string {
    const start = this.#records.get(row, FIELD.NAME_START);
    return this.#bytes.data.toString('latin1', start, start + this.#lengthOf(row));
  }

  /** Reserves space for `count` more names with `length` characters in total. */
  reserve(count: number, length: number): void {
    this.#slots.reserve(this.#records.end + count);
    this.#bytes.reserve(length);
  }

  #hashOfRow(row: number): number {
    const bytes = this.#bytes.data;
    const start = this.#records.get(row, FIELD.NAME_START);
    const end = start + this.#lengthOf(row);
    let hash = this.#groups.namespaceById(this.#records.get(row, FIELD.NAME) >>> LENGTH_BITS).seed;
    for (let index = start; index < end; index += 1) hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
    return mix(hash);
  }

  #isNamed(row: number, namespace: PodNamespace, name: string): boolean {
    if (this.#records.get(row, FIELD.NAME) !== ((namespace.id << LENGTH_BITS) | name.length)) return false;
    const bytes = this.#bytes.data;
    const start = this.#records.get(row, FIELD.NAME_START);
    // Compared from the end, since the names of a workload's pods differ there.
    for (let index = name.length - 1; index >= 0; index -= 1) if (bytes[start + index] !== name.charCodeAt(index)) return false;
    return true;
  }

  #lengthOf(row: number): number {
    return this.#records.get(row, FIELD.NAME) & LENGTH_MASK;
  }
}
