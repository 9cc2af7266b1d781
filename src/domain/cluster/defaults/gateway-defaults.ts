/** @source kubernetes-sigs/gateway-api, the defaults of the CRDs of gateways and httproutes */
import type { Gateway, Listener } from '../kinds/gateway.js';
import type { HttpRoute, HttpRouteFilter, HttpRouteRule, ParentRefInput } from '../kinds/http-route.js';
import { GATEWAY_GROUP } from '../../http/gateway.js';

const defaultListener = (listener: Listener): Listener => ({
  ...listener,
  ...(listener.tls && {
    tls: {
      ...listener.tls,
      mode: listener.tls.mode ?? 'Terminate',
      ...(listener.tls.certificateRefs && { certificateRefs: listener.tls.certificateRefs.map((ref) => ({ group: '', kind: 'Secret', ...ref })) }),
    },
  }),
  allowedRoutes: { ...listener.allowedRoutes, namespaces: { from: 'Same', ...listener.allowedRoutes?.namespaces } },
});

export const defaultGateway = (gateway: Gateway): Gateway => ({
  ...gateway,
  spec: { ...gateway.spec, listeners: gateway.spec.listeners.map(defaultListener) },
});

const defaultParent = (parent: ParentRefInput): ParentRefInput => ({ group: GATEWAY_GROUP, kind: 'Gateway', ...parent });

const defaultFilter = (filter: HttpRouteFilter): HttpRouteFilter => {
  const { requestRedirect, requestMirror } = filter;
  return {
    ...filter,
    ...(requestRedirect && { requestRedirect: { statusCode: 302 as const, ...requestRedirect } }),
    ...(requestMirror && { requestMirror: { ...requestMirror, backendRef: { group: '', kind: 'Service', ...requestMirror.backendRef } } }),
  };
};

const defaultRule = ({ matches = [], filters, backendRefs, ...rest }: HttpRouteRule): HttpRouteRule => ({
  ...rest,
  matches: (matches.length > 0 ? matches : [{}]).map((match) => ({
    ...match,
    path: { type: 'PathPrefix' as const, value: '/', ...match.path },
    ...(match.headers && { headers: match.headers.map((header) => ({ type: 'Exact' as const, ...header })) }),
    ...(match.queryParams && { queryParams: match.queryParams.map((parameter) => ({ type: 'Exact' as const, ...parameter })) }),
  })),
  ...(filters && { filters: filters.map(defaultFilter) }),
  ...(backendRefs && {
    backendRefs: backendRefs.map((ref) => ({
      group: '', kind: 'Service', weight: 1, ...ref,
      ...(ref.filters && { filters: ref.filters.map(defaultFilter) }),
    })),
  }),
});

export const defaultHttpRoute = (route: HttpRoute): HttpRoute => ({
  ...route,
  spec: {
    ...route.spec,
    ...(route.spec.parentRefs && { parentRefs: route.spec.parentRefs.map(defaultParent) }),
    rules: (route.spec.rules ?? [{}]).map(defaultRule),
  },
});
