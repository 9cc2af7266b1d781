import { invalidValue } from '../../domain/cluster/api-messages.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import { interPodOf, type InterPodSpec } from '../../domain/cluster/extract/pod-facts.js';
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { didYouMean } from '../../domain/cluster/similar-names.js';
import { formatCidr, cidr, cidrOf, contains, sizeOf } from '../../domain/values/cidr.js';
import { formatIpv4, parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Findings } from '../admission/findings.js';
import type { AdmissionContext } from '../context.js';
import type { PodObject, PodSpec, PodStatus } from '../object-shapes.js';
import { evictingTaint } from '../nodes/toleration-time.js';
import { matchesNodeSelection } from '../scheduler/node-affinity.js';
import { hostPortHolder, hostPortsOf, NO_FREE_PORTS } from './host-ports.js';
import { checkPodUpdate } from './immutable-spec.js';
import type { PlacedPod } from '../scheduler/inter-pod.js';
import { GATED, gatedStatus, isFinished, pendingStatus, runningStatus } from './pod-status.js';
import { portConflictWarnings } from './pod-warnings.js';
import { unmetGates } from './readiness-gates.js';
import { isGated } from './scheduling-gates.js';

/** Fills in what the scheduler, the CNI plug-in and the kubelet set: node, address and status. Refuses what is invalid in this cluster. */
export function admitPod(state: ClusterState, input: PodObject, before: PodObject | undefined, context: AdmissionContext, findings: Findings): PodObject {
  const pod = before ? withFormerState(input, before, findings) : input;
  if (!before) findings.warnOf(pod, ...portConflictWarnings(pod.spec));
  // A finished pod has no address, and needs no node.
  if (isFinished(pod.status)) return finish(pod, before, context);
  return placePod(state, pod, before && !isFinished(before.status) ? before : undefined, context, findings);
}

function withFormerState(pod: PodObject, before: PodObject, findings: Findings): PodObject {
  checkPodUpdate(pod.spec, before.spec, findings);
  const status = pod.status ?? before.status;
  const podIP = status?.podIP ?? before.status?.podIP;
  return { ...pod, ...(status && { status: podIP === undefined ? status : { ...status, podIP } }) };
}

function finish(pod: PodObject, before: PodObject | undefined, { scheduler, interPod, allocations }: AdmissionContext): PodObject {
  const node = before?.spec.nodeName;
  if (node && before && !isFinished(before.status)) {
    scheduler.podRemoved(node);
    interPod.podRemoved(node, placedPod(before));
    allocations.podReleased(node, parseIpv4(before.status?.podIP ?? ''));
  }
  return pod;
}

function noteAdded(pod: PodObject, node: string, { scheduler, interPod }: AdmissionContext): void {
  scheduler.podAdded(node);
  interPod.podAdded(node, placedPod(pod));
}

/** Chooses a node, if the pod has none, and the pod's address there. Also called for pods that wait for a node. */
export function placePod(state: ClusterState, pod: PodObject, before: PodObject | undefined, context: AdmissionContext, findings: Findings): PodObject {
  if (!pod.spec.nodeName && isGated(pod.spec)) return waitFor(pod, GATED, gatedStatus(pod, context.now), findings);
  const node = chooseNode(state, pod, context, findings);
  if (node === null) return pod;
  if (typeof node === 'string') return waitFor(pod, node, pendingStatus(pod, node, context.now), findings);
  if (!before?.spec.nodeName) noteAdded(pod, node.name, context);
  const podIP = pod.spec.hostNetwork ? node.internalIP : admitAddress(state, pod, before, node, context, findings);
  if (podIP === null) return pod;
  const { apiVersion, kind, metadata, spec } = pod;
  const status = runningStatus(pod, node, formatIpv4(podIP), context.now);
  warnAboutUnmetGates(metadata, status, findings);
  return { apiVersion, kind, metadata, spec: withNode(spec, node.name), status };
}

function waitFor(pod: PodObject, reason: string, status: PodStatus, findings: Findings): PodObject {
  findings.warn(`Pod ${pod.metadata.namespace}/${pod.metadata.name} is Pending: ${reason}`);
  return { ...pod, status };
}

function warnAboutUnmetGates({ namespace, name }: PodObject['metadata'], { conditions }: PodStatus, findings: Findings): void {
  const unmet = unmetGates(conditions);
  if (unmet !== undefined) findings.warn(`Pod ${namespace}/${name} is not ready: ${unmet}`);
}

/** The new field is before the spread, because adding fields to a spread object is slow. */
const withNode = (spec: PodSpec, nodeName: string): PodSpec =>
  spec.nodeName === nodeName ? spec : 'nodeName' in spec ? { ...spec, nodeName } : { nodeName, ...spec };

/** @returns the reason as text if no node fits; `null` after a refusal */
function chooseNode(state: ClusterState, pod: PodObject, context: AdmissionContext, findings: Findings): NodeFacts | string | null {
  const { nodeName, hostNetwork } = pod.spec;
  if (nodeName) {
    const node = state.nodeFacts(nodeName);
    if (!node) findings.refuse('spec.nodeName', `nodes ${JSON.stringify(nodeName)} not found${didYouMean(state.similarNames('node', null, nodeName))}`);
    if (node) warnAboutKubelet(state, pod, node, findings);
    return node ?? null;
  }
  const stated = hostNetwork ? undefined : parseIpv4(pod.status?.podIP ?? '');
  const home = stated === undefined ? undefined : state.nodeByPodAddress(stated);
  if (home) return state.nodeFacts(home.name) ?? null;
  const full: NodeFacts[] = [];
  const ports = hostPortsOf(pod);
  const { labels = {}, namespace = 'default' } = pod.metadata;
  const interPodProblem = context.interPod.filterFor({ namespace, labels, spec: pod.spec });
  const placement = context.scheduler.place(pod.spec, (node) => {
    if (hostPortHolder(state, node.name, pod, ports)) return NO_FREE_PORTS;
    const problem = interPodProblem(node);
    if (problem !== null) return problem;
    if (hostNetwork || stated !== undefined || context.allocations.nextPodAddress(state, node) !== null) return true;
    full.push(node);
    return 'node(s) had no free pod address';
  });
  if (placement.node) return placement.node;
  const [first] = full;
  if (!first) return placement.reason;
  refuseFull(first, findings);
  return null;
}

/**
 * Warns if a pod that names its node, and so was not scheduled, would be refused by the kubelet.
 *
 * @source kubernetes/kubernetes pkg/kubelet/lifecycle `generalFilter`
 */
function warnAboutKubelet(state: ClusterState, pod: PodObject, node: NodeFacts, findings: Findings): void {
  const warn = (text: string): void => findings.warn(`Pod ${pod.metadata.namespace}/${pod.metadata.name}: ${text}`);
  const holder = hostPortHolder(state, node.name, pod, hostPortsOf(pod));
  if (holder) warn(`port ${holder.port} of node ${node.name} is taken by pod ${holder.pod}: a kubelet would not run both`);
  // A pod with an address is already running, so the kubelet does not check it again.
  if (pod.status?.podIP) return;
  if (!matchesNodeSelection(pod.spec, node)) warn(`node ${node.name} is none that its nodeSelector and its affinity mean: a kubelet would not run it`);
  const taint = evictingTaint(pod.spec.tolerations ?? [], node);
  if (taint) {
    warn(
      `it does not tolerate the taint {${taint.key}: ${taint.value}} of node ${node.name}, which has the effect NoExecute: a kubelet would not run it`,
    );
  }
}

function refuseFull({ name, podCIDR }: NodeFacts, findings: Findings): void {
  const problem = podCIDR
    ? `podCIDR ${formatCidr(podCIDR)} of node ${name} is full: all ${Math.max(0, sizeOf(podCIDR) - 3)} pod addresses are in use`
    : `node ${name} has no podCIDR`;
  findings.refuse('spec.nodeName', `${problem}; choose another node, or a cluster with a smaller nodeCIDRMaskSize`);
}

function admitAddress(
  state: ClusterState,
  pod: PodObject,
  before: PodObject | undefined,
  node: NodeFacts,
  { allocations }: AdmissionContext,
  findings: Findings,
): Ipv4 | null {
  const text = pod.status?.podIP;
  if (!text) {
    const address = allocations.nextPodAddress(state, node);
    if (address === null) refuseFull(node, findings);
    return address;
  }
  const address = parseIpv4(text);
  const problem =
    address === undefined
      ? 'must be an IPv4 address'
      : before?.status?.podIP === text && before.spec.nodeName === node.name
        ? undefined
        : addressProblem(state, pod, node, address);
  if (problem !== undefined) findings.refuse('status.podIP', invalidValue(text, problem));
  if (before?.spec.nodeName && before.status?.podIP !== text) allocations.podReleased(before.spec.nodeName, null);
  return problem === undefined ? (address ?? null) : null;
}

/** Why the pod cannot have `address` on `node`, with the settings that it would need. */
function addressProblem(state: ClusterState, { metadata }: PodObject, node: NodeFacts, address: Ipv4): string | undefined {
  const { podCIDR, nodeCIDRMaskSize } = state.settings;
  if (!contains(cidr(podCIDR), address)) return `is not in the cluster's podCIDR ${podCIDR}: the cluster needs the setting podCIDR to contain it`;
  const { podCIDR: block } = node;
  if (!block || !contains(block, address)) {
    return `is not in podCIDR ${block ? formatCidr(block) : '(none)'} of node ${node.name}: the node needs podCIDR ${formatCidr(cidrOf(address, nodeCIDRMaskSize))}, or the cluster another nodeCIDRMaskSize`;
  }
  const offset = address - block.base;
  if (offset === 0 || offset === sizeOf(block) - 1) return `is the ${offset === 0 ? 'network' : 'broadcast'} address of podCIDR ${formatCidr(block)}`;
  if (offset === 1) return `is the bridge's address on node ${node.name}`;
  const holder = state.podByAddress(address);
  return holder && !(holder.namespace === metadata.namespace && holder.name === metadata.name)
    ? `is already in use by pod ${holder.namespace}/${holder.name}`
    : undefined;
}

/** What the constraints of other pods compare. */
const placedPod = ({ metadata, spec }: PodObject): PlacedPod => ({
  namespace: metadata.namespace ?? 'default', labels: metadata.labels ?? {}, terminating: metadata.deletionTimestamp !== undefined,
  interPod: interPodOf(spec as InterPodSpec, metadata.labels ?? {}),
});
