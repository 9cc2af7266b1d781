import { forbidden, invalidValue } from '../../domain/cluster/api-messages.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import { groupOf, refOf, type KubeObject, type ObjectMeta } from '../../domain/cluster/objects.js';
import type { AdmissionContext } from '../context.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { formatTime } from '../format-time.js';
import { generatedName } from '../names/generated-name.js';
import type { Findings } from './findings.js';
import { namespaceProblem } from './namespace-problem.js';

/** Kinds whose `metadata.generation` counts the changes of their spec. */
const KINDS_WITH_GENERATION = new Set([
  'Pod', 'Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'EndpointSlice', 'Ingress', 'IngressClass',
  'NetworkPolicy', 'GatewayClass', 'Gateway', 'HTTPRoute', 'ReferenceGrant',
]);
const SERVER_FIELDS = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** Fills in name, uid, generation and time of creation, as the API server does. Refuses a namespace that does not exist. */
export function admitMetadata(
  state: ClusterState,
  object: KubeObject,
  before: KubeObject | undefined,
  context: AdmissionContext,
  findings: Findings,
): KubeObject {
  const { metadata } = object;
  const problem = metadata.namespace ? namespaceProblem(state, metadata.namespace) : undefined;
  if (problem !== undefined) findings.refuse('metadata.namespace', problem);
  const named: KubeObject = metadata.name ? object : { ...object, metadata: { ...metadata, name: nameFor(state, object) } };
  return { ...named, metadata: before ? updatedMetadata(named, before, findings) : newMetadata(state, named, context) };
}

/** A free name that begins with the object's `metadata.generateName`. */
export function nameFor(
  state: ClusterState,
  { apiVersion, kind, metadata }: Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly metadata: Readonly<Record<string, unknown>> },
): string {
  const base = String(metadata['generateName'] ?? '');
  const group = groupOf(apiVersion);
  const namespace = String(metadata['namespace'] ?? '');
  return generatedName(
    base,
    `${kind}/${namespace}/${base}`,
    state.nextOrdinal(),
    (name) => state.facts({ group, kind, namespace, name }) !== undefined,
  );
}

function newMetadata(state: ClusterState, object: KubeObject, context: AdmissionContext): ObjectMeta {
  const { metadata } = object;
  // An object from another cluster keeps its uid, since the objects that it owns refer to it.
  const uid = metadata.uid && state.workloadByUid(metadata.uid) === undefined ? metadata.uid : context.uid(refOf(object));
  const creationTimestamp = metadata.creationTimestamp === undefined ? context.now : formatTime(Date.parse(metadata.creationTimestamp));
  const generation = KINDS_WITH_GENERATION.has(object.kind) ? { generation: metadata.generation ?? 1 } : undefined;
  if (metadata.uid !== undefined || metadata.creationTimestamp !== undefined) return { ...metadata, uid, creationTimestamp, ...generation };
  // An import does this for every pod. The new fields are before the spread, because adding fields to a spread object is slow.
  return { uid, creationTimestamp, ...generation, ...metadata };
}

function updatedMetadata(object: KubeObject, before: KubeObject, findings: Findings): ObjectMeta {
  const { uid, creationTimestamp, generation: _stated, ...metadata } = object.metadata;
  const former = before.metadata;
  if (uid !== undefined && former.uid !== undefined && uid !== former.uid) {
    findings.refuse('metadata.uid', invalidValue(uid, `field is immutable (it is ${former.uid})`));
  }
  const added = former.deletionTimestamp === undefined ? [] : (finalizersOf(object).filter((finalizer) => !finalizersOf(before).includes(finalizer)));
  if (added.length > 0) {
    const names = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
    findings.refuse('metadata.finalizers', forbidden(`no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`));
  }
  const created = former.creationTimestamp ?? creationTimestamp;
  return {
    ...metadata,
    ...(former.uid !== undefined && { uid: former.uid }),
    ...(created !== undefined && { creationTimestamp: created }),
    // A deletion can neither be undone nor postponed.
    ...(former.deletionTimestamp !== undefined && {
      deletionTimestamp: former.deletionTimestamp,
      deletionGracePeriodSeconds: former['deletionGracePeriodSeconds'],
    }),
    ...(former.generation !== undefined && { generation: former.generation }),
  };
}

const finalizersOf = ({ metadata }: KubeObject): readonly string[] => (metadata['finalizers'] ?? []) as readonly string[];

/** Increases the generation if the update changes anything but metadata and status. @param object complete */
export function countGeneration(object: KubeObject, before: KubeObject): KubeObject {
  const { generation } = before.metadata;
  if (generation === undefined || !hasOtherContent(object, before)) return object;
  return { ...object, metadata: { ...object.metadata, generation: generation + 1 } };
}

function hasOtherContent(object: KubeObject, before: KubeObject): boolean {
  const fields = new Set([...Object.keys(object), ...Object.keys(before)].filter((field) => !SERVER_FIELDS.has(field)));
  return [...fields].some((field) => !deepEqual(object[field], before[field]));
}
