import { fnv1a } from '../../domain/values/hash.js';
import type { Problem } from '../app-error.js';
import type { ObjectPlace } from '../ports.js';
import { TYPED_KINDS, type PluralKind } from './typed-kinds.js';
import type { ListOptions } from '../use-cases/objects.js';

/**
 * The list that a continue token belongs to; in other lists it is invalid.
 *
 * @source https://kubernetes.io/docs/reference/kubernetes-api/common-parameters/common-parameters/#continue
 */
export interface TokenScope {
  readonly kind: string;
  /** A hash of the query's other parameters. */
  readonly asked: string;
}

const scopeOf = (plural: PluralKind, ...asked: readonly (string | undefined)[]): TokenScope => ({
  kind: plural,
  asked: fnv1a(JSON.stringify(asked)).toString(36),
});

export const listScope = (
  cluster: string,
  plural: PluralKind,
  { namespace, labelSelector, namePrefix }: Pick<ListOptions, 'namespace' | 'labelSelector' | 'namePrefix'>,
): TokenScope =>
  scopeOf(plural, cluster, TYPED_KINDS[plural].namespaced ? namespace : undefined, labelSelector || undefined, namePrefix || undefined);

/** @param of the object that the listed ones are related to; its uid also identifies the cluster */
export const relatedScope = (plural: PluralKind, of: string | undefined): TokenScope => scopeOf(plural, 'related', of);

/** The object after which a list continues. Opaque to clients. */
export const formatContinueToken = ({ kind, asked }: TokenScope, { namespace, name }: ObjectPlace): string =>
  Buffer.from(JSON.stringify([kind, asked, namespace, name])).toString('base64url');

/** The problem with a token that is not from this list. */
export const NO_TOKEN: Problem = { path: 'continue', message: 'must be the "continue" of an earlier page of this list, with the same cluster and query' };

function partsOf(token: string): readonly string[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === 4 && parts.every((part) => typeof part === 'string')) return parts;
  } catch {
    // not base64, or not JSON in it
  }
  return null;
}

/** Is it a token of some list of this kind? */
export const isTokenOf = (plural: PluralKind, token: string): boolean => partsOf(token)?.[0] === plural;

/** @returns `null` for a token that is not from this list */
export function placeOfToken(token: string, { kind, asked }: TokenScope): ObjectPlace | null {
  const [ofKind, ofAsked, namespace, name] = partsOf(token) ?? [];
  return ofKind === kind && ofAsked === asked && namespace !== undefined && name !== undefined ? { namespace, name } : null;
}
