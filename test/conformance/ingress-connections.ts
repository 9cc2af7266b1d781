/**
 * The pods to which an ingress controller outside of the manifests connects. Upstream considers each backend of an Ingress or
 * of an OpenShift Route by itself, so each is requested by a host of its own, in a cluster with nodes.
 */
import type { TraceJson } from '../../src/render/json/trace-json.js';
import type { Api, ClusterApi } from './api.js';
import { objectsOf, type Manifest } from './np-guard-manifests.js';

interface BackendPort {
  readonly name?: string;
  readonly number?: number;
}

interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port: BackendPort;
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

interface IngressBackend {
  readonly service?: { readonly name: string; readonly port: BackendPort };
}

interface IngressSpec {
  readonly defaultBackend?: IngressBackend;
  readonly rules?: readonly { readonly http?: { readonly paths: readonly { readonly backend: IngressBackend }[] } }[];
}

interface RouteSpec {
  readonly to: { readonly name: string };
  readonly alternateBackends?: readonly { readonly name: string }[];
  readonly port?: { readonly targetPort: number | string };
}

/** A connection of the controller to a pod. */
export interface IngressConnection {
  /** `namespace/name` */
  readonly pod: string;
  readonly port: number;
}

const INGRESS = 'ingress-under-test';

const namespaceOf = ({ metadata }: Manifest): string => metadata.namespace ?? 'default';
const specOf = <Spec>(manifest: Manifest): Spec => manifest.spec as unknown as Spec;

function portsOf(manifests: readonly Manifest[], namespace: string, name: string): readonly ServicePort[] {
  const service = manifests.find((each) => each.kind === 'Service' && namespaceOf(each) === namespace && each.metadata.name === name);
  return service ? specOf<{ readonly ports: readonly ServicePort[] }>(service).ports : [];
}

/** The backends of a Route, which names a port by its name or its targetPort; without a port all ports are used. */
function backendsOfRoute(route: Manifest, manifests: readonly Manifest[]): readonly Backend[] {
  const { to, alternateBackends = [], port } = specOf<RouteSpec>(route);
  const namespace = namespaceOf(route);
  const isNamed = (each: ServicePort): boolean => port === undefined || each.name === port.targetPort || (each.targetPort ?? each.port) === port.targetPort;
  return [to, ...alternateBackends].flatMap(({ name }) =>
    portsOf(manifests, namespace, name)
      .filter(isNamed)
      .map((each) => ({ namespace, service: name, port: { number: each.port } })),
  );
}

function backendsOfIngress(ingress: Manifest): readonly Backend[] {
  const { defaultBackend, rules = [] } = specOf<IngressSpec>(ingress);
  const all = [...(defaultBackend ? [defaultBackend] : []), ...rules.flatMap(({ http }) => http?.paths.map(({ backend }) => backend) ?? [])];
  return all.flatMap(({ service }) => (service ? [{ namespace: namespaceOf(ingress), service: service.name, port: service.port }] : []));
}

const hostOf = (index: number): string => `backend-${index}.example`;

const ingressFor = ({ namespace, service, port }: Backend, index: number): object => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { namespace, name: `${INGRESS}-${index}` },
  spec: { rules: [{ host: hostOf(index), http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port } } }] } }] },
});

/** Adds the names of ports that the API requires; upstream several ports of a Service may have none. */
function withPortNames(service: Manifest): object {
  const { ports, ...spec } = specOf<{ readonly ports: readonly ServicePort[] }>(service);
  return { ...service, spec: { ...spec, ports: ports.map((port) => ({ name: `port-${port.port}`, ...port })) } };
}

/** A refused connection counts too, since it has passed the policies. */
const connectionsOf = ({ paths }: TraceJson): readonly IngressConnection[] => paths
  .filter(({ connections }) => connections.at(-1)?.role === 'PROXY' && ['ACCEPTED', 'REFUSED'].includes(connections.at(-1)!.disposition))
  .flatMap(({ backend }) => (backend?.pod ? [{ pod: backend.pod, port: backend.port }] : []));

const ask = (cluster: ClusterApi, host: string): Promise<TraceJson> =>
  cluster.trace({ from: { internet: '198.51.100.10' }, to: { url: `http://${host}/` }, choice: { mode: 'ALL' } });

export async function ingressConnections(manifests: readonly Manifest[], api: Api): Promise<readonly IngressConnection[]> {
  const backends = manifests.flatMap((each) => (each.kind === 'Ingress' ? backendsOfIngress(each) : each.kind === 'Route' ? backendsOfRoute(each, manifests) : []));
  if (backends.length === 0) return [];
  const services = manifests.filter(
    (each) => each.kind === 'Service' && backends.some(({ namespace, service }) => namespaceOf(each) === namespace && each.metadata.name === service),
  );
  return api.inCluster({ nodes: 1, dns: { replicas: 0 } }, [...objectsOf(manifests), ...services.map(withPortNames), ...backends.map(ingressFor)], async (cluster) => {
    const traces = await Promise.all(backends.map((_, index) => ask(cluster, hostOf(index))));
    return traces.flatMap(connectionsOf);
  });
}
