/** @source kubernetes-sigs/gateway-api, the validation of the CRD of httproutes */
import { invalidValue, requiredValue, tooMany } from '../api-messages.js';
import type { HttpRoute, HttpRouteFilter, HttpRouteRule, ParentRefInput } from '../kinds/http-route.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkHostname, checkSize } from './gateway-rules.js';
import { checkHttpRouteSchema } from './http-route-schema.js';
import { Seen } from './seen.js';
import { GATEWAY_GROUP } from '../../http/gateway.js';
import { capitalise } from '../../values/capitalise.js';

type Rule = DeepPartial<HttpRouteRule>;
type Filter = DeepPartial<HttpRouteFilter>;
type PathMatch = NonNullable<NonNullable<Rule['matches']>[number]['path']>;

const FORBIDDEN_PARTS = ['//', '/./', '/../', '%2f', '%2F', '#'];
const FORBIDDEN_ENDS = ['/..', '/.'];
const VALID_PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$/;
const LITERAL = "type one of ['Exact', 'PathPrefix']";

function checkPath({ type = 'PathPrefix', value = '/' }: PathMatch, at: string, report: Report): void {
  if (type === 'RegularExpression') return;
  const refuse = (problem: string): void => report(at, invalidValue(value, problem));
  if (!value.startsWith('/')) refuse(`value must be an absolute path and start with '/' when ${LITERAL}`);
  for (const part of FORBIDDEN_PARTS) if (value.includes(part)) refuse(`must not contain '${part}' when ${LITERAL}`);
  for (const end of FORBIDDEN_ENDS) if (value.endsWith(end)) refuse(`must not end with '${end}' when ${LITERAL}`);
  if (!VALID_PATH.test(value)) refuse(`must only contain valid characters (matching ${VALID_PATH.source}) for types ['Exact', 'PathPrefix']`);
}

/** The field that each filter type requires. */
const FIELD_OF = {
  RequestHeaderModifier: 'requestHeaderModifier', ResponseHeaderModifier: 'responseHeaderModifier', RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect', URLRewrite: 'urlRewrite', ExtensionRef: 'extensionRef', CORS: 'cors', ExternalAuth: 'externalAuth',
} as const satisfies Record<HttpRouteFilter['type'], keyof HttpRouteFilter>;
const REPEATABLE: ReadonlySet<string> = new Set(['RequestMirror', 'ExtensionRef']);

function checkPathModifier(path: NonNullable<NonNullable<Filter['urlRewrite']>['path']>, at: string, report: Report): void {
  for (const [type, field] of [['ReplaceFullPath', 'replaceFullPath'], ['ReplacePrefixMatch', 'replacePrefixMatch']] as const) {
    if (path.type === type && path[field] === undefined) report(at, invalidValue(path, `${field} must be specified when type is set to '${type}'`));
    if (path.type !== type && path[field] !== undefined) report(at, invalidValue(path, `type must be '${type}' when ${field} is set`));
  }
}

const isService = ({ group = '', kind = 'Service' }: { readonly group?: string | undefined; readonly kind?: string | undefined }): boolean =>
  group === '' && kind === 'Service';

function checkMirror({ backendRef, percent, fraction }: NonNullable<Filter['requestMirror']>, at: string, report: Report): void {
  if (backendRef && isService(backendRef) && backendRef.port === undefined) {
    report(`${at}.backendRef.port`, requiredValue('Must have port for Service reference'));
  }
  if (percent !== undefined && fraction !== undefined) {
    report(at, invalidValue(percent, 'Only one of percent or fraction may be specified in HTTPRequestMirrorFilter'));
  }
  if (fraction?.numerator !== undefined && fraction.numerator > (fraction.denominator ?? 100)) {
    report(`${at}.fraction`, invalidValue(fraction, 'numerator must be less than or equal to denominator'));
  }
}

/** Lists in which `*` means all, so that it must stand alone, with the CRD's name for their items. */
const LISTS_WITH_WILDCARD = { allowOrigins: 'origins', allowMethods: 'methods', allowHeaders: 'methods' } as const;

function checkCors(cors: object, at: string, report: Report): void {
  for (const [field, items] of Object.entries(LISTS_WITH_WILDCARD)) {
    const list: unknown = (cors as Readonly<Record<string, unknown>>)[field];
    if (!Array.isArray(list) || list.length < 2 || !list.includes('*')) continue;
    const title = capitalise(field);
    report(`${at}.${field}`, invalidValue(list, `${title} cannot contain '*' alongside other ${items}`));
  }
}

const MILLISECONDS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `1h30m` in milliseconds. @source gateway-api GEP-2257 */
const durationOf = (text: string): number =>
  [...text.matchAll(/(\d+)(ms|[hms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * MILLISECONDS[unit!]!, 0);

/** 0 means no timeout. */
function checkTimeouts({ request, backendRequest }: NonNullable<Rule['timeouts']>, at: string, report: Report): void {
  if (request === undefined || backendRequest === undefined || durationOf(request) === 0 || durationOf(backendRequest) <= durationOf(request)) return;
  report(at, invalidValue(backendRequest, 'backendRequest timeout cannot be longer than request timeout'));
}

function checkFilters(filters: readonly Filter[], matches: Rule['matches'], at: string, report: Report): void {
  if (filters.length > 16) report(at, tooMany(filters.length, 16));
  const types = new Seen();
  for (const [index, filter] of filters.entries()) {
    const { type } = filter;
    if (type === undefined) continue;
    const here = `${at}[${index}]`;
    for (const [other, field] of Object.entries(FIELD_OF) as [HttpRouteFilter['type'], keyof HttpRouteFilter][]) {
      if (other === type && filter[field] === undefined) report(here, invalidValue(type, `filter.${field} must be specified for ${type} filter.type`));
      if (other !== type && filter[field] !== undefined) report(here, invalidValue(type, `filter.${field} must be nil if the filter.type is not ${other}`));
    }
    if (types.add(type) && !REPEATABLE.has(type)) report(at, invalidValue(type, `${type} filter cannot be repeated`));
    if (filter.requestMirror) checkMirror(filter.requestMirror, `${here}.requestMirror`, report);
    if (filter.cors) checkCors(filter.cors, `${here}.cors`, report);
    const path = filter.requestRedirect?.path ?? filter.urlRewrite?.path;
    if (!path) continue;
    checkPathModifier(path, `${here}.${FIELD_OF[type]}.path`, report);
    const onePrefix = (matches ?? [{}]).length === 1 && (matches?.[0]?.path?.type ?? 'PathPrefix') === 'PathPrefix';
    if (path.replacePrefixMatch !== undefined && !onePrefix) {
      report(
        here,
        invalidValue(
          path.replacePrefixMatch,
          `When using ${type} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`,
        ),
      );
    }
  }
  if (filters.some(({ type }) => type === 'RequestRedirect') && filters.some(({ type }) => type === 'URLRewrite')) {
    const types = filters.map(({ type }) => type);
    report(at, invalidValue(types, 'May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both'));
  }
}

function checkRule({ matches, filters = [], backendRefs = [], timeouts }: Rule, at: string, report: Report): void {
  if (matches && matches.length > 64) report(`${at}.matches`, tooMany(matches.length, 64));
  for (const [index, { path }] of (matches ?? []).entries()) if (path) checkPath(path, `${at}.matches[${index}].path`, report);
  checkFilters(filters, matches, `${at}.filters`, report);
  if (timeouts) checkTimeouts(timeouts, `${at}.timeouts`, report);
  if (backendRefs.length > 16) report(`${at}.backendRefs`, tooMany(backendRefs.length, 16));
  if (backendRefs.length > 0 && filters.some(({ requestRedirect }) => requestRedirect)) {
    const names = backendRefs.map(({ name }) => name);
    report(at, invalidValue(names, 'RequestRedirect filter must not be used together with backendRefs'));
  }
  for (const [index, ref] of backendRefs.entries()) {
    const here = `${at}.backendRefs[${index}]`;
    if (isService(ref) && ref.port === undefined) report(`${here}.port`, requiredValue('Must have port for Service reference'));
    checkFilters(ref.filters ?? [], matches, `${here}.filters`, report);
  }
}

/** References to the same parent must all name a section or none, likewise a port, and must differ. */
const MESSAGE = 'when parentRefs includes 2 or more references to the same parent';

function checkParents(parents: readonly DeepPartial<ParentRefInput>[], report: Report): void {
  if (parents.length > 32) report('spec.parentRefs', tooMany(parents.length, 32));
  const known = new Map<string, { readonly form: string; readonly places: Set<string> }>();
  for (const { group = GATEWAY_GROUP, kind = 'Gateway', namespace = '', name = '', sectionName = '', port = 0 } of parents) {
    const key = `${group}/${kind}/${namespace}/${name}`;
    const form = `${sectionName !== ''} ${port !== 0}`;
    const place = `${sectionName}:${port}`;
    const first = known.get(key) ?? { form, places: new Set() };
    if (first.form !== form) report('spec.parentRefs', invalidValue(name, `sectionName or port must be specified ${MESSAGE}`));
    else if (first.places.has(place)) report('spec.parentRefs', invalidValue(name, `sectionName or port must be unique ${MESSAGE}`));
    first.places.add(place);
    known.set(key, first);
  }
}

/** The CRD's message says "less than", its rule "at most". */
const MAX_MATCHES = 128;

export function checkHttpRoute(object: DeepPartial<HttpRoute>, report: Report): void {
  const { spec } = object;
  if (!spec) return;
  checkHttpRouteSchema(object, report);
  const { parentRefs = [], hostnames = [], rules } = spec;
  checkParents(parentRefs, report);
  if (hostnames.length > 16) report('spec.hostnames', tooMany(hostnames.length, 16));
  for (const [index, hostname] of hostnames.entries()) checkHostname(hostname, `spec.hostnames[${index}]`, report);
  checkSize(rules, 16, 'spec.rules', report);
  const matchCount = (rules ?? []).reduce((sum, { matches }) => sum + (matches?.length ?? 1), 0);
  if (matchCount > MAX_MATCHES) {
    report(
      'spec.rules',
      invalidValue(
        matchCount,
        'While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a route must be less than 128',
      ),
    );
  }
  for (const [index, rule] of (rules ?? []).entries()) checkRule(rule, `spec.rules[${index}]`, report);
}
