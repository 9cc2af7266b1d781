import { nameOf, planDrain } from '../../controllers/nodes/drain.js';
import { controllerOf } from '../../domain/cluster/extract/meta-facts.js';
import { podRef } from '../../controllers/object-refs.js';
import type { NodeObject, PodObject } from '../../controllers/object-shapes.js';
import { AppError } from '../app-error.js';
import type { DrainResult, WriteOptions } from '../use-cases/objects.js';
import type { Viewer } from '../use-cases/viewer.js';
import type { Edit } from '../world/edit.js';
import type { World } from '../world/world.js';
import { parseDrainRequest } from './drain-request.js';
import { putObject } from './put-object.js';
import { refIn } from './read-objects.js';
import { invalid } from './refusals.js';
import { asAnswered, loadObject, removeOrTerminate } from './write-object.js';

/**
 * What `kubectl drain` does: cordons the node, then evicts its pods.
 *
 * @throws AppError with every reason why a pod may not go; nothing is changed then
 */
export async function drainNode(world: World, viewer: Viewer, cluster: string, name: string, input: unknown, options: WriteOptions): Promise<DrainResult> {
  world.assertMayUse(viewer, cluster, 'write');
  const request = parseDrainRequest(input);
  const ref = refIn('nodes', '', name);
  const { result, revision, warnings, objectAfter } = await world.edit(viewer, cluster, options, async (edit) => {
    const node = (await loadObject(edit, ref, options)) as NodeObject;
    const pods = (await edit.load(edit.draft.podsBoundTo(name).map(podRef))).filter((pod) => pod !== null) as unknown as readonly PodObject[];
    const hasDaemonSet = ({ metadata }: PodObject): boolean =>
      edit.draft.workload('DaemonSet', metadata.namespace ?? 'default', controllerOf(metadata)?.name ?? '') !== undefined;
    const plan = planDrain(pods, hasDaemonSet, request);
    if (plan.problems.length > 0) {
      throw new AppError(
        'UNPROCESSABLE',
        `unable to drain node ${JSON.stringify(name)}: ${plan.problems.join('; ')}`,
        plan.problems.map((message) => ({ path: '', message })),
      );
    }
    const { problems } = putObject(edit, { ...node, spec: { ...node.spec, unschedulable: true } }, node);
    if (problems.length > 0) throw invalid('Node', name, problems, false);
    for (const pod of plan.leaving) removeOrTerminate(edit, pod, request);
    edit.answerWith(ref);
    return { plan, node, budgets: budgetsOf(edit, plan.leaving) };
  });
  const { plan, node, budgets } = result;
  const unenforced = budgets.length === 0 ? [] : [`PodDisruptionBudget ${budgets.join(', ')}: stored, but not enforced: no eviction waits for it`];
  return {
    revision,
    node: asAnswered(objectAfter ?? node, node, options),
    evicted: plan.leaving.map(nameOf),
    staying: plan.staying.map(nameOf),
    warnings: [...plan.warnings, ...unenforced, ...warnings],
  };
}

/** The PodDisruptionBudgets of the namespaces from which pods are evicted. */
function budgetsOf({ draft }: Edit, pods: readonly PodObject[]): readonly string[] {
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace ?? 'default'));
  return [...namespaces].flatMap((namespace) =>
    [...draft.refsIn(namespace)].filter(({ group, kind }) => group === 'policy' && kind === 'PodDisruptionBudget').map(({ name }) => `${namespace}/${name}`));
}
