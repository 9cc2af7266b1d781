/**
 * Kubernetes' built-in kinds (no CustomResourceDefinitions): those of 1.34 and later, also in versions
 * that are no longer served, because old manifests still use them.
 *
 * @source kubernetes/kubernetes v1.34 `api/openapi-spec/swagger.json`, `api/discovery` of later ones; https://kubernetes.io/docs/reference/using-api/deprecation-guide
 */

/** Kinds by group and version; the preferred version of a group comes first. */
const KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    v1: 'Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount',
  },
  'admissionregistration.k8s.io': {
    v1: 'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
    v1beta1:
      'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
    v1alpha1: 'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
  },
  'apiextensions.k8s.io': { v1: 'CustomResourceDefinition', v1beta1: 'CustomResourceDefinition' },
  'apiregistration.k8s.io': { v1: 'APIService', v1beta1: 'APIService' },
  apps: {
    v1: 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet',
    v1beta2: 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet',
    v1beta1: 'ControllerRevision Deployment StatefulSet',
  },
  'authentication.k8s.io': { v1: 'SelfSubjectReview TokenReview', v1beta1: 'SelfSubjectReview TokenReview', v1alpha1: 'SelfSubjectReview' },
  'authorization.k8s.io': {
    v1: 'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
    v1beta1: 'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
  },
  autoscaling: {
    v2: 'HorizontalPodAutoscaler',
    v1: 'HorizontalPodAutoscaler',
    v2beta2: 'HorizontalPodAutoscaler',
    v2beta1: 'HorizontalPodAutoscaler',
  },
  batch: { v1: 'CronJob Job', v1beta1: 'CronJob', v2alpha1: 'CronJob' },
  'certificates.k8s.io': {
    v1: 'CertificateSigningRequest',
    v1beta1: 'CertificateSigningRequest ClusterTrustBundle PodCertificateRequest',
    v1alpha1: 'ClusterTrustBundle PodCertificateRequest',
  },
  'coordination.k8s.io': { v1: 'Lease', v1beta1: 'Lease LeaseCandidate', v1alpha2: 'LeaseCandidate', v1alpha1: 'LeaseCandidate' },
  'discovery.k8s.io': { v1: 'EndpointSlice', v1beta1: 'EndpointSlice' },
  'events.k8s.io': { v1: 'Event', v1beta1: 'Event' },
  extensions: { v1beta1: 'DaemonSet Deployment Ingress NetworkPolicy PodSecurityPolicy ReplicaSet' },
  'flowcontrol.apiserver.k8s.io': {
    v1: 'FlowSchema PriorityLevelConfiguration',
    v1beta3: 'FlowSchema PriorityLevelConfiguration',
    v1beta2: 'FlowSchema PriorityLevelConfiguration',
    v1beta1: 'FlowSchema PriorityLevelConfiguration',
    v1alpha1: 'FlowSchema PriorityLevelConfiguration',
  },
  'internal.apiserver.k8s.io': { v1alpha1: 'StorageVersion' },
  'networking.k8s.io': {
    v1: 'IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR',
    v1beta1: 'IPAddress Ingress IngressClass ServiceCIDR',
    v1alpha1: 'ClusterCIDR IPAddress ServiceCIDR',
  },
  'node.k8s.io': { v1: 'RuntimeClass', v1beta1: 'RuntimeClass', v1alpha1: 'RuntimeClass' },
  policy: { v1: 'Eviction PodDisruptionBudget', v1beta1: 'Eviction PodDisruptionBudget PodSecurityPolicy' },
  'rbac.authorization.k8s.io': {
    v1: 'ClusterRole ClusterRoleBinding Role RoleBinding',
    v1beta1: 'ClusterRole ClusterRoleBinding Role RoleBinding',
    v1alpha1: 'ClusterRole ClusterRoleBinding Role RoleBinding',
  },
  'resource.k8s.io': {
    v1: 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
    v1beta2: 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
    v1beta1: 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
    v1alpha3: 'DeviceClass DeviceTaintRule PodSchedulingContext ResourceClaim ResourceClaimTemplate ResourceSlice',
    v1alpha2: 'PodSchedulingContext ResourceClaim ResourceClaimParameters ResourceClaimTemplate ResourceClass ResourceClassParameters ResourceSlice',
    v1alpha1: 'PodScheduling ResourceClaim ResourceClaimTemplate ResourceClass',
  },
  'scheduling.k8s.io': {
    v1: 'PriorityClass',
    v1beta1: 'PriorityClass',
    v1alpha3: 'CompositePodGroup PodGroup Workload',
    v1alpha2: 'CompositePodGroup PodGroup Workload',
    v1alpha1: 'PriorityClass Workload',
  },
  'storage.k8s.io': {
    v1: 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass',
    v1beta1: 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass',
    v1alpha1: 'CSIStorageCapacity VolumeAttachment VolumeAttributesClass',
  },
  'storagemigration.k8s.io': { v1: 'StorageVersionMigration', v1beta1: 'StorageVersionMigration', v1alpha1: 'StorageVersionMigration' },
};

interface KubernetesKind {
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
}

const ALL: readonly KubernetesKind[] = Object.entries(KINDS).flatMap(([group, versions]) =>
  Object.entries(versions).flatMap(([version, kinds]) =>
    kinds.split(' ').map((kind) => ({ group, apiVersion: group === '' ? version : `${group}/${version}`, kind })),
  ),
);

const SERVED: ReadonlySet<string> = new Set(ALL.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`));

/** Are all kinds of the group known? Kinds of other groups come from CustomResourceDefinitions, so any name is possible. */
export const isKubernetesGroup = (group: string): boolean => Object.hasOwn(KINDS, group);

export const isKubernetesKind = (apiVersion: string, kind: string): boolean => SERVED.has(`${apiVersion}/${kind}`);

/** The apiVersion with a kind of exactly this name, preferably in `group`; `undefined` if there is none. */
export const apiVersionOfKind = (kind: string, group: string): string | undefined =>
  (ALL.find((known) => known.kind === kind && known.group === group) ?? ALL.find((known) => known.kind === kind))?.apiVersion;

/** The kinds of a group, each once. */
export const kindsOfGroup = (group: string): readonly string[] => [...new Set(ALL.filter((known) => known.group === group).map(({ kind }) => kind))];

/** Groups of files that look like objects but no API server knows, and the program that reads them. */
const READERS: Readonly<Record<string, string>> = {
  'kustomize.config.k8s.io': 'it is a file for kubectl; send what `kubectl kustomize` makes of it',
  'kubeadm.k8s.io': 'it is a file for kubeadm', 'kind.x-k8s.io': 'it is a file for kind',
  'kubelet.config.k8s.io': 'it is a file for a kubelet', 'kubeproxy.config.k8s.io': 'it is a file for kube-proxy',
};

export const readerOfGroup = (group: string): string | undefined => (Object.hasOwn(READERS, group) ? READERS[group] : undefined);
