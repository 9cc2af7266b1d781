import type { ClusterState } from '../../domain/cluster/draft.js';
import { forbidden, invalidValue } from '../../domain/cluster/api-messages.js';
import { machineNameProblem } from '../../domain/cluster/rules/machine-name.js';
import { cidr, contains, formatCidr, parseCidr, type Cidr } from '../../domain/values/cidr.js';
import { formatIpv4, parseIpv4 } from '../../domain/values/ipv4.js';
import type { Findings } from '../admission/findings.js';
import type { AdmissionContext } from '../context.js';
import type { Condition, NodeObject, NodeStatus } from '../object-shapes.js';
import { withConditionTaints } from './condition-taints.js';
import { nextNodeAddress, nodeAddressProblem } from './node-addresses.js';
import { checkNodeRoutes } from './node-routes.js';

/** Fills in what the kubelet and the node controllers set: podCIDR, address, conditions and taints. Refuses what is invalid in this cluster. */
export function admitNode(state: ClusterState, node: NodeObject, before: NodeObject | undefined, context: AdmissionContext, findings: Findings): NodeObject {
  const { name } = node.metadata;
  const nameProblem = machineNameProblem(name, state.settings.underlay.lanHosts.map((host) => host.name));
  if (nameProblem !== undefined) findings.refuse('metadata.name', invalidValue(name, nameProblem));
  const podCIDR = admitPodCIDR(state, node, before, context, findings);
  const status = admitStatus(state, node, before, context, findings);
  const taints = withConditionTaints(node.spec?.taints ?? [], status.conditions ?? [], node.spec?.unschedulable === true, context.now);
  const { taints: _stated, ...spec } = node.spec ?? {};
  const providerID = admitProviderId(node, before, findings);
  // The second podCIDR of a dual-stack dump is kept, but has no effect.
  const [, ...further] = spec.podCIDRs ?? before?.spec?.podCIDRs ?? [];
  const admitted: NodeObject = {
    ...node,
    spec: {
      ...spec,
      ...(providerID !== undefined && { providerID }),
      ...(podCIDR !== undefined && { podCIDR, podCIDRs: [podCIDR, ...further] }),
      ...(taints.length > 0 && { taints }),
    },
    status,
  };
  checkNodeRoutes(state.settings, admitted, findings);
  return admitted;
}

/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateNodeUpdate` */
function admitProviderId(node: NodeObject, before: NodeObject | undefined, findings: Findings): unknown {
  const { providerID: given } = node.spec ?? {};
  const { providerID: previous } = before?.spec ?? {};
  if (!previous) return given;
  if (given !== undefined && given !== previous) {
    findings.refuse('spec.providerID', forbidden('node updates may not change providerID except from "" to valid'));
  }
  return previous;
}

function admitPodCIDR(
  state: ClusterState,
  node: NodeObject,
  before: NodeObject | undefined,
  context: AdmissionContext,
  findings: Findings,
): string | undefined {
  const given = node.spec?.podCIDR ?? node.spec?.podCIDRs?.[0];
  const previous = before?.spec?.podCIDR;
  if (previous !== undefined) {
    if (given !== undefined && given !== previous) {
      findings.refuse('spec.podCIDRs', forbidden(`node updates may not change podCIDR except from "" to valid (it is ${previous})`));
    }
    return previous;
  }
  if (given === undefined || given === '') return nextPodCIDR(state, context, findings);
  const block = parseCidr(given);
  const problem = block ? podCidrProblem(state, node.metadata.name, block) : 'must be an IPv4 CIDR, e.g. 10.244.1.0/24';
  if (problem !== undefined) findings.refuse('spec.podCIDR', invalidValue(given, problem));
  return block ? formatCidr(block) : given;
}

function nextPodCIDR(state: ClusterState, { allocations }: AdmissionContext, findings: Findings): string | undefined {
  const { podCIDR, nodeCIDRMaskSize } = state.settings;
  const set = allocations.podCidrs(state);
  const block = set.allocateNext(({ base }) => state.nodeByPodAddress(base) !== undefined);
  if (block) return formatCidr(block);
  findings.refuse(
    'spec.podCIDR',
    `the cluster's podCIDR ${podCIDR} is full: all ${set.size} blocks of /${nodeCIDRMaskSize} are given to nodes; a larger podCIDR or a larger nodeCIDRMaskSize has room for more`,
  );
  return undefined;
}

function podCidrProblem(state: ClusterState, name: string, block: Cidr): string | undefined {
  const { podCIDR, nodeCIDRMaskSize } = state.settings;
  if (!contains(cidr(podCIDR), block.base) || block.prefix < cidr(podCIDR).prefix) {
    return `is not in the cluster's podCIDR ${podCIDR}: the cluster needs the setting podCIDR to contain it`;
  }
  if (block.prefix !== nodeCIDRMaskSize) {
    return `is a /${block.prefix}, the cluster's nodes have /${nodeCIDRMaskSize}: the cluster needs the setting nodeCIDRMaskSize: ${block.prefix}`;
  }
  const holder = state.nodeByPodAddress(block.base);
  return holder && holder.name !== name ? `is already the podCIDR of node ${holder.name}` : undefined;
}

function admitStatus(state: ClusterState, node: NodeObject, before: NodeObject | undefined, context: AdmissionContext, findings: Findings): NodeStatus {
  const status = node.status ?? before?.status ?? {};
  const addresses = [...(status.addresses ?? before?.status?.addresses ?? [])];
  const internal = addresses.findIndex(({ type, address }) => type === 'InternalIP' && parseIpv4(address) !== undefined);
  if (internal >= 0) {
    const address = parseIpv4(addresses[internal]?.address ?? '');
    const problem = address === undefined ? undefined : nodeAddressProblem(state, node.metadata.name, address);
    if (problem !== undefined) findings.refuse(`status.addresses[${internal}].address`, problem);
  } else {
    const address = nextNodeAddress(state, context.allocations);
    if (address === null) {
      findings.refuse(
        'status.addresses',
        `the node network ${state.settings.underlay.nodeCIDR} is full: no address is left from its eleventh on; the cluster needs a larger underlay.nodeCIDR`,
      );
    } else addresses.unshift({ type: 'InternalIP', address: formatIpv4(address) });
  }
  if (!addresses.some(({ type }) => type === 'Hostname')) addresses.push({ type: 'Hostname', address: node.metadata.name });
  return { ...status, addresses, conditions: withReady(status.conditions ?? before?.status?.conditions ?? [], context.now) };
}

/** The conditions, with Ready True added if there is no Ready condition. */
const withReady = (conditions: readonly Condition[], now: string): readonly Condition[] =>
  conditions.some(({ type }) => type === 'Ready')
    ? conditions
    : [...conditions, { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status', lastTransitionTime: now }];

