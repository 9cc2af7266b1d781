import { adapter, type ConformanceCase } from '../adapter.js';
import type { ClusterApi } from '../api.js';
import { ask, backend, type HttpAnswer, type HttpRequestCase } from '../http.js';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly parentRefs?: readonly { readonly name: string }[]; readonly rules?: readonly { readonly backendRefs?: readonly { readonly name: string; readonly namespace?: string; readonly port: number }[] }[]; readonly hostnames?: readonly string[] };
}

interface RouteCase extends ConformanceCase {
  readonly manifests: readonly Manifest[];
  readonly requests: readonly (HttpRequestCase & { readonly gateway?: string; readonly expected: HttpAnswer })[];
}

const CLASS = 'conformance';

/** Upstream's tests have a class of the implementation's, and these backends, made before any of them. */
const withClass = (manifests: readonly Manifest[]): readonly Manifest[] => JSON.parse(JSON.stringify(manifests).replaceAll('{GATEWAY_CLASS_NAME}', CLASS)) as readonly Manifest[];

function world(manifests: readonly Manifest[]): readonly object[] {
  const namespaces = new Set(manifests.map(({ metadata }) => metadata.namespace));
  const backends = new Map<string, readonly object[]>();
  for (const { metadata, spec } of manifests) {
    for (const { backendRefs = [] } of spec.rules ?? []) {
      for (const { name, namespace = metadata.namespace, port } of backendRefs) {
        namespaces.add(namespace);
        backends.set(`${namespace}/${name}`, backend(namespace, name, port));
      }
    }
  }
  return [...[...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })), ...[...backends.values()].flat(), ...manifests];
}

async function addressesOf(cluster: ClusterApi, manifests: readonly Manifest[]): Promise<readonly { readonly name: string; readonly address: string }[]> {
  const gateways = manifests.filter(({ kind }) => kind === 'Gateway');
  return Promise.all(gateways.map(async ({ metadata: { namespace, name } }) => {
    const { status } = (await cluster.send('GET', `gateways/${namespace}/${name}`)) as { readonly status: { readonly addresses: readonly { readonly value: string }[] } };
    return { name, address: status.addresses[0]!.value };
  }));
}

export const gatewayHttpRoute = adapter<RouteCase>({
  families: ['gateway-httproute'],
  run: ({ manifests, requests }, { api }) => {
    const given = withClass(manifests);
    return api.inCluster({}, world(given), async (cluster) => {
      const gateways = await addressesOf(cluster, given);
      return Promise.all(requests.map(async ({ expected, gateway, ...request }) => {
        // A case does not say which of its Gateways a request goes to: one of them has to answer so, or all where none may.
        const named = gateways.filter(({ name }) => gateway === undefined || name === gateway);
        const answers = await Promise.all(named.map(({ address }) => ask(cluster, address, request)));
        const actual = answers.find(({ backendService }) => backendService !== null) ?? answers[0];
        return { name: `${request.method} ${request.host ?? ''}${request.path} ${JSON.stringify(request.headers ?? {})}`, expected: { statusCode: expected.statusCode, backendService: expected.backendService }, actual };
      }));
    });
  },
});
