/**
 * Fills in the API server's defaults. It allocates nothing: addresses, ports and nodes are
 * assigned by controllers.
 */
import { defaultGateway, defaultHttpRoute } from './defaults/gateway-defaults.js';
import { defaultIngressClass } from './defaults/ingress-defaults.js';
import { defaultAdminNetworkPolicy, defaultNetworkPolicy } from './defaults/network-policy-defaults.js';
import { defaultPod } from './defaults/pod-defaults.js';
import { defaultSecret } from './defaults/secret-defaults.js';
import { defaultService } from './defaults/service-defaults.js';
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultReplicas,
  defaultReplicationController,
  defaultStatefulSet,
} from './defaults/workload-defaults.js';
import type { EndpointSlice } from './kinds/endpoint-slice.js';
import type { Endpoints } from './kinds/endpoints.js';
import { isNamespaced } from './kinds/registry.js';
import { groupOf, type KubeObject, type ObjectMeta } from './objects.js';

/**
 * The labels that a kubelet sets on its node. Two of them also have a beta name, with the value of
 * the current one.
 *
 * @source Kubernetes `pkg/controller/nodelifecycle` labelReconcileInfo
 */
function kubeletLabels({ name, labels }: ObjectMeta): Readonly<Record<string, string>> {
  const { 'kubernetes.io/arch': arch = 'amd64', 'kubernetes.io/os': os = 'linux' } = labels ?? {};
  return { 'beta.kubernetes.io/arch': arch, 'beta.kubernetes.io/os': os, 'kubernetes.io/arch': arch, 'kubernetes.io/hostname': name, 'kubernetes.io/os': os };
}

const labelled = (object: KubeObject, labels: ObjectMeta['labels']): KubeObject => ({ ...object, metadata: { ...object.metadata, labels: { ...labels } } });

const defaultNode = (node: KubeObject): KubeObject => ({
  ...labelled(node, { ...kubeletLabels(node.metadata), ...node.metadata.labels }),
  spec: node['spec'] ?? {},
  status: node['status'] ?? {},
});

/** The label with the namespace's name is always set to it. @source k8s.io/kubernetes `pkg/apis/core/v1` SetDefaults_Namespace */
const defaultNamespace = (namespace: KubeObject): KubeObject => ({
  ...labelled(namespace, { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': namespace.metadata.name }),
  spec: namespace['spec'] ?? { finalizers: ['kubernetes'] },
  status: { phase: 'Active', ...(namespace['status'] as object | undefined) },
});

/** @source k8s.io/kubernetes `pkg/apis/core/v1` SetDefaults_Endpoints */
const defaultEndpoints = ({ subsets, ...endpoints }: Endpoints): Endpoints => ({
  ...endpoints,
  ...(subsets && {
    subsets: subsets.map((subset) => (subset.ports ? { ...subset, ports: subset.ports.map((port) => ({ protocol: 'TCP' as const, ...port })) } : subset)),
  }),
});

const defaultEndpointSlice = (slice: EndpointSlice): EndpointSlice => ({
  ...slice,
  endpoints: slice.endpoints ?? [],
  ...(slice.ports && { ports: slice.ports.map((port) => ({ name: '', protocol: 'TCP' as const, ...port })) }),
});

/** Calls `fill` with an object whose schema was checked by `validateObject`. */
const typed = <Kind>(fill: (object: Kind) => unknown) => (object: KubeObject): KubeObject => fill(object as unknown as Kind) as KubeObject;

const DEFAULTS: ReadonlyMap<string, (object: KubeObject) => KubeObject> = new Map([
  ['/Node', defaultNode],
  ['/Namespace', defaultNamespace],
  ['/Pod', typed(defaultPod)],
  ['/Service', typed(defaultService)],
  ['/Secret', typed(defaultSecret)],
  ['/ReplicationController', typed(defaultReplicationController)],
  ['/Endpoints', typed(defaultEndpoints)],
  ['discovery.k8s.io/EndpointSlice', typed(defaultEndpointSlice)],
  ['apps/Deployment', typed(defaultDeployment)],
  ['apps/ReplicaSet', typed(defaultReplicas)],
  ['apps/StatefulSet', typed(defaultStatefulSet)],
  ['apps/DaemonSet', typed(defaultDaemonSet)],
  ['batch/Job', typed(defaultJob)],
  ['batch/CronJob', typed(defaultCronJob)],
  ['gateway.networking.k8s.io/Gateway', typed(defaultGateway)],
  ['gateway.networking.k8s.io/HTTPRoute', typed(defaultHttpRoute)],
  ['networking.k8s.io/IngressClass', typed(defaultIngressClass)],
  ['networking.k8s.io/NetworkPolicy', typed(defaultNetworkPolicy)],
  ['policy.networking.k8s.io/AdminNetworkPolicy', typed(defaultAdminNetworkPolicy)],
  ['policy.networking.k8s.io/BaselineAdminNetworkPolicy', typed(defaultAdminNetworkPolicy)],
]);

function withNamespace(metadata: ObjectMeta, namespaced: boolean): ObjectMeta {
  if (namespaced) return metadata.namespace ? metadata : { ...metadata, namespace: 'default' };
  if (metadata.namespace === undefined) return metadata;
  const { namespace: _, ...rest } = metadata;
  return rest as ObjectMeta;
}

/** @param object an object without validation errors; it is not modified */
export function defaultObject(object: KubeObject): KubeObject {
  const key = `${groupOf(object.apiVersion)}/${object.kind}`;
  const metadata = withNamespace(object.metadata, isNamespaced(groupOf(object.apiVersion), object.kind));
  const placed = metadata === object.metadata ? object : { ...object, metadata };
  return DEFAULTS.get(key)?.(placed) ?? placed;
}
