/** Explains packets that kube-proxy's rules for a Service refused or dropped. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import { describeReason } from '../../domain/trace/describe-reason.js';
import type { ReasonCode } from '../../domain/trace/reasons.js';
import { placeName } from '../../domain/trace/place-name.js';
import { contains, formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { End } from '../../domain/walk/walk.js';
import { whyNoEndpoint } from './explain-endpoints.js';
import { listed, named } from './listed.js';

type Details = Record<string, string>;
interface Asked {
  readonly service: ServiceView;
  readonly port: ServicePortView;
  readonly kind: 'clusterIP' | 'externalIP' | 'loadBalancer' | 'nodePort';
}

/** The Service port that a packet's destination belongs to, if its rules were evaluated. */
function asked(state: ClusterState, { packet }: End): Asked | undefined {
  const { destination, destinationPort, protocol } = packet;
  const match = state.servicesAt(destination).find(({ port }) => port.port === destinationPort && port.protocol === protocol);
  if (match || protocol === 'ICMP') return match;
  const found = state.serviceByNodePort(protocol, destinationPort);
  return found && { ...found, kind: 'nodePort' };
}

/** The reason if kube-proxy ignores the Service because of a label; else `null`. */
export function ignoredByKubeProxy({ namespace, name, proxyName, labelledHeadless }: ServiceView): readonly [code: ReasonCode, details: Details] | null {
  const subject = `Service ${namespace}/${name}`;
  if (proxyName !== null) return ['SERVICE_OF_ANOTHER_PROXY', { subject, name: proxyName }];
  return labelledHeadless ? ['SERVICE_LABELLED_HEADLESS', { subject }] : null;
}

/** The fix if a load balancer has no node to send to: there is none, or all are excluded by a label. */
export const fixForNoTarget = (state: ClusterState): string =>
  (state.counts().nodes === 0 ? 'Add a node to the cluster.' : 'Remove the label node.kubernetes.io/exclude-from-external-load-balancers from a node.');

export function noEndpoint(state: ClusterState, end: End): Details {
  const found = asked(state, end);
  if (!found) return {};
  const { service, port, kind } = found;
  return { port: kind === 'nodePort' ? `${port.port} (node port ${port.nodePort})` : String(port.port), ...whyNoEndpoint(state, service, port) };
}

export function noLocalEndpoint(state: ClusterState, end: End): Details {
  const found = asked(state, end);
  if (!found) return {};
  const { service, port, kind } = found;
  const policy = kind === 'clusterIP' ? 'internalTrafficPolicy' : 'externalTrafficPolicy';
  const nodes = [...new Set(state.endpoints(service, port).flatMap(({ ready, node }) => (ready && node !== null ? node : [])))];
  const reached = nodes.filter((node) => state.node(node)?.linkUp);
  const send = policy === 'externalTrafficPolicy' && reached.length > 0 ? `Send the traffic to ${named(reached, 'or')}, run` : 'Run';
  return {
    policy, ...(nodes.length > 0 && { elsewhere: `${named(nodes)} ${nodes.length === 1 ? 'has' : 'have'}` }),
    fix: `${send} a ready pod of Service ${service.namespace}/${service.name} on ${placeName(end.netns)}, or set its ${policy} to Cluster.`,
  };
}

/** For a load balancer's Service whose source ranges do not contain `source`. */
export const outsideRanges = ({ namespace, name, loadBalancerSourceRanges }: ServiceView, source: Ipv4): Details => ({
  ranges: listed(loadBalancerSourceRanges.map(formatCidr)),
  fix: `Add ${formatIpv4(source)}/32 to loadBalancerSourceRanges of Service ${namespace}/${name}, or remove the field.`,
});

/** Why the packet would be dropped even if the Service had an endpoint: kube-proxy makes no rules for source ranges while it has none. */
export function explainSourceRanges(state: ClusterState, end: End): { readonly message: string; readonly fix: string } | undefined {
  const found = asked(state, end);
  if (found?.kind !== 'loadBalancer') return undefined;
  const { service } = found;
  const { source } = end.packet;
  const ranges = service.loadBalancerSourceRanges;
  if (ranges.length === 0 || ranges.some((range) => contains(range, source))) return undefined;
  return describeReason('LOAD_BALANCER_SOURCE_RANGES', {
    subject: `Service ${service.namespace}/${service.name}`,
    source: formatIpv4(source),
    ...outsideRanges(service, source),
  });
}
