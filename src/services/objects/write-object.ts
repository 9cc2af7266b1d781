/** One object of a typed route: create, replace, patch, delete. */
import { nameFor } from '../../controllers/admission/admit-metadata.js';
import { deletionProblem } from '../../controllers/admission/deletion.js';
import type { PodObject } from '../../controllers/object-shapes.js';
import { terminating } from '../../controllers/pods/terminate.js';
import { extractFacts } from '../../domain/cluster/extract-facts.js';
import { mergePatch } from '../../domain/cluster/merge-patch.js';
import { refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { expandShorthand, type ExpandedShorthand } from '../../domain/cluster/shorthand.js';
import { AppError } from '../app-error.js';
import { TYPED_KINDS, type PluralKind } from './typed-kinds.js';
import type { DeleteOptions, WriteConditions, WriteOptions, WriteResult } from '../use-cases/objects.js';
import type { Viewer } from '../use-cases/viewer.js';
import { assertPlainData } from '../plain-data.js';
import type { Edit } from '../world/edit.js';
import type { World } from '../world/world.js';
import { judge, putObject, type FieldValidation, type Judged } from './put-object.js';
import { nearestNames } from '../nearest-names.js';
import { withoutTypeDependentFields } from './service-type.js';
import { deletionProblems, inNamespace, nameProblems, named, placed } from './update-body.js';
import { alreadyExists, checkConditions, checkResourceVersion, invalid, notFound } from './refusals.js';
import { worldProblems } from './world-problems.js';
import { isFields } from '../../domain/values/fields.js';

/** @param body the Kubernetes object, or the kind's shorthand */
export async function createObject(
  world: World,
  viewer: Viewer,
  cluster: string,
  kind: PluralKind,
  body: unknown,
  options: WriteOptions,
): Promise<WriteResult> {
  world.assertMayUse(viewer, cluster, 'write');
  assertPlainData(body);
  const { result, revision, objectAfter, ...edited } = await world.edit(viewer, cluster, options, async (edit) => {
    const { object, warnings } = accept(edit, expandShorthand(TYPED_KINDS[kind].kind, withName(edit, kind, body)), kind, null, options);
    const ref = refOf(object);
    const [present] = await edit.load([ref]);
    checkConditions(options, present?.metadata.resourceVersion);
    if (present) throw alreadyExists(ref);
    put(edit, object, null);
    edit.answerWith(ref);
    return { object, warnings };
  });
  return { revision, object: asAnswered(objectAfter ?? result.object, null, options), warnings: [...result.warnings, ...edited.warnings] };
}

/** Generates a name for a body with `generateName`. @source k8s.io/apiserver `rest.FillObjectMetaSystemFields`, `BeforeCreate` */
function withName({ draft }: Edit, plural: PluralKind, body: unknown): unknown {
  const metadata = isFields(body) ? body['metadata'] : undefined;
  if (!isFields(body) || !isFields(metadata) || metadata['name']) return body;
  const { generateName } = metadata;
  if (typeof generateName !== 'string' || generateName === '') return body;
  const { group, version, kind, namespaced } = TYPED_KINDS[plural];
  const place = { ...metadata, namespace: namespaced ? metadata['namespace'] || 'default' : '' };
  const name = nameFor(draft, { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata: place });
  return { ...body, metadata: { ...metadata, name } };
}

/** After a dry run an object keeps its resourceVersion, and a new one has none. @source k8s.io/apiserver `registry.DryRunnableStorage` */
export function asAnswered(object: KubeObject, before: KubeObject | null, { dryRun = false }: WriteOptions): KubeObject {
  if (!dryRun) return object;
  const { resourceVersion: _, ...metadata } = object.metadata;
  const kept = before?.metadata.resourceVersion;
  return { ...object, metadata: (kept === undefined ? metadata : { ...metadata, resourceVersion: kept }) as KubeObject['metadata'] };
}

export async function replaceObject(
  world: World,
  viewer: Viewer,
  cluster: string,
  ref: ObjectRef,
  kind: PluralKind,
  body: unknown,
  options: WriteOptions,
): Promise<WriteResult> {
  world.assertMayUse(viewer, cluster, 'write');
  assertPlainData(body);
  return change(world, viewer, cluster, ref, kind, options, (before) => placed(named(body, ref), before));
}

/** @param patch a JSON merge patch */
export async function patchObject(
  world: World,
  viewer: Viewer,
  cluster: string,
  ref: ObjectRef,
  kind: PluralKind,
  patch: unknown,
  options: WriteOptions,
): Promise<WriteResult> {
  world.assertMayUse(viewer, cluster, 'write');
  assertPlainData(patch);
  if (!isFields(patch)) {
    throw new AppError('BAD_REQUEST', 'a JSON merge patch of an object is an object', [
      { path: '', message: 'must be an object with the fields to change' },
    ]);
  }
  return change(world, viewer, cluster, ref, kind, options, (before) => inNamespace(mergePatch(before, patch), ref));
}

/** Replaces an existing object by the result of `make`. */
async function change(
  world: World,
  viewer: Viewer,
  cluster: string,
  ref: ObjectRef,
  kind: PluralKind,
  options: WriteOptions,
  make: (before: KubeObject) => unknown,
): Promise<WriteResult> {
  const { result, revision, objectAfter, ...edited } = await world.edit(viewer, cluster, options, async (edit) => {
    const before = await loadObject(edit, ref, options);
    const { object, warnings } = accept(edit, asItIs(typeAdapted(make(before), before)), kind, { ref, object: before }, options);
    checkResourceVersion(ref, object, before);
    put(edit, object, before);
    edit.answerWith(ref);
    return { before, warnings };
  });
  return { revision, object: asAnswered(objectAfter ?? result.before, result.before, options), warnings: [...result.warnings, ...edited.warnings] };
}

const typeAdapted = (object: unknown, before: KubeObject): unknown =>
  isFields(object) && object['kind'] === before.kind ? withoutTypeDependentFields(object as unknown as KubeObject, before) : object;

/** @returns the deleted object; for a pod that now terminates, its new state */
export async function deleteObject(world: World, viewer: Viewer, cluster: string, ref: ObjectRef, options: DeleteOptions): Promise<WriteResult> {
  const { result: before, revision, warnings, objectAfter } = await world.edit(viewer, cluster, options, async (edit) => {
    const before = await loadObject(edit, ref, options);
    const problem = deletionProblem(ref);
    if (problem !== undefined) throw new AppError('UNPROCESSABLE', problem, [{ path: '', message: problem }]);
    const goes = removeOrTerminate(edit, before, options);
    if (!goes) edit.answerWith(ref);
    return before;
  });
  return { revision, object: asAnswered(objectAfter ?? before, before, options), warnings };
}

/** Removes an object; with a grace period, a pod starts to terminate instead. @returns whether the object was removed */
export function removeOrTerminate(edit: Edit, object: KubeObject, { gracePeriodSeconds = 0, propagationPolicy }: DeleteOptions): boolean {
  const ref = refOf(object);
  const leaving = ref.group === '' && ref.kind === 'Pod' ? terminating(object as PodObject, gracePeriodSeconds, edit.context.now) : null;
  const facts = leaving && edit.draft.facts(ref);
  if (leaving && facts) edit.put(ref, leaving, extractFacts(leaving, facts.ordinal));
  else edit.remove(ref, propagationPolicy === 'Orphan');
  return !leaving;
}

/** @throws AppError NOT_FOUND with the nearest names, PRECONDITION_FAILED */
export async function loadObject(edit: Edit, ref: ObjectRef, conditions: WriteConditions): Promise<KubeObject> {
  const [object] = await edit.load([ref]);
  if (!object) throw notFound(ref, nearestNames(edit.draft, ref));
  checkConditions(conditions, object.metadata.resourceVersion);
  return object;
}

/** The stored object that is replaced. */
interface Former {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
}

const asItIs = (object: unknown): ExpandedShorthand => ({ object, shorthand: false, unknownFields: [], errors: [] });

/** @throws AppError with every problem of the input, of its name, and with the cluster */
function accept(
  edit: Edit,
  input: ExpandedShorthand,
  kind: PluralKind,
  former: Former | null,
  { fieldValidation = 'Strict', repeated = [] }: WriteOptions,
): { readonly object: KubeObject; readonly warnings: readonly string[] } {
  const { object, problems, ...judged } = judgeForm(input, kind, fieldValidation);
  const misnamed = former ? nameProblems(input.object, former.ref) : [];
  const unexpected = [...input.unknownFields, ...repeated.map((message) => ({ path: '', message }))];
  const going = former && isFields(object.metadata) ? deletionProblems(object, former.object) : [];
  const own = [...problems, ...misnamed, ...going, ...(fieldValidation === 'Strict' ? unexpected : [])].map(({ path, message }) => ({
    path,
    message,
  }));
  if (own.length === 0) {
    return { object, warnings: fieldValidation === 'Warn' ? [...judged.warnings, ...unexpected.map(({ message }) => message)] : judged.warnings };
  }
  const [first] = misnamed;
  if (first && own.length === misnamed.length) throw new AppError('BAD_REQUEST', first.message, misnamed);
  const further = worldProblems(edit, object, former && former.object, { ...judged, problems: own });
  throw invalid(TYPED_KINDS[kind].kind, nameOf(input.object), [...own, ...further], judged.shape || misnamed.length > 0);
}

/** A shorthand with fields of the right types is expanded, and its problems are reported for the expanded object. */
function judgeForm({ object, errors }: ExpandedShorthand, kind: PluralKind, fieldValidation: FieldValidation): Judged {
  if (errors.some(({ category }) => category === 'shape')) return { object: object as KubeObject, problems: errors, shape: true, warnings: [] };
  const judged = judge(object, TYPED_KINDS[kind], fieldValidation);
  return judged.problems.length === 0 ? { ...judged, problems: errors } : judged;
}

function put(edit: Edit, object: KubeObject, before: KubeObject | null): void {
  const { ref, problems } = putObject(edit, object, before);
  if (problems.length > 0) throw invalid(ref.kind, ref.name, problems, false);
}

/** The name in an unvalidated body, if it has one. */
function nameOf(input: unknown): string {
  const metadata = isFields(input) ? input['metadata'] : undefined;
  const name = isFields(metadata) ? metadata['name'] : isFields(input) ? input['name'] : undefined;
  return typeof name === 'string' ? name : '';
}
