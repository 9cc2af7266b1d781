/** Explains a packet that still has a Service's address when it is lost, because none of the Service's rules has matched it. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { GatewayFacts } from '../../domain/cluster/facts.js';
import { serviceOfGateway } from '../../domain/cluster/http-services.js';
import type { ClusterView, ServiceView } from '../../domain/cluster/view.js';
import type { End } from '../../domain/walk/walk.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { fixForNoTarget, ignoredByKubeProxy } from './explain-service.js';
import { fixForUnserved } from './http/explain-gateway.js';
import { listed } from './listed.js';
import { nameOf } from './name-of.js';
import type { WalkedConnection } from './run-path.js';
import type { TraceRequest } from './trace-request.js';
import type { Explanation } from './explanation.js';

/** Causes that say why the packet was lost, wherever it was going. */
const EXPLAINS_ITSELF: ReadonlySet<string> = new Set([
  'NETWORK_POLICY_INGRESS',
  'NETWORK_POLICY_EGRESS',
  'LOAD_BALANCER_SOURCE_RANGES',
  'TTL_EXPIRED',
  'MTU_EXCEEDED',
  'FRAGMENTATION_NOT_MODELLED',
  'LINK_DOWN',
]);

/** Explains a packet whose destination is still a Service's address: none of the Service's rules has matched it. `null`: another case. */
export function wrongUseOfService(
  view: ClusterState,
  request: TraceRequest,
  { flow }: WalkedConnection,
  { steps, end: { packet, cause } }: WalkedLeg,
): Explanation | null {
  if (packet.icmp?.quoted || cause?.code.startsWith('SERVICE_') || EXPLAINS_ITSELF.has(cause?.code ?? '')) return null;
  const matches = view.servicesAt(packet.destination);
  const match = matches[0];
  if (!match) return null;
  const subject = `Service ${match.service.namespace}/${match.service.name}`;
  if (flow.protocol === 'ICMP') return ['ICMP_TO_VIRTUAL_IP', { subject }];
  const has = matches.some(({ port }) => port.port === packet.destinationPort && port.protocol === packet.protocol);
  if (!has) {
    return [
      'SERVICE_PORT_NOT_FOUND',
      {
        subject,
        ports: listed(match.service.ports.map(({ name, port, protocol }) => `${port}/${protocol}${name === '' ? '' : ` (${name})`}`)),
        fix: `${fixForMissingPort(view, match.service, packet)}${ofAlias(view, request)}`,
      },
    ];
  }
  const isBalanced = steps.some(({ kind }) => kind === 'LOAD_BALANCE');
  if (match.kind === 'loadBalancer' && !isBalanced && steps.some(({ netns }) => netns === 'gateway')) {
    return ['LOAD_BALANCER_NO_HEALTHY_NODE', { subject, fix: fixForNoTarget(view) }];
  }
  return ignoredByKubeProxy(match.service);
}

/** For an ExternalName Service: it is only an alias, so its ports have no effect. */
function ofAlias(view: ClusterView, { from, to }: TraceRequest): string {
  const [own = 'default'] = 'pod' in from ? from.pod.split('/') : [];
  const [name = '', namespace = own] = 'service' in to ? to.service.split('/').toReversed() : 'host' in to ? to.host.split('.') : [];
  const alias = view.service(namespace, name);
  return alias?.externalName != null && alias.ports.length > 0 ? ` The ports of Service ${nameOf(alias)} change nothing, as it is an ExternalName.` : '';
}

/**
 * Suggests the Service port that was probably meant, or adding the missing one. The Service of a Gateway gets its ports
 * from the Gateway's listeners.
 */
function fixForMissingPort(view: ClusterState, service: ServiceView, { destinationPort: port, protocol }: End['packet']): string {
  const { ports } = service;
  const translated = ports.find((each) => each.targetPort === port && each.protocol === protocol);
  const meant = translated ? [translated] : ports.filter((each) => each.port === port);
  const text = (meant.length > 0 ? meant : ports).slice(0, 3).map((each) => `${each.port}/${each.protocol}`).join(' or ');
  const gateway = view.http.all('Gateway').find((each) => serviceOfGateway(view, each) === service);
  const add = gateway ? fixForListener(gateway, port) : `add port ${port}/${protocol} to spec.ports of Service ${nameOf(service)}`;
  return `Ask for port ${text}${translated ? ` (${port} is its targetPort)` : ''}, or ${add}.`;
}

function fixForListener(gateway: GatewayFacts, port: number): string {
  const unserved = gateway.listeners.find((each) => each.port === port);
  return unserved ? fixForUnserved(gateway, unserved) : `add a listener of port ${port} to Gateway ${nameOf(gateway)}`;
}
