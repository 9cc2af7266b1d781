import type { Request, Response } from 'express';
import { negotiate } from '../http/negotiate.js';

/** The formats of a trace by their names in `?format=`; the first is the default. */
export const TRACE_FORMATS = {
  json: 'application/json',
  text: 'text/plain',
  svg: 'image/svg+xml',
  mermaid: 'text/vnd.mermaid',
  pcapng: 'application/x-pcapng',
} as const;
export type TraceFormat = keyof typeof TRACE_FORMATS;
export const TRACE_FORMAT_NAMES = Object.keys(TRACE_FORMATS) as [TraceFormat, ...TraceFormat[]];

type TraceMediaType = (typeof TRACE_FORMATS)[TraceFormat];
const MEDIA_TYPES = Object.values(TRACE_FORMATS) as [TraceMediaType, ...TraceMediaType[]];

/** The format of the response; `?format=` takes precedence over `Accept`. @throws AppError `NOT_ACCEPTABLE` with the available media types */
export function negotiateTrace(req: Request, res: Response, asked: TraceFormat | undefined): TraceFormat {
  res.vary('Accept');
  if (asked !== undefined) return asked;
  const mediaType = negotiate(req, MEDIA_TYPES);
  return TRACE_FORMAT_NAMES.find((name) => TRACE_FORMATS[name] === mediaType)!;
}
