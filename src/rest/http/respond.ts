import type { Response } from 'express';

/**
 * Ends the response with `text`. ASCII text, as most responses are, is sent as the string is in memory. As UTF-8, three bytes
 * would be allocated for each character, and a buffer, as Express's `res.send` creates, is a copy.
 */
export function endWith(res: Response, text: string): void {
  const bytes = Buffer.byteLength(text);
  res.setHeader('Content-Length', bytes);
  if (bytes === text.length) res.end(text, 'latin1');
  else res.end(Buffer.from(text));
}

export function sendText(res: Response, status: number, contentType: string, text: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  endWith(res, text);
}

export function sendBytes(res: Response, status: number, contentType: string, bytes: Uint8Array): void {
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
}

const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

export const sendJson = (res: Response, status: number, value: unknown): void => sendText(res, status, JSON_CONTENT_TYPE, JSON.stringify(value));

/** Warnings to the author of an object, as the Kubernetes API server sends them. @source RFC 7234 §5.5 */
export function addWarnings(res: Response, warnings: readonly string[]): void {
  if (warnings.length > 0) res.setHeader('Warning', warnings.map((warning) => `299 - "${headerSafe(warning)}"`));
}

const headerSafe = (text: string): string => text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?');
