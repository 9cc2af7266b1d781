/** The typed kinds. Objects of every other kind are stored as they are. */
import type { z } from 'zod';
import { adminNetworkPolicySchema, baselineAdminNetworkPolicySchema } from './admin-network-policy.js';
import { configMapSchema, secretSchema } from './config-data.js';
import { deploymentSchema } from './deployment.js';
import { endpointSliceSchema } from './endpoint-slice.js';
import { endpointsSchema } from './endpoints.js';
import { gatewayClassSchema, gatewaySchema, referenceGrantSchema } from './gateway.js';
import { httpRouteSchema } from './http-route.js';
import { ingressClassSchema, ingressSchema } from './ingress.js';
import { namespaceSchema } from './namespace.js';
import { networkPolicySchema } from './network-policy.js';
import { nodeSchema } from './node.js';
import { podSchema } from './pod.js';
import { serviceSchema } from './service.js';
import {
  cronJobSchema,
  daemonSetSchema,
  jobSchema,
  podDisruptionBudgetSchema,
  replicaSetSchema,
  replicationControllerSchema,
  statefulSetSchema,
} from './workloads.js';

interface TypedKind {
  readonly group: string;
  readonly version: string;
  /** Other versions that are served, with the same meaning. */
  readonly otherVersions?: readonly string[];
  readonly kind: string;
  readonly namespaced: boolean;
  readonly schema: z.ZodType;
}

const kind = (group: string, name: string, schema: z.ZodType, namespaced = true, version = 'v1'): TypedKind => ({
  group, version, kind: name, namespaced, schema,
});

const KINDS: readonly TypedKind[] = [
  kind('', 'Node', nodeSchema, false), kind('', 'Namespace', namespaceSchema, false),
  kind('', 'Pod', podSchema), kind('', 'Service', serviceSchema), kind('', 'Endpoints', endpointsSchema),
  kind('', 'ConfigMap', configMapSchema), kind('', 'Secret', secretSchema), kind('policy', 'PodDisruptionBudget', podDisruptionBudgetSchema),
  kind('', 'ReplicationController', replicationControllerSchema), kind('discovery.k8s.io', 'EndpointSlice', endpointSliceSchema),
  kind('apps', 'Deployment', deploymentSchema), kind('apps', 'ReplicaSet', replicaSetSchema), kind('apps', 'StatefulSet', statefulSetSchema),
  kind('apps', 'DaemonSet', daemonSetSchema), kind('batch', 'Job', jobSchema), kind('batch', 'CronJob', cronJobSchema),
  kind('networking.k8s.io', 'Ingress', ingressSchema), kind('networking.k8s.io', 'IngressClass', ingressClassSchema, false),
  kind('networking.k8s.io', 'NetworkPolicy', networkPolicySchema),
  kind('policy.networking.k8s.io', 'AdminNetworkPolicy', adminNetworkPolicySchema, false, 'v1alpha1'),
  kind('policy.networking.k8s.io', 'BaselineAdminNetworkPolicy', baselineAdminNetworkPolicySchema, false, 'v1alpha1'),
  ...([['GatewayClass', gatewayClassSchema, false], ['Gateway', gatewaySchema, true], ['HTTPRoute', httpRouteSchema, true]] as const)
    .map(([name, schema, namespaced]) => ({ ...kind('gateway.networking.k8s.io', name, schema, namespaced), otherVersions: ['v1beta1'] })),
  { ...kind('gateway.networking.k8s.io', 'ReferenceGrant', referenceGrantSchema), version: 'v1beta1', otherVersions: ['v1'] },
];

const BY_NAME = new Map(KINDS.map((entry) => [`${entry.group}/${entry.kind}`, entry]));

/** @returns `undefined` for a kind that is stored without being understood. */
export const findTypedKind = (group: string, kindName: string): TypedKind | undefined => BY_NAME.get(`${group}/${kindName}`);

const NAMES: ReadonlySet<string> = new Set(KINDS.map((entry) => entry.kind));

/** The kind as messages name it: with its group, as in kubectl, if a typed kind has the same name. */
export const kindTitle = (group: string, kindName: string): string =>
  NAMES.has(kindName) && !findTypedKind(group, kindName) ? `${kindName}.${group}` : kindName;

/** Kinds that were once in these groups; now they are refused there, as by the API server. */
const FORMER_GROUPS: ReadonlyMap<string, string> = new Map([
  ['extensions/Deployment', 'apps/v1'], ['extensions/ReplicaSet', 'apps/v1'], ['extensions/DaemonSet', 'apps/v1'],
  ['extensions/Ingress', 'networking.k8s.io/v1'], ['extensions/NetworkPolicy', 'networking.k8s.io/v1'],
]);

/**
 * The apiVersion that serves a kind; `undefined` if the kind is unknown.
 *
 * @param asked the preferred apiVersion, returned if it is served
 */
export function servedApiVersion(group: string, kindName: string, asked = ''): string | undefined {
  const typed = findTypedKind(group, kindName);
  if (typed?.otherVersions?.some((version) => asked === `${group}/${version}`)) return asked;
  if (typed) return group === '' ? typed.version : `${group}/${typed.version}`;
  return FORMER_GROUPS.get(`${group}/${kindName}`);
}

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  '/PersistentVolume', '/ComponentStatus', 'rbac.authorization.k8s.io/ClusterRole', 'rbac.authorization.k8s.io/ClusterRoleBinding',
  'storage.k8s.io/StorageClass', 'storage.k8s.io/CSIDriver', 'storage.k8s.io/CSINode', 'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass', 'apiextensions.k8s.io/CustomResourceDefinition', 'apiregistration.k8s.io/APIService',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration', 'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy', 'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy', 'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'scheduling.k8s.io/PriorityClass', 'node.k8s.io/RuntimeClass', 'networking.k8s.io/IPAddress',
  'networking.k8s.io/ServiceCIDR',
  'policy.networking.k8s.io/ClusterNetworkPolicy', 'policy/PodSecurityPolicy',
  'certificates.k8s.io/CertificateSigningRequest', 'certificates.k8s.io/ClusterTrustBundle', 'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration', 'resource.k8s.io/DeviceClass', 'resource.k8s.io/ResourceSlice',
  'resource.k8s.io/DeviceTaintRule', 'storagemigration.k8s.io/StorageVersionMigration',
  'cilium.io/CiliumClusterwideNetworkPolicy', 'cilium.io/CiliumNode', 'crd.projectcalico.org/GlobalNetworkPolicy', 'crd.projectcalico.org/IPPool',
  'crd.projectcalico.org/GlobalNetworkSet', 'projectcalico.org/GlobalNetworkPolicy', 'projectcalico.org/GlobalNetworkSet', 'projectcalico.org/IPPool',
  'crd.antrea.io/ClusterNetworkPolicy', 'cert-manager.io/ClusterIssuer', 'packetwalk.dev/Cluster',
]);

/** Is the kind namespaced? Unknown kinds are. */
export const isNamespaced = (group: string, kindName: string): boolean =>
  findTypedKind(group, kindName)?.namespaced ?? !CLUSTER_SCOPED.has(`${group}/${kindName}`);
