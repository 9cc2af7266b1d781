import type { OtherFacts } from '../facts.js';
import type { Routed } from '../view.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';

/** The place of objects that decide about the pods of a mesh; no namespace has this name. */
export const MESH = '*';

export const otherKey = (group: string, kind: string, name: string): string => `${group}/${kind}/${name}`;

/** Objects that are stored but not modelled, by group, kind and name; those that affect pods also by namespace. */
export class OtherTable extends FactTable<OtherFacts> {
  readonly #selecting = new Buckets<string, OtherFacts>();
  /** By kind, namespace and name of a Gateway or Service, and by controller. */
  readonly #routing = new Buckets<string, OtherFacts>();
  /** By namespace. */
  readonly #making = new Buckets<string, OtherFacts>();
  /** By namespace and name of a Service. */
  readonly #ofBackend = new Buckets<string, OtherFacts>();

  override keyOf({ group, objectKind, name }: OtherFacts): string {
    return otherKey(group, objectKind, name);
  }

  /** Objects that decide about pods: those of the namespace, cluster-scoped ones (`''`), or those of a `MESH`. */
  selectingIn(place: string): readonly OtherFacts[] {
    return inOrder(this.#selecting.get(place));
  }

  /** Objects that would route what comes to the Gateway, the Service, or the proxies of an ingress controller, which has no namespace. */
  routing(kind: Routed, namespace: string, name: string): readonly OtherFacts[] {
    return inOrder(this.#routing.get(`${kind} ${namespace}/${name}`));
  }

  /** Objects of the namespace that would make pods. */
  makingPodsIn(namespace: string): readonly OtherFacts[] {
    return inOrder(this.#making.get(namespace));
  }

  /** Objects that configure how proxies connect to the Service. */
  ofBackend(namespace: string, service: string): readonly OtherFacts[] {
    return inOrder(this.#ofBackend.get(`${namespace}/${service}`));
  }

  protected override added(object: OtherFacts): void {
    if (object.podSelector) this.#selecting.add(placeOf(object), object);
    for (const parent of parentsOf(object)) this.#routing.add(parent, object);
    if (object.podLabels) this.#making.add(object.namespace, object);
    for (const service of new Set(object.backends)) this.#ofBackend.add(`${object.namespace}/${service}`, object);
  }

  protected override removed(object: OtherFacts): void {
    this.#selecting.remove(placeOf(object), object);
    for (const parent of parentsOf(object)) this.#routing.remove(parent, object);
    this.#making.remove(object.namespace, object);
    for (const service of new Set(object.backends)) this.#ofBackend.remove(`${object.namespace}/${service}`, object);
  }
}

const placeOf = ({ namespace, meshWide }: OtherFacts): string => (meshWide ? MESH : namespace);
const parentsOf = ({ routes }: OtherFacts): ReadonlySet<string> =>
  new Set([
    ...(routes?.parents ?? []).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    ...(routes?.controller === undefined ? [] : [`Controller /${routes.controller}`]),
  ]);
