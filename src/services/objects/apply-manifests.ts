/** Many documents in one change: all of them or none, every problem of every document at once. */
import { defaultObject } from '../../domain/cluster/default-object.js';
import { refKey, type KubeObject } from '../../domain/cluster/objects.js';
import { applyThreeWay, lastAppliedOf, LAST_APPLIED_ANNOTATION } from '../../domain/cluster/three-way-merge.js';
import { applyClusterDocument } from '../clusters/apply-cluster-document.js';
import { isClusterDocument } from '../clusters/cluster-document.js';
import type { ManifestDocument } from '../manifests/parse-manifests.js';
import type { ManifestReader } from '../manifests/manifest-reader.js';
import { eachInTurns } from '../turns.js';
import type { ApplyOptions, ApplyResult, ManifestInput } from '../use-cases/objects.js';
import type { Viewer } from '../use-cases/viewer.js';
import type { Edit } from '../world/edit.js';
import type { World } from '../world/world.js';
import { ManifestFindings } from './manifest-findings.js';
import { notModelled } from './not-modelled.js';
import { orderByDependency } from './dependency-order.js';
import { prune, pruneSelector } from './prune.js';
import { judge, putObject, validate, type FieldValidation } from './put-object.js';
import { applied, judgeAll, readable, statedRef, type Applied, type JudgedDocument } from './read-manifests.js';
import { checkConditions } from './refusals.js';
import { withoutTypeDependentFields } from './service-type.js';
import { worldProblems } from './world-problems.js';

/** @throws AppError with every problem of all documents */
export async function applyManifests(
  world: World,
  reader: ManifestReader,
  viewer: Viewer,
  cluster: string,
  input: ManifestInput,
  options: ApplyOptions,
): Promise<ApplyResult> {
  world.assertMayUse(viewer, cluster, 'write');
  const { fieldValidation = 'Warn' } = options;
  const selects = pruneSelector(options);
  const { documents, ...text } = await readable(reader, input, options, (found, findings) => judgeAll(found, fieldValidation, findings));
  const { result, revision, warnings } = await world.edit(viewer, cluster, options, async (edit, record) => {
    checkConditions(options, String(record.revision));
    const findings = new ManifestFindings(text);
    await applyClusterDocument(
      world,
      edit,
      record,
      documents.filter(({ object }) => isClusterDocument(object)),
      findings,
    );
    const stated = documents.filter(({ object }) => !isClusterDocument(object));
    const judged = await judgeAll(stated, fieldValidation, findings);
    const objects = await applyAll(edit, judged, fieldValidation, findings);
    if (judged.length < stated.length) await askTheCluster(edit, stated, judged, fieldValidation, findings);
    await findings.assertNone();
    const pruned = selects
      ? await prune(
          edit,
          judged.map(({ ref }) => ref),
          selects,
        )
      : [];
    return { objects: [...objects, ...pruned], warnings: [...judged.flatMap(namedWarnings), ...notModelled(judged)] };
  });
  return { revision, objects: result.objects, warnings: [...result.warnings, ...warnings] };
}

const namedWarnings = ({ ref: { kind, namespace, name }, warnings }: JudgedDocument): readonly string[] =>
  warnings.map((warning) => `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}: ${warning}`);

/** Further problems, with the cluster, of documents that are invalid by themselves. */
async function askTheCluster(
  edit: Edit,
  stated: readonly ManifestDocument[],
  judged: readonly JudgedDocument[],
  fieldValidation: FieldValidation,
  findings: ManifestFindings,
): Promise<void> {
  const sound = new Set(judged.map(({ source }) => source));
  const wrong = stated.filter((source) => !sound.has(source) && isNamed(source.object));
  await edit.prefetch(wrong.map(({ object }) => statedRef(object as KubeObject)));
  await eachInTurns(wrong, (source) => {
    const own = validate(source.object, undefined, fieldValidation);
    const before = edit.body(statedRef(source.object as KubeObject));
    const object = before && !own.shape ? merged(before, own.object) : own.object;
    findings.add(source, findings.withoutConsequences(worldProblems(edit, object, before, own), object));
  });
}

function isNamed(object: unknown): boolean {
  const { apiVersion, kind, metadata } = (object ?? {}) as Partial<KubeObject>;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof metadata?.name === 'string' &&
    (metadata.namespace === undefined || typeof metadata.namespace === 'string')
  );
}

async function applyAll(
  edit: Edit,
  documents: readonly JudgedDocument[],
  fieldValidation: FieldValidation,
  findings: ManifestFindings,
): Promise<readonly Applied[]> {
  await edit.prefetch(documents.map(({ ref }) => ref));
  // A value stated in a document is reserved for it, so that no earlier document is allocated it.
  for (const { object } of documents) edit.context.allocations.reserve(object);
  edit.draft.expectPods(documents.filter(({ object }) => object.kind === 'Pod').length);
  const done = new Map<JudgedDocument, Applied>();
  const ordered = orderByDependency(documents, edit.draft);
  edit.explain = (problems) => {
    const origins = new Map(ordered.map(({ ref, source }) => [refKey(ref), source]));
    return findings.located(problems.map(({ ref, path, message }) => ({ source: origins.get(refKey(ref)), path, message })));
  };
  await eachInTurns(ordered, (document) => {
    const { source, object: valid, ref } = document;
    const before = edit.body(ref);
    const stated = source.object as KubeObject;
    const { object, problems, shape } = before
      ? judge(merged(before, stated), undefined, fieldValidation)
      : { object: defaultObject(valid), problems: [], shape: false };
    if (problems.length > 0) return findings.add(source, problems, shape);
    const put = putObject(edit, remembering(object, stated), before);
    findings.add(source, findings.withoutConsequences(put.problems, object));
    done.set(document, applied(ref, valid.apiVersion, put.action));
  });
  return documents.flatMap((document) => done.get(document) ?? []);
}

/**
 * The object after `kubectl apply`'s three-way merge. The resourceVersion and uid in a manifest, which may come from the
 * dump of another cluster, are ignored.
 */
function merged(before: KubeObject, stated: KubeObject): KubeObject {
  const { resourceVersion: _version, uid: _uid, ...metadata } = stated.metadata;
  return withoutTypeDependentFields(applyThreeWay(before, lastAppliedOf(before), { ...stated, metadata }), before);
}

/**
 * Length of text from which on the last-applied annotation is not kept.
 *
 * @source kubernetes/apimachinery `ValidateAnnotationsSize`: 256 KiB for all annotations of an object
 */
const MEMORY_LIMIT = 200_000;

/** The object with the last-applied annotation, unless it has an owner (its controller changes it) or already came with the annotation. */
function remembering(object: KubeObject, stated: KubeObject): KubeObject {
  const { metadata } = object;
  if (metadata.ownerReferences || stated.metadata.annotations?.[LAST_APPLIED_ANNOTATION] !== undefined) return object;
  const text = JSON.stringify(stated);
  if (text.length > MEMORY_LIMIT) return object;
  return { ...object, metadata: withAnnotation(metadata, text) };
}

/** Runs for every object of an import, so it avoids slow spreads: new fields come before the spread, and a field is removed only if it is there. */
function withAnnotation(before: KubeObject['metadata'], text: string): KubeObject['metadata'] {
  if (!('annotations' in before)) return { annotations: { [LAST_APPLIED_ANNOTATION]: text }, ...before };
  const { annotations, ...metadata } = before;
  const { [LAST_APPLIED_ANNOTATION]: _former, ...others } = annotations ?? {};
  return { annotations: { [LAST_APPLIED_ANNOTATION]: text, ...others }, ...metadata } as KubeObject['metadata'];
}
