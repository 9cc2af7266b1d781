import { invalidValue, requiredValue, tooLong } from '../api-messages.js';
import type { ObjectMetaInput } from '../kinds/fields.js';
import { dnsLabelProblem, labelValueProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { checkSyntax } from './check-syntax.js';
import type { DeepPartial } from './deep-partial.js';

export type NameSyntax = (name: string) => string | undefined;
type Meta = DeepPartial<ObjectMetaInput>;

/** @param path the field that holds the labels; the API server's path does not include the key */
export function checkLabels(labels: Readonly<Record<string, string | undefined>>, path: string, report: Report): void {
  for (const key in labels) {
    const keyProblem = qualifiedNameProblem(key);
    if (keyProblem !== undefined) report(path, invalidValue(key, keyProblem));
    const value = labels[key];
    const problem = value === undefined ? undefined : labelValueProblem(value);
    if (problem !== undefined) report(path, invalidValue(value, problem));
  }
}

/** Limit of the total size of an object's annotations, in bytes. @source k8s.io/apimachinery `TotalAnnotationSizeLimitB` */
const ANNOTATIONS_LIMIT = 256 * 1024;

function checkAnnotations(annotations: Readonly<Record<string, string | undefined>>, path: string, report: Report): void {
  let size = 0;
  for (const key in annotations) {
    const problem = qualifiedNameProblem(key.toLowerCase());
    if (problem !== undefined) report(path, invalidValue(key, problem));
    size += key.length + (annotations[key]?.length ?? 0);
  }
  if (size > ANNOTATIONS_LIMIT) report(path, tooLong(ANNOTATIONS_LIMIT));
}

/** Checks labels and annotations, also those of a pod template. */
export function checkLabelsAndAnnotations(meta: Meta, path: string, report: Report): void {
  if (meta.labels) checkLabels(meta.labels, `${path}.labels`, report);
  if (meta.annotations) checkAnnotations(meta.annotations, `${path}.annotations`, report);
}

export function checkMetadata(meta: Meta, nameSyntax: NameSyntax, namespaced: boolean, report: Report): void {
  const { name, namespace } = meta;
  if (name === '') report('metadata.name', requiredValue('name or generateName is required'));
  else if (name !== undefined) {
    const problem = nameSyntax(name);
    if (problem !== undefined) report('metadata.name', invalidValue(name, problem));
  }
  // The namespace of a cluster-scoped object is ignored. @source k8s.io/apiserver `rest.EnsureObjectNamespaceMatchesRequestNamespace`
  if (namespaced) checkSyntax(namespace, dnsLabelProblem, 'metadata.namespace', report);
  checkLabelsAndAnnotations(meta, 'metadata', report);
  if (meta.generateName !== undefined && meta.generateName !== '') {
    const problem = nameSyntax(meta.generateName.replace(/-$/, 'x'));
    if (problem !== undefined) report('metadata.generateName', invalidValue(meta.generateName, problem));
  }
  if (meta.generation !== undefined && meta.generation < 0) report('metadata.generation', invalidValue(meta.generation, 'must be greater than or equal to 0'));
  for (const [index, owner] of (meta.ownerReferences ?? []).entries()) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[field] === '') {
        report(
          `metadata.ownerReferences[${index}].${field}`,
          invalidValue('', field === 'apiVersion' ? 'version must not be empty' : 'must not be empty'),
        );
      }
    }
  }
  for (const [index, finalizer] of (meta.finalizers ?? []).entries()) {
    const problem = qualifiedNameProblem(finalizer);
    if (problem !== undefined) report(`metadata.finalizers[${index}]`, invalidValue(finalizer, problem));
  }
  const [first, ...others] = (meta.ownerReferences ?? [])
    .filter((owner) => owner.controller === true)
    .map(({ kind, name: owner }) => `${kind ?? ''}/${owner ?? ''}`);
  for (const other of others) {
    const found = `Found "true" in references for ${first} and ${other}`;
    report('metadata.ownerReferences', invalidValue(meta.ownerReferences, `Only one reference can have Controller set to true. ${found}`));
  }
}
