/** Many documents in one change: all of them or none, every problem of every document at once. */
import { deletionProblem } from '../../controllers/admission/deletion.js';
import { deepEqual } from '../../controllers/deep-equal.js';
import { findTypedKind } from '../../domain/cluster/kinds/registry.js';
import { groupOf, refKey, refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { applyThreeWay, lastAppliedOf, LAST_APPLIED_ANNOTATION } from '../../domain/cluster/three-way-merge.js';
import { AppError, type Problem } from '../app-error.js';
import { isClusterDocument, readClusterDocument } from '../clusters/cluster-document.js';
import { parseManifests, type ManifestDocument } from '../manifests/parse-manifests.js';
import type { ClusterRecord } from '../ports.js';
import type { ApplyResult, ManifestInput, Viewer, WriteOptions } from '../types.js';
import type { Edit } from '../world/edit.js';
import type { World } from '../world/world.js';
import { refusal } from '../zod-problems.js';
import { judge, putObject, type FieldValidation, type Judged } from './put-object.js';
import { checkIfMatch } from './refusals.js';
import { withoutTypeDependentFields } from './service-type.js';

type Applied = ApplyResult['objects'][number];

/** Documents that are applied before others get their turn. */
const SLICE = 500;

interface Read {
  readonly source: ManifestDocument;
  readonly judged: Judged;
  readonly ref: ObjectRef;
}

/** Collects what is wrong with documents, each with its place in the input. */
class Findings {
  readonly problems: Problem[] = [];
  shape = false;

  add({ document, line }: ManifestDocument, problems: readonly Problem[], shape = false): void {
    for (const { path, message } of problems) {
      const at = line(path);
      this.problems.push({ path, message, document, ...(at === undefined ? {} : { line: at }) });
    }
    this.shape ||= shape;
  }

  assertNone(): void {
    if (this.problems.length > 0) throw refusal('the manifests', this.problems, this.shape);
  }
}

/** @throws AppError with every problem of all documents */
export async function applyManifests(world: World, viewer: Viewer, cluster: string, input: ManifestInput, options: WriteOptions): Promise<ApplyResult> {
  const documents = readable(input);
  const { result, revision, warnings } = await world.edit(viewer, cluster, options, async (edit, record) => {
    checkIfMatch(options.ifMatch, String(record.revision));
    const findings = new Findings();
    await applyClusterDocument(world, edit, record, documents, findings);
    const read = await readAll(documents.filter(({ object }) => !isClusterDocument(object)), options.fieldValidation ?? 'Warn', findings);
    findings.assertNone();
    const objects = await applyAll(edit, read, options.fieldValidation ?? 'Warn', findings);
    findings.assertNone();
    return { objects, warnings: [...read.flatMap(({ judged, ref }) => judged.warnings.map((warning) => `${ref.kind} ${ref.name}: ${warning}`)), ...notModelled(read)] };
  });
  return { revision, objects: result.objects, warnings: [...result.warnings, ...warnings] };
}

export async function deleteManifests(world: World, viewer: Viewer, cluster: string, input: ManifestInput, options: WriteOptions): Promise<ApplyResult> {
  const documents = readable(input);
  const { result, revision, warnings } = await world.edit(viewer, cluster, options, async (edit, record) => {
    checkIfMatch(options.ifMatch, String(record.revision));
    const findings = new Findings();
    const read = await readAll(documents.filter(({ object }) => !isClusterDocument(object)), 'Ignore', findings);
    findings.assertNone();
    const objects = read.map(({ source, judged, ref }): Applied => {
      const problem = edit.draft.facts(ref) ? deletionProblem(ref) : `${ref.kind} ${JSON.stringify(ref.name)} not found`;
      if (problem === undefined) edit.remove(ref);
      else findings.add(source, [{ path: 'metadata.name', message: problem }]);
      return applied(ref, judged.object.apiVersion, 'deleted');
    });
    findings.assertNone();
    return objects;
  });
  return { revision, objects: result, warnings };
}

/** @throws AppError BAD_REQUEST with every place where the text can not be read */
function readable(input: ManifestInput): readonly ManifestDocument[] {
  const { documents, errors } = parseManifests(input);
  if (errors.length > 0) throw refusal('the manifests', errors, true);
  if (documents.length === 0) throw new AppError('BAD_REQUEST', 'the body holds no manifest: send at least one document with apiVersion, kind and metadata.name');
  return documents;
}

async function readAll(documents: readonly ManifestDocument[], fieldValidation: FieldValidation, findings: Findings): Promise<readonly Read[]> {
  const read: Read[] = [];
  for (const [index, source] of documents.entries()) {
    if (index % SLICE === SLICE - 1) await othersTurn();
    const judged = judge(source.object, undefined, fieldValidation);
    if (judged.problems.length > 0) findings.add(source, judged.problems, judged.shape);
    else read.push({ source, judged, ref: refOf(judged.object) });
  }
  return read;
}

const othersTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

async function applyAll(edit: Edit, read: readonly Read[], fieldValidation: FieldValidation, findings: Findings): Promise<readonly Applied[]> {
  await edit.prefetch(read.map(({ ref }) => ref));
  // What a document states is its own, also where an earlier one could be given it.
  for (const { judged, ref } of read) if (edit.body(ref) === null) edit.context.allocations.reserve(judged.object);
  const objects: Applied[] = [];
  for (const [index, { source, judged, ref }] of read.entries()) {
    if (index % SLICE === SLICE - 1) await othersTurn();
    const before = edit.body(ref);
    const desired = before ? judge(merged(before, source.object as object), undefined, fieldValidation) : judged;
    edit.origins.set(refKey(ref), { document: source.document });
    if (desired.problems.length > 0) {
      findings.add(source, desired.problems, desired.shape);
      continue;
    }
    const { action, problems } = putObject(edit, remembering(desired.object, source.object as object), before);
    if (problems.length > 0) findings.add(source, problems);
    objects.push(applied(ref, judged.object.apiVersion, action));
  }
  return objects;
}

/** What `kubectl apply` would leave: what was applied before and is not any more, goes. */
function merged(before: KubeObject, desired: object): KubeObject {
  const { resourceVersion: _stated, ...metadata } = (desired as KubeObject).metadata;
  return withoutTypeDependentFields(applyThreeWay(before, lastAppliedOf(before), { ...desired, metadata }), before);
}

/** What controllers own is theirs to change; everything else remembers what was applied. */
function remembering(object: KubeObject, desired: object): KubeObject {
  if (object.metadata.ownerReferences || object.metadata.annotations?.[LAST_APPLIED_ANNOTATION] === undefined && isLarge(desired)) return object;
  const { annotations } = object.metadata;
  const applied = annotations?.[LAST_APPLIED_ANNOTATION] !== undefined && (desired as KubeObject).metadata.annotations?.[LAST_APPLIED_ANNOTATION] !== undefined
    ? annotations[LAST_APPLIED_ANNOTATION] : JSON.stringify(desired);
  if (annotations?.[LAST_APPLIED_ANNOTATION] === applied) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED_ANNOTATION]: applied } } };
}

/** @source kubernetes/apimachinery `ValidateAnnotationsSize`: 256 KiB for all annotations of an object */
const isLarge = (desired: object): boolean => JSON.stringify(desired).length > 200_000;

function applied({ kind, namespace, name }: ObjectRef, apiVersion: string, action: Applied['action']): Applied {
  return { apiVersion, kind, namespace: namespace === '' ? null : namespace, name, action };
}

/** Settings may come with the manifests: those that the cluster has, or, into a cluster that nobody has touched, new ones. */
async function applyClusterDocument(world: World, edit: Edit, record: ClusterRecord, documents: readonly ManifestDocument[], findings: Findings): Promise<void> {
  const found = documents.filter(({ object }) => isClusterDocument(object));
  const [source, ...more] = found;
  if (!source) return;
  for (const extra of more) findings.add(extra, [{ path: 'kind', message: 'there is a Cluster document already: manifests are of one cluster' }]);
  const { settings, complete, problems } = readClusterDocument(source.object as KubeObject, record.settings.name);
  if (problems.length > 0) {
    findings.add(source, problems, true);
    return;
  }
  const isFresh = record.revision === 1;
  if (!deepEqual(settings, edit.draft.settings)) {
    if (isFresh) edit.setSettings(settings);
    else findings.add(source, [{ path: 'spec', message: 'these settings differ from the cluster\'s: apply them to a new cluster, or change the cluster\'s own with PATCH' }]);
  }
  if (!isFresh || !complete) return;
  // An export holds everything: what every new cluster has makes room for it.
  for await (const objects of world.store.everyObject(record.id)) for (const object of objects) edit.remove(refOf(object));
}

/** What is kept and given back, but decides about no packet yet; one warning for each kind. */
function notModelled(read: readonly Read[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { ref, judged } of read) {
    if (MODELLED.has(`${groupOf(judged.object.apiVersion)}/${ref.kind}`)) continue;
    const known = names.get(ref.kind);
    if (known) known.push(ref.name);
    else names.set(ref.kind, [ref.name]);
  }
  return [...names].map(([kind, [first = '', ...rest]]) => {
    const which = rest.length === 0 ? first : `${first} and ${rest.length} more`;
    const what = findTypedKind(groupFor(read, kind), kind) ? 'stored and given back, but not enforced: a trace that it could decide is UNDETERMINED' : 'stored and given back; it has no part in the network here';
    return `${kind} ${which}: ${what}`;
  });
}

const groupFor = (read: readonly Read[], kind: string): string => read.find(({ ref }) => ref.kind === kind)!.ref.group;

const MODELLED: ReadonlySet<string> = new Set(['/Node', '/Namespace', '/Pod', '/Service', 'discovery.k8s.io/EndpointSlice', 'apps/Deployment', 'apps/ReplicaSet']);
