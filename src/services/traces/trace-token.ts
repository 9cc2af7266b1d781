import { fnv1a } from '../../domain/values/hash.js';
import type { ListedTrace } from '../ports.js';

const scopeOf = (cluster: string): string => fnv1a(cluster).toString(36);

/** Where a cluster's list of traces goes on: after this one, whether or not it is still kept. Opaque to clients. */
export const formatTraceToken = (cluster: string, { sequence }: Pick<ListedTrace, 'sequence'>): string => Buffer.from(`trace ${scopeOf(cluster)} ${sequence}`).toString('base64url');

const partsOf = (token: string): RegExpExecArray | null => /^trace (\w{1,7}) (\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('utf8'));

/** Whether it is a token of some cluster's list. */
export const isTraceToken = (token: string): boolean => partsOf(token) !== null;

/** @param cluster its id. @returns the trace's sequence; `null` for a token that is none of this cluster */
export function sequenceOfToken(token: string, cluster: string): number | null {
  const [, scope, digits] = partsOf(token) ?? [];
  return digits === undefined || scope !== scopeOf(cluster) ? null : Number(digits);
}
