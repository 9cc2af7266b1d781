import { OUTSIDE_OF_MESH } from '../extract/foreign-selector.js';
import type { OtherFacts } from '../facts.js';
import { kindTitle } from '../kinds/registry.js';
import { compileLabelSelector, matchesLabels, type Labels } from '../label-selector.js';
import type { Direction } from '../policy/policy.js';
import type { ForeignRouteView, PodView, Routed } from '../view.js';
import type { TableReader } from './fact-table.js';
import { MESH, type OtherTable } from './other-table.js';

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** What objects that are stored but not modelled would decide, answered by one table or by a draft's two layers. */
export class ForeignReads {
  readonly #others: TableReader<OtherTable, OtherFacts>;

  constructor(others: TableReader<OtherTable, OtherFacts>) {
    this.#others = others;
  }

  /** Titles of those that decide about what the pod receives, or about what it sends. */
  deciding(pod: PodView, direction: Direction): readonly string[] {
    const mesh = OUTSIDE_OF_MESH.has(pod.namespace) ? [] : [MESH];
    return ['', ...mesh, pod.namespace] // a cluster-scoped policy applies to the pods of all namespaces
      .flatMap((place) => this.#others.select((others) => others.selectingIn(place)))
      .filter((object) => (object.direction ?? direction) === direction && object.podSelector && compileLabelSelector(object.podSelector)(pod.labels))
      .map(titleOf);
  }

  /** Titles of those that configure how proxies connect to the Service. */
  onBackend({ namespace, name }: Named): readonly string[] {
    return this.#others.select((others) => others.ofBackend(namespace, name)).map(titleOf);
  }

  /** Titles of those that would make pods which the selector selects. */
  makersOf(namespace: string, selector: Labels): readonly string[] {
    return this.#others
      .select((others) => others.makingPodsIn(namespace))
      .filter(({ podLabels = [] }) => podLabels.some((labels) => matchesLabels(selector, labels)))
      .map(titleOf);
  }

  routes(kind: Routed, { namespace, name }: Named): readonly ForeignRouteView[] {
    return this.#others.select((others) => others.routing(kind, namespace, name)).map((object) => ({
      kind: object.objectKind, namespace: object.namespace, name: object.name, parents: object.routes!.parents, hostnames: object.routes!.hostnames,
    }));
  }
}

const titleOf = ({ group, objectKind, namespace, name }: OtherFacts): string =>
  `${kindTitle(group, objectKind)} ${namespace === '' ? name : `${namespace}/${name}`}`;
