import type { ObjectRef } from '../../domain/cluster/objects.js';
import type { Problem } from '../app-error.js';
import type { ObjectPlace } from '../ports.js';

type Kind = Pick<ObjectRef, 'group' | 'kind'>;

const textOf = ({ group, kind }: Kind): string => `${group}/${kind}`;

/** Where a list of one kind goes on: after this object. Opaque to clients. */
export const formatContinueToken = ({ namespace, name, ...kind }: ObjectRef): string => Buffer.from(JSON.stringify([textOf(kind), namespace, name])).toString('base64url');

/** What is said of a token that is none of this list. */
export const NO_TOKEN: Problem = { path: 'continue', message: 'must be the "continue" of an earlier page of this list' };

/** @returns `null` for a token that is none of a list of this kind */
export function placeOfToken(token: string, kind: Kind): ObjectPlace | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== textOf(kind)) return null;
    const [, namespace, name] = parts as readonly unknown[];
    if (typeof namespace === 'string' && typeof name === 'string') return { namespace, name };
  } catch {
    // no base64, or no JSON in it
  }
  return null;
}
