import type { Facts, NamespaceFacts } from '../facts.js';
import type { ObjectRef } from '../objects.js';
import { factKindOf, isHttpKind, refOfFacts } from './fact-ref.js';
import { FactTable } from './fact-table.js';
import { HttpTable, httpKey } from './http-table.js';
import { Interner } from './interner.js';
import { NodeTable } from './node-table.js';
import { OtherTable, otherKey } from './other-table.js';
import { OwnedTable } from './owned-table.js';
import { PolicyTable, policyKey } from './policy-table.js';
import { PodTable } from './pod-table.js';
import { ServiceTable } from './service-table.js';
import { SliceTable } from './slice-table.js';
import { WorkloadTable, workloadKey } from './workload-table.js';

/** The tables of a cluster, or of a draft's changes. */
export class ClusterStore {
  readonly #nodeNames = new Interner((text) => text);
  readonly nodes = new NodeTable();
  readonly namespaces = new FactTable<NamespaceFacts>();
  readonly pods = new PodTable(this.#nodeNames);
  readonly services = new ServiceTable();
  readonly slices = new SliceTable(this.pods, this.#nodeNames);
  readonly workloads = new WorkloadTable();
  readonly policies = new PolicyTable();
  readonly http = new HttpTable();
  readonly others = new OtherTable();
  readonly owned = new OwnedTable();

  /** Adds or replaces. */
  put(facts: Facts): void {
    const { owners } = facts;
    if (owners) this.owned.put({ ...refOfFacts(facts), owners, ordinal: facts.ordinal });
    else if (this.owned.size > 0) this.#forgetOwners(refOfFacts(facts));
    switch (facts.kind) {
      case 'Node': return this.nodes.put(facts);
      case 'Namespace': return this.namespaces.put(facts);
      case 'Pod': return this.pods.put(facts);
      case 'Service': return this.services.put(facts);
      case 'EndpointSlice': return this.slices.store(facts);
      case 'NetworkPolicy': case 'AdminNetworkPolicy': case 'BaselineAdminNetworkPolicy': return this.policies.put(facts);
      case 'Other': return this.others.put(facts);
      case 'Deployment': case 'ReplicaSet': case 'ReplicationController': case 'StatefulSet': case 'DaemonSet': case 'Job': return this.workloads.put(facts);
      default: return this.http.put(facts);
    }
  }

  /** Does nothing if there is no such object. */
  remove(ref: ObjectRef): void {
    if (this.owned.size > 0) this.#forgetOwners(ref);
    const kind = factKindOf(ref);
    switch (kind) {
      case 'Node': return this.nodes.remove('', ref.name);
      case 'Namespace': return this.namespaces.remove('', ref.name);
      case 'Pod': return this.pods.remove(ref.namespace, ref.name);
      case 'Service': return this.services.remove(ref.namespace, ref.name);
      case 'EndpointSlice': return this.slices.remove(ref.namespace, ref.name);
      case 'NetworkPolicy': case 'AdminNetworkPolicy': case 'BaselineAdminNetworkPolicy': return this.policies.remove(ref.namespace, policyKey(kind, ref.name));
      case 'Other': return this.others.remove(ref.namespace, otherKey(ref.group, ref.kind, ref.name));
      default:
        if (isHttpKind(kind)) return this.http.remove(ref.namespace, httpKey(kind, ref.name));
        return this.workloads.remove(ref.namespace, workloadKey(kind, ref.name));
    }
  }

  #forgetOwners({ group, kind, namespace, name }: ObjectRef): void {
    this.owned.remove(namespace, otherKey(group, kind, name));
  }
}
