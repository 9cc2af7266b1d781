/** Explains why a pod has no node, by the scheduler's message, and what would give it one. */
import type { PodView } from '../../domain/cluster/view.js';
import { capitalise } from '../../domain/values/capitalise.js';
import { nameOf } from './name-of.js';

type Waiting = Pick<PodView, 'namespace' | 'name' | 'waiting'>;

/** The scheduler's message without its full stop; `''` if there is none. */
export const whyPending = ({ waiting }: Waiting): string => (waiting ?? '').replace(/\.$/, '');

/** The same after a colon, to be appended to a statement about the pod; `''` if there is none. */
export const becausePending = (pod: Waiting): string => (whyPending(pod) === '' ? '' : `: ${whyPending(pod)}`);

/** A part of the scheduler's message, and the fix for it without a full stop. @param pod its name; @param words the expression's first group */
type Remedy = readonly [expression: RegExp, remedy: (pod: string, words: string) => string];

/** Node conditions by their taints: the control plane keeps the taint on the node while the condition is True. */
const PRESSURES: Readonly<Record<string, string>> = {
  'memory-pressure': 'MemoryPressure', 'disk-pressure': 'DiskPressure', 'pid-pressure': 'PIDPressure', 'network-unavailable': 'NetworkUnavailable',
};

const REMEDIES: readonly Remedy[] = [
  [/^Scheduling is blocked due to non-empty scheduling gates/, (pod) => `take the schedulingGates off pod ${pod}`],
  [/^no nodes available/, () => 'add a node to the cluster'],
  [/node\(s\) were unschedulable/, () => 'uncordon a node (set its spec.unschedulable to false)'],
  [/untolerated taint \{node\.kubernetes\.io\/(?:not-ready|unreachable): /, () => 'set the condition Ready of a node to True'],
  [
    /untolerated taint \{node\.kubernetes\.io\/((?:memory|disk|pid)-pressure|network-unavailable): /,
    (_pod, taint) => `set the condition ${PRESSURES[taint]} of a node to False`,
  ],
  [
    /untolerated taint (\{(?!node\.kubernetes\.io\/(?:not-ready|unreachable|(?:memory|disk|pid)-pressure|network-unavailable): )[^}]*\})/,
    (pod, taint) => `give pod ${pod} a toleration for the taint ${taint}, or take it off a node`,
  ],
  [
    /didn't match Pod's node affinity\/selector/,
    (pod) => `give a node the labels that the nodeSelector and the node affinity of pod ${pod} ask for, or change these`,
  ],
  [/didn't have free ports/, (pod) => `add a node whose ports are free, or take the hostPort out of pod ${pod}`],
  [/match pod affinity rules/, (pod) => `run a pod that the podAffinity of pod ${pod} asks for, or change that`],
  [
    /match pod anti-affinity rules/,
    (pod) => `add a node where none of the pods is that the podAntiAffinity of pod ${pod} keeps away from, or run fewer of them`,
  ],
  [/existing pods anti-affinity rules/, (pod) => `add a node, because the podAntiAffinity of the pods that run there keeps pod ${pod} away`],
  [
    /topology spread constraints \(missing required label\)/,
    (pod) => `give the nodes the label that the topologySpreadConstraints of pod ${pod} count by`,
  ],
  [
    /topology spread constraints(?! \(missing)/,
    (pod) => `add a node where the topologySpreadConstraints of pod ${pod} leave room, or set their whenUnsatisfiable to ScheduleAnyway`,
  ],
];

/** One remedy for each reason that the scheduler gave. */
export function fixForPending(pod: Waiting): string {
  const remedies = REMEDIES.flatMap(([expression, remedy]) => {
    const found = expression.exec(whyPending(pod));
    return found ? [remedy(nameOf(pod), found[1] ?? '')] : [];
  });
  const text = remedies.length > 0 ? remedies.join('; or ') : `change the spec of pod ${nameOf(pod)} or the nodes, so that one of them takes it`;
  return `${capitalise(text)}.`;
}
