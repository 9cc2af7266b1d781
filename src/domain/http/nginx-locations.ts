/**
 * Paths as regular expressions, as in ingress-nginx: if one path of a host is rewritten or said to be an expression, nginx takes
 * all paths of the host as such: without regard to case, at the beginning of what is asked, the longest first.
 *
 * @source ingress-nginx internal/ingress/controller/template/template.go `enforceRegexModifier`, `buildLocation`, `buildProxyPass`;
 *   internal/ingress/controller/location.go `updateServerLocations`
 */
import type { RE2JS } from 're2js';
import { byText } from '../values/by-text.js';
import { compileExpression } from './expression.js';
import type { IngressMatch, IngressPath, IngressServer, IngressView } from './ingress-view.js';
import { isExact, normalisedPath, withoutTrailingSlash } from './path-match.js';

export interface Place {
  readonly ingress: IngressView;
  readonly path: IngressPath;
  /** The path as nginx has it: never empty. */
  readonly text: string;
}

const isRewritten = ({ ingress: { nginx }, text }: Place): boolean => nginx.rewriteTarget !== null && nginx.rewriteTarget !== text;
const isExpression = (place: Place): boolean => place.ingress.nginx.useRegex || isRewritten(place);

/**
 * The order of locations in nginx's configuration: the longest path first, of equal length the last by text.
 *
 * @source ingress-nginx `getBackendServers`
 */
export const byLocation = (one: string, other: string): number => other.length - one.length || byText(other, one);

/** Of equal paths of one type only that of the oldest Ingress counts. */
export function placesOf({ host, ingresses }: IngressServer): readonly Place[] {
  const places = new Map<string, Place>();
  for (const ingress of ingresses) {
    for (const path of ingress.rules.flatMap((rule) => (rule.host === host ? rule.paths : []))) {
      const place = { ingress, path, text: path.path || '/' };
      const key = `${isExact(path)} ${place.text}`;
      if (!places.has(key)) places.set(key, place);
    }
  }
  return [...places.values()];
}

/** The Ingress because of which all paths of the host are regular expressions, if there is one. */
export const makesExpressions = (server: IngressServer): IngressView | undefined => placesOf(server).find(isExpression)?.ingress;

const compile = (expression: string): RE2JS | undefined => compileExpression(expression, { ignoresCase: true });

/** Compiling takes far longer than matching, so what was compiled for a path is kept as long as the path. */
const compiled = new WeakMap<IngressPath, { readonly expression: string; readonly re: RE2JS | undefined }>();

function expressionFor(path: IngressPath, expression: string): RE2JS | undefined {
  const known = compiled.get(path);
  if (known?.expression === expression) return known.re;
  const re = compile(expression);
  compiled.set(path, { expression, re });
  return re;
}

/** A Prefix that is no expression itself gets a slash; without the slash it is matched too, unless an Exact path has that text. */
function expressionOf(place: Place, exact: ReadonlySet<string>): string {
  if (isExact(place.path) || isExpression(place) || !exact.has(place.text)) return place.text;
  return `${withoutTrailingSlash(place.text)}/`;
}

export interface ExpressionMatch {
  readonly place: { readonly ingress: IngressView; readonly path: IngressPath } | null;
  /** Paths tried before that are no expression of RE2, so that it is not known whether they match. */
  readonly unreadable: readonly { readonly ingress: IngressView; readonly path: IngressPath }[];
}

/** The first path whose expression matches. */
export function matchExpressions(server: IngressServer, asked: string): ExpressionMatch {
  const places = placesOf(server);
  const exact = new Set(places.filter(({ path }) => isExact(path)).map(({ text }) => text));
  const unreadable: Place[] = [];
  for (const place of places.toSorted((one, other) => byLocation(one.text, other.text))) {
    const expression = expressionFor(place.path, `^${expressionOf(place, exact)}`);
    if (!expression) unreadable.push(place);
    else if (expression.matcher(asked).find()) return { place, unreadable };
  }
  return { place: null, unreadable };
}

/**
 * What `rewrite-target` makes of the path that was asked.
 *
 * @returns the path for the backend, or a URL to which the client is redirected; `null` if nothing is rewritten
 */
export function rewritten({ ingress, path }: IngressMatch, asked: string): string | null {
  const place = path && { ingress, path, text: path.path || '/' };
  if (!place || !isRewritten(place)) return null;
  const matcher = compile(place.text)?.matcher(normalisedPath(asked));
  if (!matcher?.find()) return null;
  return ingress.nginx.rewriteTarget!.replace(/\$([1-9])/g, (_, group: string) =>
    Number(group) <= matcher.groupCount() ? (matcher.group(Number(group)) ?? '') : '',
  );
}
