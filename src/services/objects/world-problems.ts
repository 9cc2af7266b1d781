/** Problems with the cluster of an object that is already invalid by itself, so that all are reported at once. */
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
interface Wrong {
  readonly problems: readonly Problem[];
  /** Some of it is not even of the right type. */
  readonly shape: boolean;
  /** What is left of it without that. */
  readonly rest?: KubeObject;
}

const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);

/**
 * @param object as it came in, or as it would replace `before`
 * @returns the further problems, at places that were not known to be wrong. Of an object with fields of a wrong type, and of a
 * new pod, what is wrong with its namespace and its node alone: to look for a node for a pod takes a sound one. A Service and a
 * new node are asked about as far as they can be understood.
 */
export function worldProblems(edit: Edit, object: unknown, before: KubeObject | null, { problems, shape, rest }: Wrong): readonly Problem[] {
  const understood = shape ? rest : (object as KubeObject);
  const found = understood && isAskable(understood, before, shape)
    ? admitObject(edit.draft, defaultObject(understood), before ?? undefined, edit.context).errors
    : missingNames(edit, (understood ?? object) as Partial<PodObject> | null);
  return found.filter(({ path }) => !problems.some((known) => within(path, known.path) || within(known.path, path)));
}

function isAskable({ apiVersion, kind }: KubeObject, before: KubeObject | null, shape: boolean): boolean {
  const isCore = groupOf(apiVersion) === '';
  if (isCore && (kind === 'Service' || (kind === 'Node' && before === null))) return true;
  if (shape) return false;
  return (isCore && kind === 'Node') || (before !== null && (kind !== 'Pod' || (before as unknown as PodObject).spec.nodeName !== undefined));
}

/** Its namespace, and the node of a pod. */
function missingNames({ draft }: Edit, object: Partial<PodObject> | null): readonly Problem[] {
  const { apiVersion, kind, metadata, spec } = object ?? {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  const problems: Problem[] = [];
  const namespace: unknown = metadata?.namespace;
  if (typeof namespace === 'string' && isNamespaced(groupOf(apiVersion), kind) && dnsLabelProblem(namespace) === undefined) {
    const message = namespaceProblem(draft, namespace);
    if (message !== undefined) problems.push({ path: 'metadata.namespace', message });
  }
  const node: unknown = kind === 'Pod' ? spec?.nodeName : undefined;
  if (typeof node === 'string' && node !== '' && !draft.nodeFacts(node)) {
    problems.push({ path: 'spec.nodeName', message: `nodes ${JSON.stringify(node)} not found` });
  }
  return problems;
}
