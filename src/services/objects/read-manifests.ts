/** Reads a body with manifests into validated documents. */
import { groupOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { isNamespaced } from '../../domain/cluster/kinds/registry.js';
import { isFields } from '../../domain/values/fields.js';
import { AppError } from '../app-error.js';
import { isClusterDocument } from '../clusters/cluster-document.js';
import type { ManifestReader, ReadManifests } from '../manifests/manifest-reader.js';
import type { ManifestDocument } from '../manifests/parse-manifests.js';
import { eachInTurns } from '../turns.js';
import type { ApplyResult, ManifestInput, ManifestOptions } from '../use-cases/objects.js';
import { ManifestFindings } from './manifest-findings.js';
import { validate, type FieldValidation } from './put-object.js';

export type Applied = ApplyResult['objects'][number];

export interface JudgedDocument {
  readonly source: ManifestDocument;
  /** Valid, but without defaults, which are filled in only while it is being applied, to save memory. */
  readonly object: KubeObject;
  readonly ref: ObjectRef;
  readonly warnings: readonly string[];
}

interface NamedDocument {
  readonly source: ManifestDocument;
  readonly apiVersion: string;
  readonly ref: ObjectRef;
}

const NONE: readonly string[] = [];

/** The object, with the default namespace if it names none. */
function placed(object: unknown, namespace: string): unknown {
  if (!isFields(object) || isClusterDocument(object)) return object;
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isNamespaced(groupOf(apiVersion), kind) || !isFields(metadata)) return object;
  return metadata['namespace'] ? object : { ...object, metadata: { ...metadata, namespace } };
}

/**
 * @param namespace the namespace of objects that name none
 * @param judge adds the problems of the readable documents, if others cannot be read.
 *   Problems with the cluster are not reported then: an unreadable document might have solved them
 * @throws AppError BAD_REQUEST with every place where the text is unreadable
 */
export async function readable(
  reader: ManifestReader,
  input: ManifestInput,
  { namespace }: ManifestOptions,
  judge: (documents: readonly ManifestDocument[], findings: ManifestFindings) => unknown,
): Promise<ReadManifests> {
  const read = await reader.read(input);
  const manifests =
    namespace === undefined
      ? read
      : { ...read, documents: read.documents.map((document) => ({ ...document, object: placed(document.object, namespace) })) };
  if (manifests.errors.length > 0) {
    const findings = new ManifestFindings(manifests);
    findings.addUnreadable(manifests.errors);
    await judge(
      manifests.documents.filter(({ object }) => !isClusterDocument(object)),
      findings,
    );
    await findings.assertNone();
  }
  if (manifests.documents.length === 0) {
    throw new AppError('BAD_REQUEST', 'the body holds no manifest: send at least one document with apiVersion, kind and metadata.name');
  }
  return manifests;
}

/** The documents that are valid by themselves; the problems of the others are added to `findings`. */
export async function judgeAll(
  documents: readonly ManifestDocument[],
  fieldValidation: FieldValidation,
  findings: ManifestFindings,
): Promise<readonly JudgedDocument[]> {
  const judged: JudgedDocument[] = [];
  await eachInTurns(documents, (source) => {
    if (source.unkeepable.length > 0) return findings.add(source, source.unkeepable, true);
    const { object, shape, ...judgement } = validate(source.object, undefined, fieldValidation);
    const { repeated = NONE } = source;
    const problems =
      repeated.length > 0 && fieldValidation === 'Strict'
        ? [...judgement.problems, ...repeated.map((message) => ({ path: '', message }))]
        : judgement.problems;
    const warnings = repeated.length > 0 && fieldValidation === 'Warn' ? [...judgement.warnings, ...repeated] : judgement.warnings;
    if (problems.length > 0) findings.add(source, problems, shape);
    else judged.push({ source, object, ref: statedRef(object), warnings });
  });
  return judged;
}

/** The objects that the documents name; problems of the names are added to `findings`. */
export function judgeNames(documents: readonly ManifestDocument[], findings: ManifestFindings): readonly NamedDocument[] {
  return documents.flatMap((source) => {
    const { apiVersion, kind, metadata } = (source.object ?? {}) as Partial<KubeObject>;
    const missing = [
      ...(typeof apiVersion === 'string' ? [] : ['apiVersion']),
      ...(typeof kind === 'string' ? [] : ['kind']),
      ...(typeof metadata?.name === 'string' ? [] : ['metadata.name']),
      ...(metadata?.namespace === undefined || typeof metadata.namespace === 'string' ? [] : ['metadata.namespace']),
    ];
    if (missing.length > 0) {
      findings.add(source, missing.map((path) => ({ path, message: 'Required value: a string' })), true);
      return [];
    }
    return [{ source, apiVersion: apiVersion as string, ref: statedRef(source.object as KubeObject) }];
  });
}

/** The reference of an object whose namespace may be missing. */
export function statedRef({ apiVersion, kind, metadata: { name, namespace } }: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): ObjectRef {
  const group = groupOf(apiVersion);
  return { group, kind, namespace: isNamespaced(group, kind) ? namespace || 'default' : '', name };
}

export function applied({ kind, namespace, name }: ObjectRef, apiVersion: string, action: Applied['action']): Applied {
  return { apiVersion, kind, namespace: namespace === '' ? null : namespace, name, action };
}
