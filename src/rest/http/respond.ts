import type { Response } from 'express';

/** Characters from which on the room that a string is given on its way out, three bytes for each, is too much to spend. */
const LARGE = 1_000_000;

/**
 * Ends the answer with `text`. As a string it goes out with the headers in one piece: a buffer, as Express's own `res.send`
 * makes one, costs more than the text did.
 */
export function endWith(res: Response, text: string): void {
  const body = text.length > LARGE ? Buffer.from(text) : text;
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

export function sendText(res: Response, status: number, contentType: string, text: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  endWith(res, text);
}

const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

export const sendJson = (res: Response, status: number, value: unknown): void => sendText(res, status, JSON_CONTENT_TYPE, JSON.stringify(value));

/** Warnings to the author of an object, as the Kubernetes API server sends them. @source RFC 7234 §5.5 */
export function addWarnings(res: Response, warnings: readonly string[]): void {
  if (warnings.length > 0) res.setHeader('Warning', warnings.map((warning) => `299 - "${headerSafe(warning)}"`));
}

const headerSafe = (text: string): string => text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?');
