/**
 * Taints that the control plane sets because of a node's conditions and of `unschedulable`.
 *
 * @source kubernetes/kubernetes pkg/controller/nodelifecycle `nodeConditionToTaintKeyStatusMap`, `doNoExecuteTaintingPass`
 */
import type { Condition, NodeTaint } from '../object-shapes.js';

interface TaintRule {
  readonly condition: string;
  readonly status: Condition['status'];
  readonly key: string;
  /** Also adds a taint of effect NoExecute, which evicts pods. */
  readonly evicts: boolean;
}

const RULES: readonly TaintRule[] = [
  { condition: 'Ready', status: 'False', key: 'node.kubernetes.io/not-ready', evicts: true },
  { condition: 'Ready', status: 'Unknown', key: 'node.kubernetes.io/unreachable', evicts: true },
  { condition: 'MemoryPressure', status: 'True', key: 'node.kubernetes.io/memory-pressure', evicts: false },
  { condition: 'DiskPressure', status: 'True', key: 'node.kubernetes.io/disk-pressure', evicts: false },
  { condition: 'PIDPressure', status: 'True', key: 'node.kubernetes.io/pid-pressure', evicts: false },
  { condition: 'NetworkUnavailable', status: 'True', key: 'node.kubernetes.io/network-unavailable', evicts: false },
];
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Keys of taints that the control plane adds and removes. */
const OWN_KEYS: ReadonlySet<string> = new Set([UNSCHEDULABLE, ...RULES.map(({ key }) => key)]);

/**
 * For how long a pod without a toleration of its own tolerates the taints of `TOLERATED_FOR_A_WHILE`.
 *
 * @source kubernetes/kubernetes plugin/pkg/admission/defaulttolerationseconds
 */
export const DEFAULT_TOLERATION_SECONDS = 300;
export const TOLERATED_FOR_A_WHILE: ReadonlySet<string> = new Set(RULES.filter(({ evicts }) => evicts).map(({ key }) => key));

/** The user's taints, then those of the node's conditions. A taint that already exists is kept unchanged. */
export function withConditionTaints(taints: readonly NodeTaint[], conditions: readonly Condition[], unschedulable: boolean, now: string): readonly NodeTaint[] {
  const due: NodeTaint[] = unschedulable ? [{ key: UNSCHEDULABLE, effect: 'NoSchedule', timeAdded: now }] : [];
  for (const { condition, status, key, evicts } of RULES) {
    if (!conditions.some((one) => one.type === condition && one.status === status)) continue;
    due.push({ key, effect: 'NoSchedule', timeAdded: now });
    if (evicts) due.push({ key, effect: 'NoExecute', timeAdded: now });
  }
  const present = (wanted: NodeTaint): NodeTaint => taints.find(({ key, effect }) => key === wanted.key && effect === wanted.effect) ?? wanted;
  return [...taints.filter(({ key }) => !OWN_KEYS.has(key)), ...due.map(present)];
}
