import { isDeepStrictEqual } from 'node:util';
import { adapter, type ConformanceCase } from '../adapter.js';
import type { ClusterApi } from '../api.js';
import { listOf } from '../stated.js';
import { ask, backend, type HttpAnswer, type HttpRequestCase } from '../http.js';

interface BackendRef {
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
}

interface Listener {
  readonly port: number;
  readonly protocol: string;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly rules?: readonly { readonly backendRefs?: readonly BackendRef[] | null }[] | null;
    readonly listeners?: readonly Listener[] | null;
  };
}

/** For some requests several statuses are allowed. */
type ExpectedAnswer = Omit<HttpAnswer, 'statusCode'> & { readonly statusCode: HttpAnswer['statusCode'] | readonly number[] };

interface RouteCase extends ConformanceCase {
  readonly manifests: readonly Manifest[];
  readonly requests: readonly (HttpRequestCase & { readonly gateway?: string; readonly expected: ExpectedAnswer })[];
}

const CLASS = 'conformance';
const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** Upstream's tests use a class of the implementation, and namespaces and backends that are created before them. */
const withClass = (manifests: readonly Manifest[]): readonly Manifest[] =>
  JSON.parse(JSON.stringify(manifests).replaceAll('{GATEWAY_CLASS_NAME}', CLASS)) as readonly Manifest[];
const ROLES: Readonly<Record<string, string>> = {
  'gateway-conformance-infra': 'infra',
  'gateway-conformance-app-backend': 'backend',
  'gateway-conformance-web-backend': 'backend',
};
const BACKEND = /^(infra|app|web|tls)-backend(-v?\d)?$/;

const namespaceObject = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, ...(ROLES[name] !== undefined && { labels: { 'gateway-conformance': ROLES[name] } }) },
});

function world(manifests: readonly Manifest[]): readonly object[] {
  const stated = new Set(manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`));
  const namespaces = new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []));
  const backends = new Map<string, readonly object[]>();
  for (const { metadata, spec } of manifests) {
    for (const { backendRefs } of listOf(spec?.rules)) {
      for (const { name, namespace = metadata.namespace!, port } of listOf(backendRefs)) {
        namespaces.add(namespace);
        if (port !== undefined && BACKEND.test(name) && !stated.has(`Service ${namespace}/${name}`)) backends.set(`${namespace}/${name}`, backend(namespace, name, port));
      }
    }
  }
  return [...[...namespaces].filter((name) => !stated.has(`Namespace /${name}`)).map(namespaceObject), ...[...backends.values()].flat(), ...manifests];
}

interface GatewayAddress {
  readonly name: string;
  readonly address: string;
  readonly listeners: readonly Listener[];
}

async function addressesOf(cluster: ClusterApi, manifests: readonly Manifest[]): Promise<readonly GatewayAddress[]> {
  const gateways = manifests.filter(({ kind }) => kind === 'Gateway');
  return Promise.all(gateways.map(async ({ metadata: { namespace, name }, spec }) => {
    const { status } = (await cluster.send('GET', `gateways/${namespace}/${name}`)) as { readonly status: { readonly addresses: readonly { readonly value: string }[] } };
    return { name, address: status.addresses[0]!.value, listeners: listOf(spec?.listeners) };
  }));
}

/** The listener for the request: on the port in its host, if the Gateway has it, else on port 80, else the first. */
function listenerOf({ listeners }: GatewayAddress, { host, scheme }: HttpRequestCase): Listener {
  const named = Number(host?.split(':')[1] ?? (scheme === 'https' ? HTTPS_PORT : HTTP_PORT));
  return listeners.find(({ port }) => port === named) ?? listeners.find(({ port }) => port === HTTP_PORT) ?? listeners[0]!;
}

function askGateway(cluster: ClusterApi, gateway: GatewayAddress, request: HttpRequestCase): Promise<HttpAnswer> {
  const { port, protocol } = listenerOf(gateway, request);
  return ask(cluster, `${gateway.address}:${port}`, { ...request, scheme: protocol === 'HTTPS' ? 'https' : 'http' });
}

/**
 * A case does not say to which of its Gateways a request is sent. One of them must give the expected answer; if that has no
 * backend, none may reach one.
 */
function answerOf(answers: readonly HttpAnswer[], expected: HttpAnswer): HttpAnswer | undefined {
  const sent = answers.find(({ backendService }) => backendService !== null);
  if (expected.backendService === null) return sent ?? answers.find(({ statusCode }) => statusCode === expected.statusCode) ?? answers[0];
  return answers.find((each) => isDeepStrictEqual(each, expected)) ?? sent ?? answers[0];
}

/** Of several allowed statuses the actual one, if it is among them. */
const statusOf = ({ statusCode }: ExpectedAnswer, answers: readonly HttpAnswer[]): HttpAnswer['statusCode'] =>
  statusCode === null || typeof statusCode === 'number'
    ? statusCode
    : (statusCode.find((code) => answers.some((answer) => answer.statusCode === code)) ?? statusCode[0] ?? null);

/** Upstream compares the backend only of successful requests, and if none is stated only the status. */
const saysBackend = ({ statusCode, backendService }: HttpAnswer): boolean => (statusCode === 200) === (backendService !== null);

export const gatewayHttpRoute = adapter<RouteCase>({
  families: ['gateway-httproute'],
  run: ({ manifests, requests }, { api }) => {
    const given = withClass(manifests);
    return api.inCluster({}, world(given), async (cluster) => {
      const gateways = await addressesOf(cluster, given);
      return Promise.all(requests.map(async ({ expected: stated, gateway, ...request }) => {
        const named = gateways.filter(({ name }) => gateway === undefined || name === gateway);
        const answers = await Promise.all(named.map((each) => askGateway(cluster, each, request)));
        const expected = { statusCode: statusOf(stated, answers), backendService: stated.backendService };
        const actual = answerOf(answers, expected);
        const name = `${request.method} ${request.host ?? ''}${request.path} ${JSON.stringify(request.headers ?? {})}`;
        return saysBackend(expected) ? { name, expected, actual } : { name, expected: expected.statusCode, actual: actual?.statusCode };
      }));
    });
  },
});
