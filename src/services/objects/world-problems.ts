/** What the cluster has against an object that is wrong by itself already: its author is told all of it at once. */
import { admitObject } from '../../controllers/admission/admit-object.js';
import { namespaceProblem } from '../../controllers/admission/namespace-problem.js';
import type { PodObject } from '../../controllers/object-shapes.js';
import { defaultObject } from '../../domain/cluster/default-object.js';
import { isNamespaced } from '../../domain/cluster/kinds/registry.js';
import { dnsLabelProblem } from '../../domain/cluster/name-syntax.js';
import { groupOf, type KubeObject } from '../../domain/cluster/objects.js';
import type { Problem } from '../app-error.js';
import type { Edit } from '../world/edit.js';

/** What is known of the object. */
export interface Wrong {
  readonly problems: readonly Problem[];
  /** Some of it is not even of the right type. */
  readonly shape: boolean;
}

const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);

/**
 * @param object as it came in, or as it would be in the place of `before`
 * @returns the further problems, at places that were not known to be wrong. Of an object with fields of a wrong type, what is
 * wrong with its namespace alone; of a new pod, with its namespace and its node: to look for a node for it takes a sound one.
 */
export function worldProblems(edit: Edit, object: unknown, before: KubeObject | null, { problems, shape }: Wrong): readonly Problem[] {
  const isAsked = !shape && isAskable(object as KubeObject, before);
  const found = isAsked
    ? admitObject(edit.draft, defaultObject(object as KubeObject), before ?? undefined, edit.context).errors
    : missingNames(edit, object as Partial<PodObject> | null, shape);
  return found.filter(({ path }) => !problems.some((known) => within(path, known.path) || within(known.path, path)));
}

function isAskable({ apiVersion, kind }: KubeObject, before: KubeObject | null): boolean {
  if (groupOf(apiVersion) === '' && (kind === 'Service' || kind === 'Node')) return true;
  return before !== null && (kind !== 'Pod' || (before as unknown as PodObject).spec.nodeName !== undefined);
}

/** Its namespace, and the node of a pod. */
function missingNames({ draft }: Edit, object: Partial<PodObject> | null, shape: boolean): readonly Problem[] {
  const { apiVersion, kind, metadata, spec } = object ?? {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  const problems: Problem[] = [];
  const namespace: unknown = metadata?.namespace;
  if (typeof namespace === 'string' && isNamespaced(groupOf(apiVersion), kind) && dnsLabelProblem(namespace) === undefined) {
    const message = namespaceProblem(draft, namespace);
    if (message !== undefined) problems.push({ path: 'metadata.namespace', message });
  }
  const node = !shape && kind === 'Pod' ? spec?.nodeName : undefined;
  if (node && !draft.nodeFacts(node)) problems.push({ path: 'spec.nodeName', message: `nodes ${JSON.stringify(node)} not found` });
  return problems;
}
