import type { Response } from 'express';
import type { FrameJson } from '../../render/json/packet-json.js';
import type { TraceJson } from '../../render/json/trace-json.js';
import { renderTraceMermaid } from '../../render/mermaid/trace-mermaid.js';
import { renderTracePcapng } from '../../render/pcapng/trace-pcapng.js';
import { renderTraceSvg } from '../../render/svg/trace-svg.js';
import { renderTraceText } from '../../render/text/trace-text.js';
import { noSuchPath } from '../../services/traces/no-such-path.js';
import { PICTURE_CONTENT_SECURITY_POLICY } from '../content-security-policy.js';
import { sendBytes, sendJson, sendText } from '../http/respond.js';
import { TRACE_FORMATS, type TraceFormat } from './trace-formats.js';

interface ShownTrace {
  readonly trace: TraceJson;
  /** The path for formats that show only one. */
  readonly path: number;
  /** Called only for formats that show frames. */
  readonly frames: () => Promise<readonly FrameJson[]>;
}

/** A file name such as `packetwalk-demo-path-1.pcapng`. Names of clusters and ids need no quotes in the header. */
const fileName = ({ cluster, id }: TraceJson, path: number, extension: string): string =>
  `${['packetwalk', cluster, ...(id === null ? [] : [id]), ...(path === 0 ? [] : [`path-${path}`])].join('-')}.${extension}`;

/** @throws AppError UNPROCESSABLE if the path does not exist */
export async function sendTrace(res: Response, status: number, format: TraceFormat, { trace, path: index, frames }: ShownTrace): Promise<void> {
  const path = trace.paths[index];
  if (!path) throw noSuchPath(index, trace.paths.length);
  switch (format) {
    case 'json': return sendJson(res, status, trace);
    case 'text': return sendText(res, status, 'text/plain; charset=utf-8', renderTraceText(trace));
    case 'svg':
      res.setHeader('Content-Security-Policy', PICTURE_CONTENT_SECURITY_POLICY);
      return sendText(res, status, `${TRACE_FORMATS.svg}; charset=utf-8`, renderTraceSvg(trace, path));
    case 'mermaid': return sendText(res, status, `${TRACE_FORMATS.mermaid}; charset=utf-8`, renderTraceMermaid(trace, path));
    case 'pcapng':
      res.attachment(fileName(trace, index, 'pcapng'));
      return sendBytes(res, status, TRACE_FORMATS.pcapng, renderTracePcapng(trace, path, await frames()));
  }
}
