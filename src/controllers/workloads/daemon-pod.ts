/**
 * The pods of a DaemonSet, and the nodes on which they run.
 *
 * @source kubernetes/kubernetes pkg/controller/daemon `NodeShouldRunDaemonPod`, pkg/controller/daemon/util
 */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import type { DaemonSetObject, NodeSelectorTerm, PlacementSpec, PodObject, PodTemplate, Toleration } from '../object-shapes.js';
import { matchesNodeSelection, tolerates } from '../scheduler/node-affinity.js';
import { podOf } from './owned-objects.js';
import { REVISION_LABEL, TEMPLATE_GENERATION_ANNOTATION, TEMPLATE_GENERATION_LABEL } from './revisions.js';
import { templateHash } from './template-hash.js';

const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const HOST_NETWORK_TOLERATION: Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };

function tolerationsOf({ tolerations = [], hostNetwork }: PodTemplate['spec']): readonly Toleration[] {
  const daemon = hostNetwork ? [...DAEMON_TOLERATIONS, HOST_NETWORK_TOLERATION] : DAEMON_TOLERATIONS;
  return [
    ...tolerations,
    ...daemon.filter(({ key, effect }) => !tolerations.some((own) => own.key === key && own.effect === effect && own.operator === 'Exists')),
  ];
}

/** `run`: the node must have a pod. `stay`: no pod is created, but an existing one is kept. `leave`: an existing pod is deleted. */
export type Eligibility = 'run' | 'stay' | 'leave';

export function eligibilityOn({ spec: { template } }: DaemonSetObject): (node: NodeFacts) => Eligibility {
  const tolerations = tolerationsOf(template.spec);
  return (node) => {
    const { nodeName } = template.spec;
    if ((nodeName && nodeName !== node.name) || !matchesNodeSelection(template.spec, node)) return 'leave';
    const untolerated = node.taints.filter((taint) => !tolerates(tolerations, taint));
    if (untolerated.some(({ effect }) => effect === 'NoExecute')) return 'leave';
    return untolerated.some(({ effect }) => effect === 'NoSchedule') ? 'stay' : 'run';
  };
}

export function daemonPod(set: DaemonSetObject, name: string, node: string): PodObject {
  const { template } = set.spec;
  const pod = podOf(set, template, name);
  const generation = set.metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION];
  const labels = {
    ...pod.metadata.labels,
    [REVISION_LABEL]: templateHash(template),
    ...(generation !== undefined && { [TEMPLATE_GENERATION_LABEL]: generation }),
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: { ...pod.spec, affinity: pinnedTo(node, template.spec.affinity), tolerations: tolerationsOf(template.spec) },
  };
}

/** The affinity with its required node affinity replaced by the name of the node, as the DaemonSet controller does. */
function pinnedTo(node: string, affinity: PlacementSpec['affinity']): NonNullable<PlacementSpec['affinity']> {
  const terms: readonly NodeSelectorTerm[] = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }];
  return { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } };
}

/** The node that the pod's affinity names. */
export function targetNode({ spec: { affinity } }: PodObject): string | undefined {
  for (const { matchFields } of affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    const field = matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (field?.values?.[0] !== undefined) return field.values[0];
  }
  return undefined;
}
