import type { Request, Response } from 'express';
import { AppError } from '../../services/app-error.js';
import { negotiate } from '../http/negotiate.js';

/** The forms a trace can have, by their names in `?format=`. */
export const TRACE_FORMATS = {
  json: 'application/json',
  text: 'text/plain',
  svg: 'image/svg+xml',
  mermaid: 'text/vnd.mermaid',
  pcapng: 'application/x-pcapng',
} as const;
export type TraceFormatName = keyof typeof TRACE_FORMATS;

/** Those that can be given; the first is what a client gets that doesn't mind. */
export type TraceFormat = 'json' | 'text';
const AVAILABLE: readonly TraceFormat[] = ['json', 'text'];
const BY_MEDIA_TYPE = { 'application/json': 'json', 'text/plain': 'text' } as const satisfies Record<string, TraceFormat>;

/** `?format=` wins over `Accept`. @throws AppError `NOT_ACCEPTABLE` naming what exists */
export function negotiateTrace(req: Request, res: Response, asked: TraceFormatName | undefined): TraceFormat {
  res.vary('Accept');
  if (asked === undefined) return BY_MEDIA_TYPE[negotiate(req, ['application/json', 'text/plain'])];
  const format = AVAILABLE.find((each) => each === asked);
  if (format !== undefined) return format;
  const exist = AVAILABLE.map((each) => `${each} (${TRACE_FORMATS[each]})`).join(', ');
  throw new AppError('NOT_ACCEPTABLE', `A trace as ${asked} is not available yet: there is ${exist}.`);
}
