import { parseCidr } from '../../values/cidr.js';
import { parseIpv4, type Ipv4 } from '../../values/ipv4.js';
import { parseQuantity } from '../../values/quantity.js';
import type { NodeFacts } from '../facts.js';
import type { Node } from '../kinds/node.js';
import { LINK_ANNOTATION, PLAIN_WIRING, decodeNodeWiring } from '../node-wiring.js';
import type { ObjectMeta } from '../objects.js';
import { labelsOf } from './meta-facts.js';

/** @source Kubernetes `pkg/proxy/healthcheck/proxy_health.go` `ToBeDeletedTaint` */
const TO_BE_DELETED_TAINT = 'ToBeDeletedByClusterAutoscaler';

/** @throws RangeError if the node has no IPv4 InternalIP, which every admitted node has */
function internalIpOf(node: Node): Ipv4 {
  for (const { type, address } of node.status?.addresses ?? []) {
    const parsed = type === 'InternalIP' ? parseIpv4(address) : undefined;
    if (parsed !== undefined) return parsed;
  }
  throw new RangeError(`node ${node.metadata.name} has no IPv4 InternalIP`);
}

function externalIPsOf({ status }: Node): readonly Ipv4[] {
  return (status?.addresses ?? []).flatMap(({ type, address }) => (type === 'ExternalIP' ? parseIpv4(address) ?? [] : []));
}

/** Whole thousandths, rounded up. @source k8s.io/apimachinery `Quantity.MilliValue` */
function milliCpuOf(node: Node): number {
  const cpu = parseQuantity(String(node.status?.allocatable?.['cpu'] ?? 0)) ?? 0;
  return Math.ceil(Math.round(cpu * 1e9) / 1e6);
}

export function extractNodeFacts(node: Node, metadata: ObjectMeta, ordinal: number): NodeFacts {
  const { annotations } = metadata;
  const { podCIDR, unschedulable, taints } = node.spec ?? {};
  // A node without the condition has no kubelet whose heartbeat could be missing.
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'True';
  const externalIPs = externalIPsOf(node);
  const linkCut = annotations?.[LINK_ANNOTATION] === 'down';
  return {
    kind: 'Node',
    name: metadata.name,
    uid: metadata.uid ?? '',
    internalIP: internalIpOf(node),
    podCIDR: podCIDR === undefined ? null : (parseCidr(podCIDR) ?? null),
    labels: labelsOf(metadata),
    wiring: annotations ? decodeNodeWiring(annotations).wiring : PLAIN_WIRING,
    ready,
    linkUp: !linkCut && ready !== 'Unknown',
    ...(linkCut && { linkCut }),
    ...(taints?.some(({ key }) => key === TO_BE_DELETED_TAINT) && { toBeDeleted: true }),
    ...(externalIPs.length > 0 && { externalIPs }),
    unschedulable: unschedulable === true,
    milliCpu: milliCpuOf(node),
    taints: (taints ?? []).map(({ key, value = '', effect }) => ({ key, value, effect })),
    ordinal,
  };
}
