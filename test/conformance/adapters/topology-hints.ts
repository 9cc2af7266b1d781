/** topology-hints.json: the endpoints of a Service to which a node may send. */
import { categorizeEndpoints } from '../../../src/compile/kube-proxy/categorize-endpoints.js';
import type { EndpointView, NodeView, ServicePortView, ServiceView } from '../../../src/domain/cluster/view.js';
import { formatIpv4, ipv4 } from '../../../src/domain/values/ipv4.js';
import { adapter, type ConformanceCase } from '../adapter.js';
import { listOf } from '../stated.js';

interface TopologyCase extends ConformanceCase {
  readonly node: { readonly name: string | null; readonly labels: Readonly<Record<string, string>> | null };
  readonly service: { readonly internalTrafficPolicy: 'Cluster' | 'Local'; readonly externalTrafficPolicy: 'Cluster' | 'Local'; readonly nodePort: number | null; readonly externallyAccessible: boolean };
  readonly endpoints: null | readonly {
    readonly endpoint: string;
    readonly zoneHints: readonly string[] | null;
    readonly nodeHints: readonly string[] | null;
    readonly ready: boolean;
    readonly serving: boolean;
    readonly terminating: boolean;
    readonly isLocal: boolean;
  }[];
  readonly expected: {
    readonly clusterEndpoints: readonly string[] | null;
    readonly localEndpoints: readonly string[] | null;
    readonly allReachableEndpoints: readonly string[];
    readonly hasAnyEndpoints?: boolean;
  };
}

const HERE = 'this-node';
const ELSEWHERE = 'another-node';

const text = (endpoints: readonly EndpointView[] | null): readonly string[] | null => endpoints && endpoints.map(({ ip, port }) => `${formatIpv4(ip)}:${port}`).sort();

function endpointOf(given: NonNullable<TopologyCase['endpoints']>[number], here: string): EndpointView {
  const [address = '', port = ''] = given.endpoint.split(':');
  const { ready, serving, terminating, isLocal, zoneHints, nodeHints } = given;
  return {
    ip: ipv4(address),
    port: Number(port),
    node: isLocal ? here : ELSEWHERE,
    ready,
    serving,
    terminating,
    zone: null,
    zoneHints: zoneHints ?? [],
    nodeHints: nodeHints ?? [],
    pod: null,
    hostname: null,
  };
}

/** The Service of the case. If it is externally accessible without a node port, it gets an external IP. */
function serviceOf({ internalTrafficPolicy, externalTrafficPolicy, nodePort, externallyAccessible }: TopologyCase['service']): {
  readonly service: ServiceView;
  readonly port: ServicePortView;
} {
  const port: ServicePortView = { name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: nodePort ?? 0 };
  const service: ServiceView = {
    namespace: 'default',
    name: 'web',
    type: nodePort === null ? 'ClusterIP' : 'NodePort',
    clusterIP: ipv4('10.96.0.100'),
    headless: false,
    externalName: null,
    ports: [port],
    selector: null,
    externalIPs: externallyAccessible && nodePort === null ? [ipv4('192.0.2.1')] : [],
    loadBalancerIngress: [],
    loadBalancerSourceRanges: [],
    internalTrafficPolicy,
    externalTrafficPolicy,
    healthCheckNodePort: 0,
    sessionAffinitySeconds: null,
    publishNotReadyAddresses: false,
    trafficDistribution: null,
    proxyName: null,
    labelledHeadless: false,
  };
  return { service, port };
}

export const topologyHints = adapter<TopologyCase>({
  families: ['topology'],
  run({ node: { name, labels }, service: given, endpoints, expected }) {
    const here = name ?? HERE;
    const { service, port } = serviceOf(given);
    const node = { name: here, labels: labels ?? {} } as NodeView;
    const found = categorizeEndpoints(listOf(endpoints).map((each) => endpointOf(each, here)), service, port, node);
    const actual = {
      clusterEndpoints: text(found.cluster),
      localEndpoints: text(found.local),
      allReachableEndpoints: text(found.reachable),
      hasAnyEndpoints: found.hasAny,
    };
    return (Object.keys(expected) as (keyof typeof expected)[]).map((field) => {
      const wanted = expected[field];
      return { name: field, expected: Array.isArray(wanted) ? [...(wanted as readonly string[])].sort() : wanted, actual: actual[field] };
    });
  },
});
