import { adapter, type ConformanceCase, type Context } from '../adapter.js';
import type { ClusterApi } from '../api.js';
import { ask, backend, type HttpAnswer, type HttpRequestCase } from '../http.js';

interface IngressObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: object;
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip: string }[] } };
}

interface PathCase extends ConformanceCase {
  readonly paths: readonly { readonly path: string; readonly pathType: string }[];
  readonly requestPath: string;
  readonly expected: { readonly matches: boolean; readonly matchedPath: string | null; readonly matchedPathType: string | null; readonly fallsToDefaultBackend: boolean };
}

interface HostCase extends ConformanceCase {
  readonly host: string;
  readonly hostHeader: string;
  readonly expected: { readonly matches: boolean };
}

interface ConformanceTest extends ConformanceCase {
  readonly ingress: IngressObject;
  readonly request: HttpRequestCase | null;
  readonly expected: HttpAnswer | { readonly statusHasAddress: boolean };
}

const ingressOf = (rule: object, more: object = {}): IngressObject & object =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'given' }, spec: { rules: [rule], ...more } }) as IngressObject & object;

const to = (service: string) => ({ service: { name: service, port: { number: 80 } } });

async function addressOf(cluster: ClusterApi, { metadata: { namespace = 'default', name } }: IngressObject): Promise<string | undefined> {
  const { status } = (await cluster.send('GET', `ingresses/${namespace}/${name}`)) as IngressObject;
  return status?.loadBalancer?.ingress?.[0]?.ip;
}

/** "(all paths)" is tested with a few examples. */
const asked = (requestPath: string): readonly string[] => (requestPath.startsWith('/') ? [requestPath] : ['/', '/any', '/any/path']);

export const ingressPathTable = adapter<PathCase>({
  families: ['ingress-path-table'],
  run: ({ paths, requestPath, expected }, { api }: Context) => {
    const ingress = ingressOf(
      { http: { paths: paths.map(({ path, pathType }, index) => ({ path, pathType, backend: to(`path-${index}`) })) } },
      { defaultBackend: to('fallback') },
    );
    const backends = [...paths.map((_, index) => `path-${index}`), 'fallback'].flatMap((name) => backend('default', name, 80));
    return api.inCluster({}, [...backends, ingress], async (cluster) => {
      const address = (await addressOf(cluster, ingress))!;
      return Promise.all(asked(requestPath).map(async (path) => {
        const { backendService } = await ask(cluster, address, { method: 'GET', host: null, path });
        const matched = paths.find((_, index) => `path-${index}` === backendService);
        return {
          name: path,
          expected,
          actual: {
            matches: matched !== undefined,
            matchedPath: matched?.path ?? null,
            matchedPathType: matched?.pathType ?? null,
            fallsToDefaultBackend: backendService === 'fallback',
          },
        };
      }));
    });
  },
});

export const ingressHostTable = adapter<HostCase>({
  families: ['ingress-host-table'],
  run: ({ host, hostHeader, expected }, { api }) => {
    const ingress = ingressOf({ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: to('matched') }] } });
    return api.inCluster({}, [...backend('default', 'matched', 80), ingress], async (cluster) => {
      const { backendService } = await ask(cluster, (await addressOf(cluster, ingress))!, { method: 'GET', host: hostHeader, path: '/' });
      return [{ name: hostHeader, expected, actual: { matches: backendService === 'matched' } }];
    });
  },
});

/** The Services that the Ingress names, with their ports. */
function backendsIn(value: unknown, found = new Map<string, { readonly name?: string; readonly number?: number }>()): typeof found {
  if (typeof value !== 'object' || value === null) return found;
  const { service } = value as { readonly service?: { readonly name: string; readonly port: { readonly name?: string; readonly number?: number } } };
  if (service) found.set(service.name, service.port);
  for (const part of Object.values(value)) backendsIn(part, found);
  return found;
}

/** The Secrets that the Ingress names, which the upstream test creates first. */
const secretsIn = ({ spec }: IngressObject): readonly object[] =>
  ((spec as { readonly tls?: readonly { readonly secretName?: string }[] }).tls ?? []).flatMap(({ secretName }) =>
    secretName === undefined
      ? []
      : [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: secretName }, type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } }],
  );

/** Disables the redirect to https for hosts with TLS, which ingress-nginx does by default, but the API does not define. */
const withoutRedirect = (ingress: IngressObject): IngressObject =>
  ({ ...ingress, metadata: { ...ingress.metadata, annotations: { ...ingress.metadata.annotations, 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' } } });

export const ingressConformance = adapter<ConformanceTest>({
  families: ['ingress-conformance'],
  run: ({ ingress, request, expected }, { api }) => {
    const backends = [...backendsIn(ingress.spec)].flatMap(([name, port]) => backend('default', name, port.number ?? 8080, port.name));
    return api.inCluster({}, [...backends, ...secretsIn(ingress), withoutRedirect(ingress)], async (cluster) => {
      const address = await addressOf(cluster, ingress);
      if (!request) return [{ name: 'status', expected, actual: { statusHasAddress: address !== undefined } }];
      const { statusCode, backendService } = await ask(cluster, address!, request);
      return [{ name: `${request.method} ${request.host ?? ''}${request.path}`, expected, actual: { statusCode, backendService } }];
    });
  },
});
