import type { Request } from 'express';
import { AppError } from '../../services/app-error.js';

/** The media type of the response, of the available ones, best first. @throws AppError `NOT_ACCEPTABLE` with the available ones */
export function negotiate<MediaType extends string>(req: Request, offered: readonly [MediaType, ...MediaType[]]): MediaType {
  const { accept } = req.headers;
  if (accept === undefined || accept === '*/*' || accept === offered[0]) return offered[0];
  const best = req.accepts(offered as unknown as string[]);
  if (best !== false) return best as MediaType;
  throw new AppError('NOT_ACCEPTABLE', `Nothing here is ${accept}: there is ${offered.join(', ')}.`);
}
