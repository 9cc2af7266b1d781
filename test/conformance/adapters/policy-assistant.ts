/** policy-assistant.json: the policies' decisions about each flow, for egress and for ingress. */
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import type { Matrix } from '../api.js';
import { listOf } from '../stated.js';
import { namespaceObject, podObject, type FixtureNamespace, type FixturePod } from '../fixture-objects.js';

type Said = 'allowed' | 'blocked';

interface PolicyAssistantCase extends ConformanceCase {
  readonly fixture: { readonly namespaces: readonly FixtureNamespace[]; readonly pods: readonly FixturePod[] };
  readonly policies: readonly object[] | null;
  readonly expected: {
    readonly flows: readonly {
      readonly src: string;
      readonly dst: string;
      readonly port: number;
      readonly protocol: 'TCP' | 'UDP' | 'SCTP';
      readonly ingress: Said;
      readonly egress: Said;
      readonly combined: Said;
    }[];
  };
}

const said = (allowed: boolean): Said => (allowed ? 'allowed' : 'blocked');

export const policyAssistant = adapter<PolicyAssistantCase>({
  families: ['policy-assistant'],
  run: ({ fixture, policies, expected }, { api }) => {
    const objects = [...fixture.namespaces.map(namespaceObject), ...fixture.pods.map(podObject), ...listOf(policies)];
    return api.inCluster({ dns: { replicas: 0 } }, objects, async (cluster) => {
      const pods = fixture.pods.map(({ namespace, name }) => `${namespace}/${name}`);
      const ports = [...new Map(expected.flows.map(({ protocol, port }) => [`${protocol} ${port}`, { protocol, port }])).values()];
      const { results, explanations = [] } = (await cluster.send('POST', 'reachability', { pods, ports, listeners: false, explain: true })) as Matrix;
      return expected.flows.map(({ src, dst, port, protocol, ingress, egress, combined }): Finding => {
        const result = results[ports.findIndex((each) => each.port === port && each.protocol === protocol)]!;
        const why = explanations[result.explain![pods.indexOf(src)]![pods.indexOf(dst)]!]!;
        const actual = { ingress: said(why.ingress?.allowed ?? true), egress: said(why.egress?.allowed ?? true), combined: said(why.cell === '.') };
        return { name: `${src} → ${dst} ${protocol} ${port}`, expected: { ingress, egress, combined }, actual };
      });
    });
  },
});
