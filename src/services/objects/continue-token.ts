import type { Problem } from '../app-error.js';
import type { ObjectPlace } from '../ports.js';

/** Where a list goes on: after this place. Opaque to clients. */
export const formatContinueToken = ({ namespace, name }: ObjectPlace): string => Buffer.from(JSON.stringify([namespace, name])).toString('base64url');

/** What is said of a token that is none. */
export const NO_TOKEN: Problem = { path: 'continue', message: 'must be the "continue" of an earlier page of this list' };

/** @returns `null` for a token that is none */
export function placeOfToken(token: string): ObjectPlace | null {
  try {
    const place: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === 2 && typeof place[0] === 'string' && typeof place[1] === 'string') return { namespace: place[0], name: place[1] };
  } catch {
    // no base64, or no JSON in it
  }
  return null;
}
