/** networkpolicy-e2e.json: which pods reach each other after each step of Kubernetes' end-to-end tests. */
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import type { ClusterApi, Matrix } from '../api.js';
import { listOf } from '../stated.js';
import { namespaceObject, podObject, type FixtureNamespace, type FixturePod } from '../fixture-objects.js';

interface LabelChange {
  readonly kind: 'Pod' | 'Namespace';
  readonly namespace?: string;
  readonly name: string;
  readonly add?: Readonly<Record<string, string>> | null;
  readonly remove?: readonly string[] | null;
}

interface NetworkPolicyCase extends ConformanceCase {
  readonly fixture: { readonly podOrder: readonly string[]; readonly namespaces: readonly FixtureNamespace[]; readonly pods: readonly FixturePod[] };
  readonly steps: readonly {
    /** All policies that exist at this step. */
    readonly policies: readonly object[] | null;
    readonly labelChanges: readonly LabelChange[] | null;
    readonly probes: readonly { readonly port: number; readonly protocol: 'TCP' | 'UDP' | 'SCTP'; readonly reachable: Readonly<Record<string, string>> }[];
  }[];
}

/** The pods' addresses are 10.244.1.0–10.244.3.255: the podCIDRs of the second to the fourth node. */
const NODES = 4;

async function relabel(cluster: ClusterApi, { kind, namespace, name, add, remove }: LabelChange): Promise<void> {
  const labels = { ...add, ...Object.fromEntries(listOf(remove).map((key) => [key, null])) };
  await cluster.send('PATCH', kind === 'Pod' ? `pods/${namespace}/${name}` : `namespaces/${name}`, { metadata: { labels } });
}

export const networkPolicyE2e = adapter<NetworkPolicyCase>({
  families: ['networkpolicy-e2e'],
  run: ({ fixture, steps }, { api }) => api.inCluster({ nodes: NODES, dns: { replicas: 0 } }, [...fixture.namespaces.map(namespaceObject), ...fixture.pods.map(podObject)], async (cluster) => {
    const findings: Finding[] = [];
    let inForce: readonly object[] = [];
    for (const [index, { policies: given, labelChanges, probes }] of steps.entries()) {
      const policies = listOf(given);
      if (inForce.length > 0) await cluster.delete(inForce);
      if (policies.length > 0) await cluster.apply(policies);
      inForce = policies;
      for (const change of listOf(labelChanges)) await relabel(cluster, change);
      const ports = probes.map(({ protocol, port }) => ({ protocol, port }));
      const { results } = (await cluster.send('POST', 'reachability', { pods: fixture.podOrder, ports })) as Matrix;
      probes.forEach(({ port, protocol, reachable }, position) => findings.push({
        name: `step ${index + 1}, ${protocol} ${port}`, expected: fixture.podOrder.map((source) => `${source} ${reachable[source]}`),
        actual: fixture.podOrder.map((source, row) => `${source} ${results[position]!.rows[row]}`),
      }));
    }
    return findings;
  }),
});
