import { fnv1a } from '../../values/hash.js';
import { matchesLabels, type Labels } from '../label-selector.js';
import { Buckets } from './buckets.js';
import { deepFreeze, ownCopy } from './own-copy.js';

/** A namespace with pods. */
export interface PodNamespace {
  /** Reused once the namespace has no pods. */
  readonly id: number;
  readonly name: string;
  /** The hash of `namespace/`, with which the hash of a pod's full name starts. */
  readonly seed: number;
  /** Group by the JSON text of its labels. */
  readonly groups: Map<string, number>;
  /** Groups by label, its key and its value. */
  readonly pairs: Map<string, Buckets<string, number>>;
}

interface Group {
  readonly namespace: PodNamespace;
  readonly text: string;
  readonly labels: Labels;
  uses: number;
}

/** Pods of one namespace with equal labels form a group: selectors are evaluated once per group, and a pod stores only the group's number. */
export class LabelGroups {
  readonly #namespaces = new Map<string, PodNamespace>();
  readonly #namespacesById: (PodNamespace | undefined)[] = [];
  readonly #groups: (Group | undefined)[] = [];
  readonly #free: number[] = [];

  /** @param text the labels as JSON */
  acquire(namespace: string, text: string): number {
    const place = this.#namespaces.get(namespace) ?? this.#addNamespace(namespace);
    const present = place.groups.get(text);
    if (present !== undefined) return this.retain(present);
    const id = this.#free.pop() ?? this.#groups.length;
    const group: Group = { namespace: place, text: ownCopy(text), labels: deepFreeze(JSON.parse(text) as Labels), uses: 1 };
    this.#groups[id] = group;
    place.groups.set(group.text, id);
    for (const [key, value] of Object.entries(group.labels)) {
      const values = place.pairs.get(key) ?? new Buckets<string, number>();
      place.pairs.set(key, values);
      values.add(value, id);
    }
    return id;
  }

  retain(id: number): number {
    this.#group(id).uses += 1;
    return id;
  }

  release(id: number): void {
    const { namespace, text, labels } = this.#group(id);
    if ((this.#group(id).uses -= 1) > 0) return;
    this.#groups[id] = undefined;
    this.#free.push(id);
    namespace.groups.delete(text);
    if (namespace.groups.size === 0) {
      this.#namespaces.delete(namespace.name);
      this.#namespacesById[namespace.id] = undefined;
    }
    for (const [key, value] of Object.entries(labels)) {
      const values = namespace.pairs.get(key);
      values?.remove(value, id);
      if (values?.isEmpty) namespace.pairs.delete(key);
    }
  }

  labelsOf(id: number): Labels {
    return this.#group(id).labels;
  }

  namespaceOf(id: number): PodNamespace {
    return this.#group(id).namespace;
  }

  namespace(name: string): PodNamespace | undefined {
    return this.#namespaces.get(name);
  }

  namespaceById(id: number): PodNamespace {
    return this.#namespacesById[id] as PodNamespace;
  }

  /** Groups of the namespace with all labels of `selector`; an empty selector matches none. */
  matching(namespace: string, selector: Labels): readonly number[] {
    const place = this.#namespaces.get(namespace);
    if (!place) return [];
    let rarest: { readonly values: Buckets<string, number>; readonly value: string; readonly count: number } | undefined;
    for (const [key, value] of Object.entries(selector)) {
      const values = place.pairs.get(key);
      const count = values?.countOf(value) ?? 0;
      if (!values || count === 0) return [];
      if (!rarest || count < rarest.count) rarest = { values, value, count };
    }
    return rarest ? rarest.values.get(rarest.value).filter((id) => matchesLabels(selector, this.labelsOf(id))) : [];
  }

  /** The values of a label among the namespace's pods with the labels `others`, which may be empty. */
  valuesOf(namespace: string, key: string, others: Labels): Iterable<string> {
    if (Object.keys(others).length === 0) return this.#namespaces.get(namespace)?.pairs.get(key)?.keys() ?? [];
    return this.matching(namespace, others).flatMap((id) => this.labelsOf(id)[key] ?? []);
  }

  #group(id: number): Group {
    return this.#groups[id] as Group;
  }

  #addNamespace(text: string): PodNamespace {
    const name = ownCopy(text);
    const vacant = this.#namespacesById.indexOf(undefined);
    const id = vacant < 0 ? this.#namespacesById.length : vacant;
    const namespace: PodNamespace = { id, name, seed: fnv1a(`${name}/`), groups: new Map(), pairs: new Map() };
    this.#namespaces.set(name, namespace);
    this.#namespacesById[id] = namespace;
    return namespace;
  }
}
