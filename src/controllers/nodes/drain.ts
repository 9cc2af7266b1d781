/** Decides which pods a drain evicts. @source kubernetes/kubectl pkg/drain/filters.go */
import { controllerOf } from '../../domain/cluster/extract/meta-facts.js';
import type { PodObject } from '../object-shapes.js';
import { isFinished } from '../pods/pod-status.js';

interface DrainOptions {
  readonly ignoreDaemonSets?: boolean | undefined;
  /** Also evicts pods that no controller would replace. */
  readonly force?: boolean | undefined;
  readonly deleteEmptyDirData?: boolean | undefined;
}

interface DrainPlan {
  readonly leaving: readonly PodObject[];
  readonly staying: readonly PodObject[];
  /** Why the node cannot be drained with these options. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Pods for which an option is needed: the problem if it is not given, and the warning if it is. */
interface Filter {
  readonly pods: readonly PodObject[];
  readonly allowed: boolean;
  readonly problem: string;
  readonly warning: string;
}

/**
 * Finished pods are always evicted, except static pods.
 *
 * @param pods all pods of the node, including finished ones
 * @param hasDaemonSet whether the DaemonSet of a pod exists; if not, the pod is evicted only with `force`
 */
export function planDrain(
  pods: readonly PodObject[],
  hasDaemonSet: (pod: PodObject) => boolean,
  { ignoreDaemonSets = false, force = false, deleteEmptyDirData = false }: DrainOptions,
): DrainPlan {
  const drained = pods.filter(({ metadata }) => metadata.annotations?.[MIRROR_ANNOTATION] === undefined);
  const running = drained.filter(({ status }) => !isFinished(status));
  const staying = running.filter((pod) => isDaemon(pod) && hasDaemonSet(pod));
  const movable = running.filter((pod) => !staying.includes(pod));
  const filters: readonly Filter[] = [
    {
      pods: movable.filter(isDaemon),
      allowed: force,
      problem: 'cannot delete Pods whose DaemonSet is not found (force overrides)',
      warning: 'deleting Pods whose DaemonSet is not found',
    },
    {
      pods: staying,
      allowed: ignoreDaemonSets,
      problem: 'cannot delete DaemonSet-managed Pods (ignoreDaemonSets leaves them where they are)',
      warning: 'ignoring DaemonSet-managed Pods',
    },
    {
      pods: movable.filter(hasLocalData),
      allowed: deleteEmptyDirData,
      problem: 'cannot delete Pods with local storage (deleteEmptyDirData overrides)',
      warning: 'deleting Pods with local storage',
    },
    {
      pods: movable.filter(isUnmanaged),
      allowed: force,
      problem: 'cannot delete Pods that declare no controller (force overrides)',
      warning: 'deleting Pods that declare no controller',
    },
  ];
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const { pods: concerned, allowed, problem, warning } of filters) {
    if (concerned.length > 0) (allowed ? warnings : problems).push(`${allowed ? warning : problem}: ${concerned.map(nameOf).join(', ')}`);
  }
  const leaving = drained.filter((pod) => !staying.includes(pod));
  return { leaving, staying: pods.filter((pod) => !leaving.includes(pod)), problems, warnings };
}

export const nameOf = ({ metadata }: PodObject): string => `${metadata.namespace}/${metadata.name}`;

const isDaemon = ({ metadata }: PodObject): boolean => controllerOf(metadata)?.kind === 'DaemonSet';
const isUnmanaged = ({ metadata }: PodObject): boolean => controllerOf(metadata) === null;
const hasLocalData = ({ spec }: PodObject): boolean =>
  ((spec['volumes'] as readonly { readonly emptyDir?: unknown }[] | undefined) ?? []).some(({ emptyDir }) => emptyDir !== undefined);
