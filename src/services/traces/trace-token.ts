import type { ListedTrace } from '../ports.js';

/** Where a list of traces goes on: after this one, whether or not it is still kept. Opaque to clients. */
export const formatTraceToken = ({ sequence }: Pick<ListedTrace, 'sequence'>): string => Buffer.from(`trace ${sequence}`).toString('base64url');

/** @returns the trace's sequence; `null` for a token that is none */
export function sequenceOfToken(token: string): number | null {
  const [, digits] = /^trace (\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? [];
  return digits === undefined ? null : Number(digits);
}
