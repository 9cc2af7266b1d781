/** Deletes objects that were applied before and are not applied now. */
import { deletionProblem } from '../../controllers/admission/deletion.js';
import { compileRequirements, parseLabelSelector, type LabelMatcher } from '../../domain/cluster/label-selector.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { LAST_APPLIED_ANNOTATION } from '../../domain/cluster/three-way-merge.js';
import { AppError } from '../app-error.js';
import type { ApplyOptions } from '../use-cases/objects.js';
import type { Edit } from '../world/edit.js';
import { applied, type Applied } from './read-manifests.js';

/** The kinds that kubectl prunes. @source kubernetes/kubectl `pkg/util/prune`, `ParseResources` */
const NAMESPACED: ReadonlySet<string> = new Set([
  '/ConfigMap', '/Endpoints', '/PersistentVolumeClaim', '/Pod', '/ReplicationController', '/Secret', '/Service',
  'batch/Job', 'batch/CronJob', 'networking.k8s.io/Ingress', 'apps/DaemonSet', 'apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet',
]);
const CLUSTER_WIDE: ReadonlySet<string> = new Set(['/Namespace', '/PersistentVolume']);

/** @returns `undefined` if nothing is to be pruned @throws AppError BAD_REQUEST */
export function pruneSelector({ prune, labelSelector }: ApplyOptions): LabelMatcher | undefined {
  const refuse = (path: string, message: string): never => {
    throw new AppError('BAD_REQUEST', `${path}: ${message}`, [{ path, message }]);
  };
  if (!prune) return labelSelector === undefined ? undefined : refuse('labelSelector', 'only says what prune=true may delete: send both, or neither');
  if (labelSelector === undefined || labelSelector.trim() === '') {
    return refuse('labelSelector', 'is required with prune=true: what was applied before and has these labels goes, unless it is applied again');
  }
  const { requirements, problem } = parseLabelSelector(labelSelector);
  return problem === undefined ? compileRequirements(requirements) : refuse('labelSelector', problem);
}

/** Can the object be pruned? It must be in a namespace of the applied objects, and have no owner. */
function* candidates({ draft }: Edit, namespaces: ReadonlySet<string>): Iterable<ObjectRef> {
  for (const namespace of namespaces) {
    for (const ref of draft.refsIn(namespace)) {
      if (!NAMESPACED.has(`${ref.group}/${ref.kind}`)) continue;
      const facts = draft.facts(ref);
      if (facts && 'owner' in facts && facts.owner !== null) continue;
      yield ref;
    }
  }
  for (const ref of draft.refsIn('')) if (CLUSTER_WIDE.has(`${ref.group}/${ref.kind}`)) yield ref;
  for (const { name } of draft.namespaces()) yield { group: '', kind: 'Namespace', namespace: '', name };
}

const wasApplied = ({ metadata }: KubeObject): boolean => metadata.annotations?.[LAST_APPLIED_ANNOTATION] !== undefined;

/**
 * Deletes the objects that `matches` selects among those applied before, unless they are applied now.
 *
 * @source kubernetes/kubectl `pkg/cmd/apply/prune.go`
 */
export async function prune(edit: Edit, visited: readonly ObjectRef[], matches: LabelMatcher): Promise<readonly Applied[]> {
  const kept = new Set(visited.map(refKey));
  const namespaces = new Set(visited.map(({ namespace }) => namespace).filter((namespace) => namespace !== ''));
  const refs = [...candidates(edit, namespaces)].filter((ref) => !kept.has(refKey(ref)) && deletionProblem(ref) === undefined);
  const bodies = (await edit.load(refs)).filter((body): body is KubeObject => body !== null && wasApplied(body) && matches(body.metadata.labels ?? {}));
  return bodies.map((body) => {
    const ref = refOf(body);
    edit.remove(ref);
    return applied(ref, body.apiVersion, 'deleted');
  });
}
