import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../services/app-error.js';
import { parseJsonText } from '../../services/manifests/parse-json-text.js';
import { refusal } from '../../services/zod-problems.js';
import { repeatedFields } from '../../services/manifests/repeated-fields.js';

/** Limit in bytes after decompression. */
const BODY_LIMIT = 1_000_000;
export const MANIFEST_LIMIT = 100_000_000;

const sizeText = (bytes: number): string => `${bytes / 1_000_000} MB`;
const tooLarge = (limit: number): AppError => new AppError('PAYLOAD_TOO_LARGE', `The body is over the limit of ${sizeText(limit)}.`);

function inflated(req: IncomingMessage): Readable {
  const encoding = (req.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return req;
  if (encoding === 'gzip' || encoding === 'x-gzip') return req.pipe(createGunzip());
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', `The content encoding ${encoding} is not read here: send the body as it is, or with gzip.`);
}

/**
 * @param limit bytes after decompression
 * @throws AppError `PAYLOAD_TOO_LARGE` as soon as the limit is exceeded; the rest of the body is read and discarded, so that
 * the client reads the response
 */
function readBytes(req: IncomingMessage, limit: number): Promise<Buffer> {
  const stream = inflated(req);
  if (stream === req && Number(req.headers['content-length'] ?? 0) > limit) {
    req.resume();
    return Promise.reject(tooLarge(limit));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const giveUp = (error: AppError): void => {
      stream.removeAllListeners('data');
      if (stream !== req) {
        req.unpipe();
        stream.destroy(); // what it was given already would be inflated to its end
      }
      req.resume();
      reject(error);
    };
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) giveUp(tooLarge(limit));
      else chunks.push(chunk);
    });
    stream.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    stream.on('error', () =>
      giveUp(
        new AppError('BAD_REQUEST', stream === req ? 'The body broke off.' : 'The body is not what its content encoding says: gzip cannot read it.'),
      ),
    );
    if (stream !== req) req.on('error', () => giveUp(new AppError('BAD_REQUEST', 'The body broke off.')));
  });
}

/** The media type of the body, in lower case and without parameters. */
export function mediaTypeOf(req: IncomingMessage): string | null {
  const header = req.headers['content-type'];
  if (header === undefined) return null;
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

function checkCharset(req: IncomingMessage): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(req.headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', `The charset ${charset} is not read here: send UTF-8.`);
  }
}

/** The body, valid UTF-8. @throws AppError `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`, `BAD_REQUEST` */
export async function readBody(req: IncomingMessage, mediaTypes: readonly string[], limit: number): Promise<Buffer> {
  const mediaType = mediaTypeOf(req);
  if (mediaType === null || !mediaTypes.includes(mediaType)) {
    const given = mediaType === null ? 'The request has no content type' : `The content type ${mediaType} is not read here`;
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', `${given}: send ${mediaTypes.join(' or ')}.`);
  }
  checkCharset(req);
  const bytes = await readBytes(req, limit);
  if (bytes.length === 0) throw new AppError('BAD_REQUEST', 'The body is empty.');
  if (!isUtf8(bytes)) throw new AppError('BAD_REQUEST', 'The body is not UTF-8.');
  return bytes;
}

/** The body as text, without a byte order mark. @throws AppError as `readBody` */
async function readText(req: IncomingMessage, mediaTypes: readonly string[], limit: number): Promise<string> {
  const text = (await readBody(req, mediaTypes, limit)).toString('utf8');
  if (text.trim() === '') throw new AppError('BAD_REQUEST', 'The body is empty.');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** @throws AppError `BAD_REQUEST` with line and column */
export function parseJson(text: string): unknown {
  const parsed = parseJsonText(text);
  if (parsed.problem === undefined) return parsed.value;
  const { line, column, message } = parsed.problem;
  throw new AppError('BAD_REQUEST', `The body cannot be read: line ${line}, column ${column}: ${message}`, [parsed.problem]);
}

export const JSON_TYPES = ['application/json'] as const;
/** @source RFC 7396 */
export const PATCH_TYPES = ['application/merge-patch+json', 'application/json'] as const;
export const MANIFEST_TYPES = ['application/yaml', 'text/yaml', 'application/json'] as const;

/** The body, with its duplicate fields. */
export async function readJsonStrictly(
  req: IncomingMessage,
  mediaTypes: readonly string[] = JSON_TYPES,
): Promise<{ readonly body: unknown; readonly repeated?: readonly string[] }> {
  const text = await readText(req, mediaTypes, BODY_LIMIT);
  const body = parseJson(text);
  const repeated = repeatedFields(text, body);
  return { body, ...(repeated.length > 0 && { repeated }) };
}

/** @throws AppError as `readBody`, and `UNPROCESSABLE` for a body with duplicate fields */
export async function readJson(req: IncomingMessage, mediaTypes: readonly string[] = JSON_TYPES): Promise<unknown> {
  const { body, repeated = [] } = await readJsonStrictly(req, mediaTypes);
  if (repeated.length > 0) throw refusal('the body', repeated.map((message) => ({ path: '', message })), false);
  return body;
}
