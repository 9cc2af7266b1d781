/** Rules for a body that replaces an object: what it may omit, and what it may not change. */
import { invalidValue } from '../../domain/cluster/api-messages.js';
import type { KubeObject, ObjectRef } from '../../domain/cluster/objects.js';
import { isFields } from '../../domain/values/fields.js';
import type { Problem } from '../app-error.js';

/** A missing name or namespace is taken from the URL. */
export function named(body: unknown, ref: ObjectRef): unknown {
  if (!isFields(body)) return body;
  const metadata = body['metadata'] ?? {};
  if (!isFields(metadata)) return body;
  return inNamespace({ ...body, metadata: { ...metadata, name: metadata['name'] ?? ref.name } }, ref);
}

/** A missing namespace is taken from the URL. @source k8s.io/apiserver `rest.EnsureObjectNamespaceMatchesRequestNamespace` */
export function inNamespace(body: unknown, { namespace }: ObjectRef): unknown {
  const metadata = isFields(body) ? body['metadata'] : undefined;
  if (namespace === '' || !isFields(body) || !isFields(metadata) || (metadata['namespace'] ?? '') !== '') return body;
  return { ...body, metadata: { ...metadata, namespace } };
}

/** A pod without `nodeName` stays on its node, just as a Service without addresses keeps them. */
export function placed(body: unknown, { kind, spec: former }: KubeObject): unknown {
  const spec = isFields(body) ? body['spec'] : undefined;
  if (kind !== 'Pod' || !isFields(body) || !isFields(spec) || !isFields(former) || former['nodeName'] === undefined) return body;
  return { ...body, spec: { ...spec, nodeName: spec['nodeName'] ?? former['nodeName'] } };
}

/**
 * `deletionTimestamp` is set only by deletion, so an update may neither set nor remove it. Manifests may:
 * those of a dump describe the cluster that they come from.
 *
 * @source k8s.io/apimachinery `ValidateObjectMetaAccessorUpdate`; k8s.io/apiserver `rest.BeforeUpdate`: what leaves a field out keeps it
 */
export function deletionProblems(object: KubeObject, { metadata: former }: KubeObject): readonly Problem[] {
  const { metadata } = object;
  const fixed = former.deletionTimestamp === undefined ? DELETION_FIELDS : DELETION_FIELDS.slice(1);
  return fixed
    .filter((field) => metadata[field] !== undefined && metadata[field] !== former[field])
    .map((field) => ({ path: `metadata.${field}`, message: invalidValue(metadata[field], 'field is immutable') }));
}

const DELETION_FIELDS = ['deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** @source k8s.io/apiserver `rest.BeforeUpdate` */
export function nameProblems(input: unknown, { namespace, name }: ObjectRef): readonly Problem[] {
  const metadata = isFields(input) ? input['metadata'] : undefined;
  if (!isFields(metadata)) return [];
  const { name: given, namespace: place = '' } = metadata;
  const problems: Problem[] = [];
  if (typeof given === 'string' && given !== name) {
    problems.push({ path: 'metadata.name', message: `the name of the object (${given}) does not match the name on the URL (${name})` });
  }
  if (typeof place === 'string' && place !== namespace) {
    problems.push({
      path: 'metadata.namespace',
      message: `the namespace of the provided object (${place}) does not match the namespace sent on the request (${namespace})`,
    });
  }
  return problems;
}
