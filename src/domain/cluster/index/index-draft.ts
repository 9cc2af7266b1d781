import type { Change, Draft } from '../draft.js';
import type { Facts, HttpFacts, NamespaceFacts, NodeFacts, OtherFacts, PolicyFacts, ServiceFacts, WorkloadFacts } from '../facts.js';
import { refKey, type ObjectRef } from '../objects.js';
import type { ClusterSettings } from '../settings.js';
import { ClusterReads } from './cluster-reads.js';
import { ClusterStore } from './cluster-store.js';
import { factKindOf, isHttpKind, refOfFacts } from './fact-ref.js';
import type { FactTable } from './fact-table.js';
import { LayeredPods } from './layered-pods.js';
import { LayeredTable } from './layered-table.js';
import { httpKey, type HttpTable } from './http-table.js';
import type { NodeTable } from './node-table.js';
import { otherKey, type OtherTable } from './other-table.js';
import type { OwnedObject, OwnedTable } from './owned-table.js';
import { policyKey, type PolicyTable } from './policy-table.js';
import type { ServiceTable } from './service-table.js';
import type { SliceTable, StoredSlice } from './slice-table.js';
import { workloadKey, type WorkloadTable } from './workload-table.js';

/** The state of the index that a draft is laid over. */
interface DraftBase {
  readonly id: string;
  readonly revision: number;
  readonly settings: ClusterSettings;
  readonly store: ClusterStore;
  readonly ordinal: number;
}

const layersOver = (base: ClusterStore, overlay: ClusterStore) => ({
  nodes: new LayeredTable<NodeFacts, NodeTable>(base.nodes, overlay.nodes),
  namespaces: new LayeredTable<NamespaceFacts, FactTable<NamespaceFacts>>(base.namespaces, overlay.namespaces),
  pods: new LayeredPods(base.pods, overlay.pods),
  services: new LayeredTable<ServiceFacts, ServiceTable>(base.services, overlay.services),
  slices: new LayeredTable<StoredSlice, SliceTable>(base.slices, overlay.slices),
  workloads: new LayeredTable<WorkloadFacts, WorkloadTable>(base.workloads, overlay.workloads),
  policies: new LayeredTable<PolicyFacts, PolicyTable>(base.policies, overlay.policies),
  http: new LayeredTable<HttpFacts, HttpTable>(base.http, overlay.http),
  others: new LayeredTable<OtherFacts, OtherTable>(base.others, overlay.others),
  owned: new LayeredTable<OwnedObject, OwnedTable>(base.owned, overlay.owned),
});

/** An index with changes laid over it. The index must not change as long as the draft is in use. */
export class IndexDraft extends ClusterReads implements Draft {
  readonly revision: number;
  readonly #overlay: ClusterStore;
  readonly #layers: ReturnType<typeof layersOver>;
  readonly #changes = new Map<string, Change>();
  #settings: ClusterSettings;

  constructor(base: DraftBase) {
    const overlay = new ClusterStore();
    const layers = layersOver(base.store, overlay);
    super(base.id, layers, base.ordinal);
    this.revision = base.revision;
    this.#settings = base.settings;
    this.#overlay = overlay;
    this.#layers = layers;
  }

  get settings(): ClusterSettings {
    return this.#settings;
  }

  setSettings(settings: ClusterSettings): void {
    this.#settings = settings;
  }

  put(facts: Facts, ref: ObjectRef = refOfFacts(facts)): void {
    this.#change(ref, facts);
    this.#overlay.put(facts);
  }

  remove(ref: ObjectRef): void {
    this.#change(ref, undefined);
    this.#overlay.remove(ref);
  }

  expectPods(count: number): void {
    this.#overlay.pods.expect(count);
  }

  changes(): readonly Change[] {
    return [...this.#changes.values()].filter(({ before, after }) => before !== undefined || after !== undefined);
  }

  #change(ref: ObjectRef, after: Facts | undefined): void {
    const key = refKey(ref);
    const known = this.#changes.get(key);
    const present = known ? known.after : this.facts(ref);
    this.#changes.set(key, { ref, before: known ? known.before : present, after });
    this.#touch(ref);
    if (after?.owners || this.#layers.owned.size > 0) this.#layers.owned.touch(ref.namespace, otherKey(ref.group, ref.kind, ref.name));
    this.changed(present, after);
  }

  #touch(ref: ObjectRef): void {
    const { namespace, name } = ref;
    const kind = factKindOf(ref);
    switch (kind) {
      case 'Node': return this.#layers.nodes.touch('', name);
      case 'Namespace': return this.#layers.namespaces.touch('', name);
      case 'Pod': return this.#layers.pods.touch(namespace, name);
      case 'Service': return this.#layers.services.touch(namespace, name);
      case 'EndpointSlice': return this.#layers.slices.touch(namespace, name);
      case 'NetworkPolicy': case 'AdminNetworkPolicy': case 'BaselineAdminNetworkPolicy': return this.#layers.policies.touch(namespace, policyKey(kind, name));
      case 'Other': return this.#layers.others.touch(namespace, otherKey(ref.group, ref.kind, name));
      default:
        if (isHttpKind(kind)) return this.#layers.http.touch(namespace, httpKey(kind, name));
        return this.#layers.workloads.touch(namespace, workloadKey(kind, name));
    }
  }
}
