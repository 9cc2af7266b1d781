/**
 * Cross-origin requests, as in ingress-nginx: the proxy answers preflight requests itself.
 *
 * @source ingress-nginx internal/ingress/annotations/cors/main.go; internal/ingress/controller/template/template.go `buildCorsOriginRegex`
 */
import type { HttpRequest } from './http-request.js';

const ANY = '*';
/** `https://*.example.com:8443`, `null` */
const ORIGIN = /^(?:[a-z]+:\/\/(?:\*\.)?[A-Za-z0-9\-.]*(?::\d+)?|null)$/;

/** @param text of the annotation `cors-allow-origin`; @returns the origins that may ask, `*` for any */
export function parseOrigins(text: string | undefined): readonly string[] {
  const origins = (text ?? '').split(',').map((origin) => origin.trim()).filter((origin) => origin !== '');
  return origins.length === 0 || origins.includes(ANY) ? [ANY] : origins.filter((origin) => ORIGIN.test(origin));
}

/** A wildcard stands for one label. The pattern is matched at the end of the header, whatever comes before. */
const patternOf = (origin: string): string => origin.replaceAll('.', '\\.').replace('*', '[A-Za-z0-9-]+');

/** @param origins the allowed origins; `null` if CORS is off */
export const isAnsweredOptions = (origins: readonly string[] | null, { method, headers }: HttpRequest): boolean =>
  method === 'OPTIONS' &&
  origins !== null &&
  origins.some((origin) => origin === ANY || new RegExp(`${patternOf(origin)}$`, 'i').test(headers.get('origin') ?? ''));
