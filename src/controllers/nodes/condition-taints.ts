/**
 * Taints that follow from what a node says of itself.
 *
 * @source kubernetes/kubernetes pkg/controller/nodelifecycle `nodeConditionToTaintKeyStatusMap`, `doNoExecuteTaintingPass`
 */
import type { Condition, NodeTaint } from '../object-shapes.js';

interface TaintRule {
  readonly condition: string;
  readonly status: Condition['status'];
  readonly key: string;
  /** Also takes pods away that are there. */
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

/** Keys that the control plane puts on and takes off. */
const OWN_KEYS: ReadonlySet<string> = new Set([UNSCHEDULABLE, ...RULES.map(({ key }) => key)]);

/** Every pod tolerates these for so many seconds, unless it says otherwise. @source kubernetes/kubernetes plugin/pkg/admission/defaulttolerationseconds */
export const DEFAULT_TOLERATION_SECONDS = 300;
export const TOLERATED_FOR_A_WHILE: ReadonlySet<string> = new Set(RULES.filter(({ evicts }) => evicts).map(({ key }) => key));

/** The taints of the user's, and behind them those that the node's conditions ask for. One that is there already stays as it is. */
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
