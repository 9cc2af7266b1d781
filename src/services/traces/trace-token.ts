import { fnv1a } from '../../domain/values/hash.js';
import type { ListedTrace } from '../ports.js';

const scopeOf = (cluster: string): string => fnv1a(cluster).toString(36);

/** The token for the next page of a cluster's traces, which begins after this trace even if it has been deleted. Opaque to clients. */
export const formatTraceToken = (cluster: string, { sequence }: Pick<ListedTrace, 'sequence'>): string =>
  Buffer.from(`trace ${scopeOf(cluster)} ${sequence}`).toString('base64url');

const partsOf = (token: string): RegExpExecArray | null => /^trace (\w{1,7}) (\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('utf8'));

/** Does the token have the right form, for any cluster? */
export const isTraceToken = (token: string): boolean => partsOf(token) !== null;

/** @param cluster its id @returns the trace's sequence; `null` if the token is invalid or another cluster's */
export function sequenceOfToken(token: string, cluster: string): number | null {
  const [, scope, digits] = partsOf(token) ?? [];
  return digits === undefined || scope !== scopeOf(cluster) ? null : Number(digits);
}
