import { apiVersionOfKind } from './kubernetes-kinds.js';
import { groupOf } from '../objects.js';

/**
 * API versions that are no longer served, with the release since which; of some only these kinds. Objects of kinds that
 * are not modelled are taken in them all the same, since old manifests have many.
 *
 * @source https://kubernetes.io/docs/reference/using-api/deprecation-guide
 */
const REMOVED: Readonly<Record<string, readonly [since: string, kinds?: string]>> = {
  'admissionregistration.k8s.io/v1beta1': ['v1.22', 'MutatingWebhookConfiguration ValidatingWebhookConfiguration'],
  'apiextensions.k8s.io/v1beta1': ['v1.22'],
  'apiregistration.k8s.io/v1beta1': ['v1.22'],
  'authentication.k8s.io/v1beta1': ['v1.22', 'TokenReview'],
  'authorization.k8s.io/v1beta1': ['v1.22'],
  'autoscaling/v2beta1': ['v1.25'],
  'autoscaling/v2beta2': ['v1.26'],
  'certificates.k8s.io/v1beta1': ['v1.22', 'CertificateSigningRequest'],
  'coordination.k8s.io/v1beta1': ['v1.22', 'Lease'],
  'events.k8s.io/v1beta1': ['v1.25'],
  'extensions/v1beta1': ['v1.16', 'PodSecurityPolicy'],
  'flowcontrol.apiserver.k8s.io/v1beta1': ['v1.26'],
  'flowcontrol.apiserver.k8s.io/v1beta2': ['v1.29'],
  'flowcontrol.apiserver.k8s.io/v1beta3': ['v1.32'],
  'node.k8s.io/v1beta1': ['v1.25'],
  'policy/v1beta1': ['v1.25', 'PodSecurityPolicy'],
  'rbac.authorization.k8s.io/v1beta1': ['v1.22'],
  'scheduling.k8s.io/v1beta1': ['v1.22'],
  'storage.k8s.io/v1beta1': ['v1.22', 'CSIDriver CSINode StorageClass VolumeAttachment'],
};

/** Says since when no API server takes the kind in this version, and the version to use, if there is one; `undefined` if it is served. */
export function removalOf(apiVersion: string, kind: string): string | undefined {
  const [since, kinds] = (Object.hasOwn(REMOVED, apiVersion) ? REMOVED[apiVersion] : undefined) ?? [];
  if (since === undefined || (kinds !== undefined && !kinds.split(' ').includes(kind))) return undefined;
  const other = apiVersionOfKind(kind, groupOf(apiVersion));
  return `${apiVersion} ${kind} is unavailable in ${since}+${other === undefined || Object.hasOwn(REMOVED, other) ? '' : `; use ${other}`}`;
}
