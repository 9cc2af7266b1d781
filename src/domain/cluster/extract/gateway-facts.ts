import type { BackendRef, BackendReference, PathChange, RouteFilter, RouteRule } from '../../http/http-route.js';
import { GATEWAY_GROUP, type ListenerView } from '../../http/gateway.js';
import type { GatewayClassFacts, GatewayFacts, HttpRouteFacts, ReferenceGrantFacts } from '../facts.js';
import type { Gateway, GatewayClass, Listener, ReferenceGrant } from '../kinds/gateway.js';
import type { HttpRoute, HttpRouteFilter, HttpRouteRule } from '../kinds/http-route.js';
import type { ObjectMeta } from '../objects.js';

/** Annotation of a Gateway: the Service in front of its proxy, `namespace/name`. */
const GATEWAY_ANNOTATION = 'packetwalk.dev/gateway-service';

export const extractGatewayClassFacts = ({ spec }: GatewayClass, { name, uid = '' }: ObjectMeta, ordinal: number): GatewayClassFacts => ({
  kind: 'GatewayClass', namespace: '', name, uid, controller: spec.controllerName, ordinal,
});

const isSecret = ({ group = '', kind = 'Secret' }: { readonly group?: string | undefined; readonly kind?: string | undefined }): boolean =>
  group === '' && kind === 'Secret';

function tlsOf({ mode = 'Terminate', certificateRefs = [] }: NonNullable<Listener['tls']>, own: string): ListenerView['tls'] {
  return {
    mode,
    secrets: certificateRefs.filter(isSecret).map(({ namespace = own, name }) => ({ namespace, name })),
    others: certificateRefs
      .filter((ref) => !isSecret(ref))
      .map(({ group = '', kind = 'Secret', name }) => `${group === '' ? kind : `${kind}.${group}`} ${name}`),
  };
}

function listenerOf({ name, port, protocol, hostname = '', tls, allowedRoutes }: Listener, namespace: string): ListenerView {
  const { from = 'Same', selector = {} } = allowedRoutes?.namespaces ?? {};
  return {
    name, port, protocol, hostname: hostname.toLowerCase(),
    allowed: from === 'Selector' ? { from, selector } : { from },
    kinds:
      allowedRoutes?.kinds && allowedRoutes.kinds.length > 0
        ? allowedRoutes.kinds.map(({ group = GATEWAY_GROUP, kind }) => (group === GATEWAY_GROUP ? kind : `${group}/${kind}`))
        : null,
    tls: tls ? tlsOf(tls, namespace) : null,
  };
}

export const extractGatewayFacts = ({ spec }: Gateway, { namespace = 'default', name, uid = '', annotations }: ObjectMeta, ordinal: number): GatewayFacts => ({
  kind: 'Gateway', namespace, name, uid, className: spec.gatewayClassName, listeners: spec.listeners.map((listener) => listenerOf(listener, namespace)),
  takesListenerSets: (spec.allowedListeners?.namespaces?.from ?? 'None') !== 'None',
  service: annotations?.[GATEWAY_ANNOTATION] ?? null, labels: spec.infrastructure?.labels ?? {}, annotations: spec.infrastructure?.annotations ?? {},
  parameters: spec.infrastructure?.parametersRef ?? null, ordinal,
});

type PathModifier = NonNullable<NonNullable<HttpRouteFilter['urlRewrite']>['path']>;

function pathChange(path: PathModifier | undefined): PathChange | null {
  if (!path) return null;
  return path.type === 'ReplaceFullPath' ? { full: path.replaceFullPath ?? '/' } : { prefix: path.replacePrefixMatch ?? '/' };
}

type Reference = NonNullable<HttpRouteFilter['requestMirror']>['backendRef'];

const referenceOf = ({ group = '', kind = 'Service', namespace, name, port }: Reference, own: string): BackendReference => ({
  group,
  kind,
  namespace: namespace ?? own,
  name,
  port: port ?? null,
});

function filterOf(filter: HttpRouteFilter, namespace: string): RouteFilter {
  const { type, requestRedirect: redirect, urlRewrite: rewrite, requestMirror: mirror } = filter;
  const headers = type === 'RequestHeaderModifier' ? filter.requestHeaderModifier : filter.responseHeaderModifier;
  switch (type) {
    case 'RequestRedirect': return {
      type,
      scheme: redirect?.scheme ?? null,
      hostname: redirect?.hostname ?? null,
      path: pathChange(redirect?.path),
      port: redirect?.port ?? null,
      statusCode: redirect?.statusCode ?? 302,
    };
    case 'URLRewrite': return { type, hostname: rewrite?.hostname ?? null, path: pathChange(rewrite?.path) };
    case 'RequestHeaderModifier':
    case 'ResponseHeaderModifier': return { type, set: headers?.set ?? [], add: headers?.add ?? [], remove: headers?.remove ?? [] };
    case 'CORS': return { type };
    case 'RequestMirror': return mirror ? { type, to: referenceOf(mirror.backendRef, namespace) } : { type: 'Other', name: type };
    default: return { type: 'Other', name: filter.extensionRef ? `${type} ${filter.extensionRef.kind} ${filter.extensionRef.name}` : type };
  }
}

type Ref = NonNullable<HttpRouteRule['backendRefs']>[number];

const backendOf = ({ weight = 1, filters = [], ...ref }: Ref, own: string): BackendRef => ({
  ...referenceOf(ref, own),
  weight,
  filters: filters.map((filter) => filterOf(filter, own)),
});

/** If header names differ only in case, the first counts. */
const firstOfEach = <Header extends { readonly name: string }>(headers: readonly Header[]): readonly Header[] =>
  headers.filter(({ name }, index) => headers.findIndex((each) => each.name.toLowerCase() === name.toLowerCase()) === index);

const ruleOf = ({ name, matches = [{}], filters = [], backendRefs = [] }: HttpRouteRule, namespace: string): RouteRule => ({
  name: name ?? null,
  matches: matches.map(({ path, headers = [], queryParams = [], method }) => ({
    path: { type: path?.type ?? 'PathPrefix', value: path?.value ?? '/' },
    headers: firstOfEach(headers).map(({ type = 'Exact', ...rest }) => ({ type, ...rest })),
    query: queryParams.map(({ type = 'Exact', ...rest }) => ({ type, ...rest })),
    method: method ?? null,
  })),
  filters: filters.map((filter) => filterOf(filter, namespace)),
  backends: backendRefs.map((ref) => backendOf(ref, namespace)),
});

export const extractHttpRouteFacts = (
  { spec }: HttpRoute,
  { namespace = 'default', name, uid = '', creationTimestamp = '' }: ObjectMeta,
  ordinal: number,
): HttpRouteFacts => ({
  kind: 'HTTPRoute', namespace, name, uid,
  parents: (spec.parentRefs ?? []).map((ref) => ({
    group: ref.group ?? GATEWAY_GROUP,
    kind: ref.kind ?? 'Gateway',
    namespace: ref.namespace ?? namespace,
    name: ref.name,
    section: ref.sectionName ?? null,
    port: ref.port ?? null,
  })),
  hostnames: (spec.hostnames ?? []).map((hostname) => hostname.toLowerCase()),
  rules: (spec.rules ?? []).map((rule) => ruleOf(rule, namespace)),
  createdAt: creationTimestamp,
  ordinal,
});

export const extractReferenceGrantFacts = (
  { spec }: ReferenceGrant,
  { namespace = 'default', name, uid = '' }: ObjectMeta,
  ordinal: number,
): ReferenceGrantFacts => ({
  kind: 'ReferenceGrant', namespace, name, uid, from: spec.from,
  to: spec.to.map(({ group, kind, name: only }) => ({ group, kind, name: only ?? null })),
  ordinal,
});
