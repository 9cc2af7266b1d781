/** @source kubernetes-sigs/gateway-api, the schema of the CRD of httproutes */
import { crdCheck, DNS_NAME, GROUP, KIND, NAMESPACE, OBJECT_NAME, within, type CrdSchema } from './crd-schema.js';

const REFERENCE: CrdSchema = { group: GROUP, kind: KIND, namespace: NAMESPACE, name: OBJECT_NAME };
const LISTED = { maxItems: 16, uniqueBy: 'name' };
const HEADER_NAME = { min: 1, max: 256, pattern: /^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$/ };
const HEADER_VALUE = { min: 1, max: 4096 };
const QUERY_VALUE = { min: 1, max: 1024 };
const PATH = { max: 1024 };
const DURATION = { max: 24, pattern: /^([0-9]{1,5}(h|m|s|ms)){1,4}$/ };

const HEADERS: CrdSchema = {
  set: LISTED, 'set[].name': HEADER_NAME, 'set[].value': HEADER_VALUE,
  add: LISTED, 'add[].name': HEADER_NAME, 'add[].value': HEADER_VALUE,
  remove: { maxItems: 16, uniqueBy: 'self' },
};
const REDIRECTION: CrdSchema = { hostname: DNS_NAME, 'path.replaceFullPath': PATH, 'path.replacePrefixMatch': PATH };

const ORIGIN = { min: 1, max: 253, pattern: /(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)/ };
const METHOD = { max: 7, values: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*'] };
const SET = { maxItems: 64, uniqueBy: 'self' };
const CORS: CrdSchema = {
  allowOrigins: SET, 'allowOrigins[]': ORIGIN, allowMethods: { maxItems: 9, uniqueBy: 'self' }, 'allowMethods[]': METHOD,
  allowHeaders: SET, 'allowHeaders[]': HEADER_NAME, exposeHeaders: SET, 'exposeHeaders[]': HEADER_NAME,
};

const FILTERS: CrdSchema = {
  ...within('[].requestHeaderModifier', HEADERS), ...within('[].responseHeaderModifier', HEADERS),
  ...within('[].requestMirror.backendRef', REFERENCE), ...within('[].requestRedirect', REDIRECTION), ...within('[].urlRewrite', REDIRECTION),
  ...within('[].cors', CORS),
  '[].extensionRef.group': GROUP, '[].extensionRef.kind': KIND, '[].extensionRef.name': OBJECT_NAME,
};

const RULE: CrdSchema = {
  name: DNS_NAME,
  'matches[].path.value': PATH,
  'matches[].headers': LISTED, 'matches[].headers[].name': HEADER_NAME, 'matches[].headers[].value': HEADER_VALUE,
  'matches[].queryParams': LISTED, 'matches[].queryParams[].name': HEADER_NAME, 'matches[].queryParams[].value': QUERY_VALUE,
  ...within('filters', FILTERS), ...within('backendRefs[]', REFERENCE), ...within('backendRefs[].filters', FILTERS),
  'timeouts.request': DURATION, 'timeouts.backendRequest': DURATION,
};

export const checkHttpRouteSchema = crdCheck({
  ...within('spec.parentRefs[]', { ...REFERENCE, sectionName: DNS_NAME }),
  ...within('spec.rules[]', RULE),
});
