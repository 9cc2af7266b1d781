import type { Labels } from './label-selector.js';
import type { ClusterState } from './draft.js';
import { similarAmong } from './similar-names.js';

/** Most selectors per request that are checked for a mistyped label, since each is compared with all labels of its namespace. */
export const MOST_TOLD = 50;

/** Usual labels for the name of a program; a value written for one of them may be meant for another. `run` is set by `kubectl run`. */
const NAMES_OF_PROGRAMS = ['app', 'run', 'name', 'k8s-app', 'app.kubernetes.io/name'];

/**
 * Finds a label of a selector that matches no pods, and another value with which the selector would match some; or another label of theirs that has its value.
 *
 * @param others `SIMILAR`: only values with a similar spelling. `ANY`: after these also any value that pods with the selector's other labels have
 * @returns `undefined` if there is no such value
 */
export function nearSelector(
  state: ClusterState,
  namespace: string,
  selector: Labels,
  others: 'SIMILAR' | 'ANY',
): { readonly key: string; readonly value: string; /** The selector's own label. */ readonly written: string } | undefined {
  for (const [key, value] of Object.entries(selector)) {
    const { [key]: _left, ...rest } = selector;
    const values = state.labelValues(namespace, key, rest);
    const theirs = others === 'ANY' && Object.keys(rest).length > 0 ? values : [];
    const found = [...similarAmong(value, values), ...theirs].find(
      (candidate) => state.podsMatching(namespace, { ...rest, [key]: candidate }).length > 0,
    );
    if (found !== undefined) return { key, value: found, written: key };
    const other = NAMES_OF_PROGRAMS.includes(key)
      ? NAMES_OF_PROGRAMS.find((each) => selector[each] === undefined && state.podsMatching(namespace, { ...rest, [each]: value }).length > 0)
      : undefined;
    if (other !== undefined) return { key: other, value, written: key };
  }
  return undefined;
}

/** Clusters with more namespaces are not searched. */
const MOST_NAMESPACES = 500;

/** The first other namespace with pods that have these labels; `undefined` if there is none. */
export function namespaceWith(state: ClusterState, namespace: string, labels: Labels): string | undefined {
  const namespaces = [...state.namespaces()];
  return namespaces.length > MOST_NAMESPACES
    ? undefined
    : namespaces.find(({ name }) => name !== namespace && state.podsMatching(name, labels).length > 0)?.name;
}
