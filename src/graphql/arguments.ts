import { AppError } from '../services/app-error.js';

/** The result of a lookup; `null` instead of a NOT_FOUND error. Other errors are passed on. */
export async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** @throws AppError BAD_REQUEST unless exactly one of `fields` has a value */
export function exactlyOne(fields: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(fields).filter((name) => fields[name] !== undefined && fields[name] !== null);
  if (given.length === 1) return;
  const names = Object.keys(fields).join(', ');
  const message = given.length === 0 ? `required: exactly one of ${names}` : `${given.join(' and ')} are given: must be exactly one of ${names}`;
  throw new AppError('BAD_REQUEST', message, [{ path: given[0] ?? '', message }]);
}

/** The condition of a write: the version that must still be current, bare or quoted as an ETag. */
export const ifMatchOf = (tag: string | null | undefined): { readonly ifMatch?: readonly string[] } =>
  tag === null || tag === undefined ? {} : { ifMatch: [tag.replace(/^"(.*)"$/, '$1')] };
