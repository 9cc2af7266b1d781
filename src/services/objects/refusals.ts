/** Refusals in the API server's words. @source k8s.io/apimachinery `api/errors` */
import type { KubeObject, ObjectRef } from '../../domain/cluster/objects.js';
import { didYouMean } from '../../domain/cluster/similar-names.js';
import { AppError, type Problem } from '../app-error.js';
import { TYPED_KINDS } from './typed-kinds.js';
import type { WriteConditions } from '../use-cases/objects.js';

/** `pods`, `deployments.apps`, as messages name a kind. */
function resourceName({ group, kind }: Pick<ObjectRef, 'group' | 'kind'>): string {
  const typed = Object.entries(TYPED_KINDS).find(([, known]) => known.kind === kind && known.group === group);
  const plural = typed?.[0] ?? pluralOf(kind.toLowerCase());
  return group === '' ? plural : `${plural}.${group}`;
}

function pluralOf(name: string): string {
  if (/(s|x|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

const named = (ref: ObjectRef): string => `${resourceName(ref)} ${JSON.stringify(ref.name)}`;

export const notFound = (ref: ObjectRef, similar: readonly string[] = []): AppError =>
  new AppError('NOT_FOUND', `${named(ref)} not found${ref.namespace === '' ? '' : ` in namespace ${JSON.stringify(ref.namespace)}`}${didYouMean(similar)}`);

export const alreadyExists = (ref: ObjectRef): AppError => new AppError('ALREADY_EXISTS', `${named(ref)} already exists`);

const modified = (ref: ObjectRef): AppError =>
  new AppError(
    'CONFLICT',
    `Operation cannot be fulfilled on ${named(ref)}: the object has been modified; please apply your changes to the latest version and try again`,
  );

/** @param shape whether there is a shape problem: then the request is a BAD_REQUEST rather than UNPROCESSABLE */
export function invalid(kind: string, name: string, problems: readonly Problem[], shape: boolean): AppError {
  const listed = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const detail = listed.length === 1 ? listed[0] : `[${listed.join(', ')}]`;
  return new AppError(shape ? 'BAD_REQUEST' : 'UNPROCESSABLE', `${kind} ${JSON.stringify(name)} is invalid: ${detail}`, problems);
}

/**
 * Checks the conditions on the version of the object that is written.
 *
 * @param current the current entity tag; `undefined` if the object does not exist
 * @throws AppError PRECONDITION_FAILED
 * @source RFC 9110 §13.1.1, §13.1.2: `If-None-Match` compares weakly
 */
export function checkConditions({ ifMatch, ifNoneMatch }: WriteConditions, current: string | undefined): void {
  const is = current === undefined ? 'there is no such object' : `the current version is "${current}"`;
  const isOneOf = (tags: readonly string[]): boolean => current !== undefined && (tags.includes('*') || tags.includes(current));
  if (ifMatch && !isOneOf(ifMatch)) {
    throw new AppError('PRECONDITION_FAILED', `If-Match asks for ${quoteTags(ifMatch)}, ${current === undefined ? 'but ' : ''}${is}`);
  }
  const weak = ifNoneMatch?.map((tag) => tag.replace(/^W\/"(.*)"$/, '$1'));
  if (ifNoneMatch && weak && isOneOf(weak)) throw new AppError('PRECONDITION_FAILED', `If-None-Match asks for none of ${quoteTags(ifNoneMatch)}, but ${is}`);
}

const quoteTags = (tags: readonly string[]): string => tags.map((tag) => (tag === '*' || tag.startsWith('W/') ? tag : `"${tag}"`)).join(', ');

/** @throws AppError CONFLICT if the resourceVersion in `object` is not the current one */
export function checkResourceVersion(ref: ObjectRef, object: KubeObject, current: KubeObject): void {
  const { resourceVersion } = object.metadata;
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== current.metadata.resourceVersion) throw modified(ref);
}
