import type { Request } from 'express';
import { AppError } from '../../services/app-error.js';

/** The media type to answer with, of those that exist, best first. @throws AppError `NOT_ACCEPTABLE` naming what exists */
export function negotiate<MediaType extends string>(req: Request, offered: readonly [MediaType, ...MediaType[]]): MediaType {
  const { accept } = req.headers;
  if (accept === undefined || accept === '*/*' || accept === offered[0]) return offered[0];
  const best = req.accepts(offered as unknown as string[]);
  if (best !== false) return best as MediaType;
  throw new AppError('NOT_ACCEPTABLE', `Nothing here is ${accept}: there is ${offered.join(', ')}.`);
}
