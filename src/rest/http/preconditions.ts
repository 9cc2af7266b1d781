import type { Request, Response } from 'express';
import type { WriteConditions } from '../../services/use-cases/objects.js';

/** The entity tags of a list, without quotes; a weak one keeps its `W/`, so that it never matches. @source RFC 9110 §8.8.3, §13.1.1 */
const tagsOf = (header: string): string[] =>
  header.split(',').map((tag) => tag.trim()).filter((tag) => tag !== '').map((tag) => tag.replace(/^"(.*)"$/, '$1'));

/** The conditions of a write: its `If-Match` and `If-None-Match` headers. */
export function conditionsOf({ headers }: Request): WriteConditions {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  return { ...(ifMatch !== undefined && { ifMatch: tagsOf(ifMatch) }), ...(ifNoneMatch !== undefined && { ifNoneMatch: tagsOf(ifNoneMatch) }) };
}

/**
 * Sets the `ETag` of a read, and says whether the client has this version already (`If-None-Match`, by weak comparison).
 * The answer is then a 304.
 */
export function isFresh(req: Request, res: Response, version: string): boolean {
  res.setHeader('ETag', `"${version}"`);
  const header = req.headers['if-none-match'];
  if (header === undefined) return false;
  return tagsOf(header).some((tag) => tag === '*' || tag === version || tag === `W/"${version}"`);
}

export function sendNotModified(res: Response): void {
  res.statusCode = 304;
  res.end();
}
