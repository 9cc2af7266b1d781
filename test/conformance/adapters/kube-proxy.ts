/** kube-proxy.json: flows that arrive at a node, and what its kube-proxy does with them. */
import type { PathJson, TraceJson } from '../../../src/render/json/trace-json.js';
import type { StepJson } from '../../../src/render/json/step-json.js';
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import type { ClusterApi } from '../api.js';
import { blockAround, isInBlock } from '../blocks.js';
import { sliceObject, type SliceOfCase } from '../slice-object.js';
import { listOf, stated } from '../stated.js';

interface ServiceOfCase {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly clusterIPs: readonly string[] | null;
  readonly externalName?: string | null;
  readonly externalIPs: readonly string[] | null;
  readonly loadBalancerIPs: readonly { readonly ip: string; readonly ipMode: string | null }[] | null;
  readonly ports:
    | readonly {
        readonly name: string;
        readonly port: number;
        readonly protocol: string;
        readonly targetPort: number | string | null;
        readonly nodePort: number | null;
      }[]
    | null;
  readonly externalTrafficPolicy: string | null;
  readonly internalTrafficPolicy: string | null;
  readonly sessionAffinity: string | null;
  readonly sessionAffinityTimeoutSeconds: number | null;
  readonly loadBalancerSourceRanges: readonly string[] | null;
  readonly healthCheckNodePort: number | null;
  readonly trafficDistribution: string | null;
  readonly publishNotReadyAddresses: boolean;
}

interface FlowOfCase {
  readonly sourceIP: string;
  readonly protocol: string;
  readonly destIP: string;
  readonly destPort: number;
}

interface ExpectedOfFlow {
  readonly verdict: 'DNAT' | 'REJECT' | 'DROP' | 'ACCEPT' | 'NONE';
  readonly endpoints: readonly string[];
  readonly masquerade: boolean;
}

type Assertion =
  | { readonly kind: 'loadBalancerIPProgrammedByKubeProxy'; readonly ip: string; readonly protocol: string; readonly port: number; readonly expected: boolean }
  | { readonly kind: 'normalisedAddress'; readonly input: string; readonly expected: string }
  | { readonly kind: 'proxiedServicePortCount'; readonly expected: number }
  | { readonly kind: 'servicePortsWithEndpointsButNoLocalOnes'; readonly traffic: 'internal' | 'external'; readonly expected: number }
  | { readonly kind: 'healthCheckNodePorts'; readonly expected: Readonly<Record<string, number>> };

interface KubeProxyCase extends ConformanceCase {
  readonly evaluatedAtNode: string;
  readonly cluster: {
    readonly nodes: readonly {
      readonly name: string;
      readonly primaryIPs: readonly string[];
      readonly ips: readonly string[] | null;
      readonly podCIDRs: readonly string[] | null;
    }[];
    readonly services: readonly ServiceOfCase[];
    readonly endpointSlices: readonly SliceOfCase[] | null;
  };
  readonly proxy: {
    readonly mode: string;
    readonly ipFamily: 'IPv4' | 'IPv6';
    readonly masqueradeAll: boolean;
    /** `null`, or a kind that the product does not have, means that local pods' traffic is not detected. */
    readonly localDetector: { readonly kind: string } | null;
    readonly clusterPodCIDRs: readonly string[] | null;
    readonly nodePortAddresses: readonly string[] | null;
    readonly localhostNodePorts: boolean;
  };
  readonly flows: readonly (FlowOfCase & { readonly name: string; readonly expected: ExpectedOfFlow })[] | null;
  readonly assertions?: readonly Assertion[] | null;
}

/** The CIDR of Services in the cases' address plan. */
const SERVICE_CIDR = '172.30.0.0/16';
const DETECT_LOCAL_MODES = ['ClusterCIDR', 'NodeCIDR'];

/** A client that is neither a pod nor a node in the cases' address plan. */
const OUTSIDE = '203.0.113.2';
const OUTSIDE_NAME = 'outside.example';

const ipsOf = ({ clusterIPs }: ServiceOfCase): readonly string[] => listOf(clusterIPs).filter((ip) => ip !== 'None');
const ofFamily = ({ proxy }: KubeProxyCase, addresses: readonly string[]): readonly string[] =>
  addresses.filter((text) => text.includes(':') === (proxy.ipFamily === 'IPv6'));

function settingsOf(each: KubeProxyCase): object {
  const { cluster, proxy } = each;
  const services = blockAround(cluster.services.flatMap(ipsOf), 16) ?? SERVICE_CIDR;
  const detector = proxy.localDetector?.kind ?? '';
  const balancers = new Set(cluster.services.flatMap(({ loadBalancerIPs }) => listOf(loadBalancerIPs).map(({ ip }) => blockAround([ip], 24)!)));
  const [pods] = ofFamily(each, listOf(proxy.clusterPodCIDRs));
  return {
    ...stated({ podCIDR: podBlock(each, pods, services) }), serviceCIDR: services, nodePortRange: '1-65535', dns: { replicas: 0 },
    kubeProxy: {
      mode: proxy.mode, masqueradeAll: proxy.masqueradeAll, localhostNodePorts: proxy.localhostNodePorts, detectLocalMode: DETECT_LOCAL_MODES.includes(detector) ? detector : 'None',
      nodePortAddresses: ofFamily(each, listOf(proxy.nodePortAddresses)),
    },
    // What kube-proxy masquerades is asked for, and nothing else masquerades.
    masquerade: { nonMasqueradeCIDRs: ['0.0.0.0/0'] },
    underlay: { nodeCIDR: blockAround(cluster.nodes.flatMap(({ primaryIPs }) => ofFamily(each, primaryIPs)), 24), loadBalancer: { furtherCIDRs: [...balancers] } },
    nodes: cluster.nodes.map(({ name, primaryIPs, ips, podCIDRs }) => {
      const [internalIP] = ofFamily(each, primaryIPs);
      return { name, ...stated({ internalIP, podCIDR: podCIDRs?.[0] }), addresses: ofFamily(each, listOf(ips)).filter((ip) => ip !== internalIP) };
    }),
  };
}

/** The podCIDR. A cluster's ranges must not overlap; if the case's do, a block around its endpoints is used. */
function podBlock({ cluster }: KubeProxyCase, pods: string | undefined, services: string): string | undefined {
  const overlap = pods !== undefined && isInBlock(services.split('/')[0]!, pods);
  return overlap ? blockAround(listOf(cluster.endpointSlices).flatMap(({ endpoints }) => listOf(endpoints).flatMap(({ addresses }) => addresses)), 16) : pods;
}

function objectsOf({ cluster }: KubeProxyCase): readonly object[] {
  const namespaces = new Set([...cluster.services, ...listOf(cluster.endpointSlices)].map(({ namespace }) => namespace));
  return [
    ...[...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...cluster.services.map(serviceObject),
    ...listOf(cluster.endpointSlices).map(sliceObject),
  ];
}

function serviceObject(service: ServiceOfCase): object {
  const { namespace, name, type, sessionAffinityTimeoutSeconds } = service;
  const [ports, loadBalancerIPs, ranges] = [listOf(service.ports), listOf(service.loadBalancerIPs), listOf(service.loadBalancerSourceRanges)];
  // Upstream, one has an address beside its name, which the API server refuses.
  if (type === 'ExternalName') {
    return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec: { type, externalName: service.externalName ?? OUTSIDE_NAME } };
  }
  // Upstream builds these for kube-proxy alone; the API server refuses node ports of a ClusterIP Service.
  const takesNodePorts = type === 'NodePort' || type === 'LoadBalancer';
  const hasNodePorts = ports.some(({ nodePort }) => nodePort);
  return {
    apiVersion: 'v1', kind: 'Service', metadata: { namespace, name },
    spec: stated({
      type, clusterIP: listOf(service.clusterIPs)[0], externalIPs: service.externalIPs, sessionAffinity: service.sessionAffinity,
      ports: ports.map((port) => stated({ ...port, nodePort: takesNodePorts ? port.nodePort : null })),
      allocateLoadBalancerNodePorts: type === 'LoadBalancer' && !hasNodePorts ? false : null,
      externalTrafficPolicy: service.externalTrafficPolicy, internalTrafficPolicy: service.internalTrafficPolicy,
      loadBalancerSourceRanges: ranges.length > 0 ? ranges : null,
      healthCheckNodePort: service.externalTrafficPolicy === 'Local' ? service.healthCheckNodePort : null,
      trafficDistribution: service.trafficDistribution, publishNotReadyAddresses: service.publishNotReadyAddresses,
      sessionAffinityConfig: (sessionAffinityTimeoutSeconds ?? null) === null ? null : { clientIP: { timeoutSeconds: sessionAffinityTimeoutSeconds } },
    }),
    ...(loadBalancerIPs.length > 0 ? { status: { loadBalancer: { ingress: loadBalancerIPs.map((ingress) => stated(ingress)) } } } : {}),
  };
}

/** The source of the flow: a process on the node if the address is its own, else a packet that arrives at the node. */
function sourceOf({ cluster, evaluatedAtNode }: KubeProxyCase, ip: string): object {
  const own = listOf(cluster.nodes.find(({ name }) => name === evaluatedAtNode)?.ips);
  return own.includes(ip) || ip.startsWith('127.') ? { node: evaluatedAtNode, source: ip } : { ip, at: evaluatedAtNode };
}

async function ask(cluster: ClusterApi, each: KubeProxyCase, { sourceIP, protocol, destIP, destPort }: FlowOfCase): Promise<TraceJson> {
  return cluster.trace({ from: sourceOf(each, sourceIP), to: { ip: destIP, port: destPort }, protocol, choice: { mode: 'ALL' } });
}

const stepsAt = ({ connections }: PathJson, node: string): readonly StepJson[] => (connections[0]?.forward.steps ?? []).filter(({ at }) => at.netns === `node:${node}`);

const isKubeProxys = (chain: string): boolean => chain.startsWith('KUBE-');

/** What kube-proxy's rules did with the packet of one path at the node. */
function outcomeOf(path: PathJson, node: string): ExpectedOfFlow {
  const steps = stepsAt(path, node);
  const translation = path.connections[0]?.translations.find(({ type, netns }) => type === 'DNAT' && netns === `node:${node}`);
  const masquerade = steps.some((step) => step.kind === 'SNAT' && step.evidence.applied && isKubeProxys(step.evidence.chain));
  if (translation) return { verdict: 'DNAT', endpoints: [translation.after], masquerade };
  const rules = steps.flatMap((step) => (step.kind === 'NETFILTER' ? step.evidence.rules : [])).filter(({ chain }) => isKubeProxys(chain));
  const decided = (['REJECT', 'DROP', 'ACCEPT'] as const).find((verdict) => rules.some(({ target }) => target === verdict));
  return { verdict: decided ?? 'NONE', endpoints: [], masquerade };
}

/** The outcome of all paths together, with the endpoints sorted by text. */
function outcome(trace: TraceJson, node: string): ExpectedOfFlow {
  const outcomes = trace.paths.map((path) => outcomeOf(path, node));
  const [first] = outcomes;
  const differ = outcomes.some(({ verdict, masquerade }) => verdict !== first?.verdict || masquerade !== first.masquerade);
  if (!first || differ || trace.truncated) throw new Error(`paths of one flow with unlike ends: ${JSON.stringify(outcomes)}`);
  return { ...first, endpoints: outcomes.flatMap(({ endpoints }) => endpoints).sort() };
}

async function checkAssertion(cluster: ClusterApi, each: KubeProxyCase, assertion: Assertion): Promise<unknown> {
  const node = each.evaluatedAtNode;
  const verdictOf = async (flow: FlowOfCase): Promise<ExpectedOfFlow['verdict']> => outcome(await ask(cluster, each, flow), node).verdict;
  const ports = each.cluster.services.flatMap((service) => listOf(service.ports).map((port) => ({ service, port })));
  const nodeIP = each.cluster.nodes.find(({ name }) => name === node)!.primaryIPs[0]!;
  switch (assertion.kind) {
    case 'loadBalancerIPProgrammedByKubeProxy':
      return (await verdictOf({ sourceIP: OUTSIDE, protocol: assertion.protocol, destIP: assertion.ip, destPort: assertion.port })) === 'DNAT';
    case 'normalisedAddress': {
      const rules = JSON.stringify(await cluster.send('GET', `nodes/${node}/rules`));
      return new RegExp(`[ "]${assertion.expected.replaceAll('.', '\\.')}[/: "]`).test(rules) ? assertion.expected : 'not in the rules of the node';
    }
    case 'proxiedServicePortCount': {
      let count = 0;
      for (const { service, port } of ports) {
        const [destIP] = ipsOf(service);
        if (destIP !== undefined && (await verdictOf({ sourceIP: OUTSIDE, protocol: port.protocol, destIP, destPort: port.port })) !== 'NONE') count += 1;
      }
      return count;
    }
    case 'servicePortsWithEndpointsButNoLocalOnes': {
      let count = 0;
      for (const { service, port } of ports) {
        const [destIP, destPort] = assertion.traffic === 'internal' ? [listOf(service.clusterIPs)[0]!, port.port] : [nodeIP, port.nodePort!];
        if ((await verdictOf({ sourceIP: OUTSIDE, protocol: port.protocol, destIP, destPort })) === 'DROP') count += 1;
      }
      return count;
    }
    case 'healthCheckNodePorts': {
      const found: Record<string, number> = {};
      for (const { namespace, name, healthCheckNodePort } of each.cluster.services) {
        if (healthCheckNodePort && (await verdictOf({ sourceIP: OUTSIDE, protocol: 'TCP', destIP: nodeIP, destPort: healthCheckNodePort })) === 'ACCEPT') {
          found[`${namespace}/${name}`] = healthCheckNodePort;
        }
      }
      return found;
    }
  }
}

export const kubeProxy = adapter<KubeProxyCase>({
  families: ['kube-proxy'],
  run: (each, { api }) => api.inCluster(settingsOf(each), objectsOf(each), async (cluster) => {
    const findings: Finding[] = [];
    for (const flow of listOf(each.flows)) {
      const { verdict, endpoints, masquerade } = flow.expected;
      const expected = { verdict, endpoints: listOf(endpoints).toSorted(), masquerade };
      findings.push({ name: flow.name, expected, actual: outcome(await ask(cluster, each, flow), each.evaluatedAtNode) });
    }
    for (const assertion of listOf(each.assertions)) {
      const { kind, expected, ...about } = assertion;
      findings.push({ name: [kind, ...Object.values(about)].join(' '), expected, actual: await checkAssertion(cluster, each, assertion) });
    }
    return findings;
  }),
});
