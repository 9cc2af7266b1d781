/** Builds the objects that workloads create: the ReplicaSets of a Deployment, and the pods of a workload. */
import type { KubeObject, ObjectMeta, OwnerReference } from '../../domain/cluster/objects.js';
import type { LabelSelector } from '../../domain/cluster/label-selector.js';
import type { DeploymentObject, PodObject, PodTemplate, ReplicaSetObject } from '../object-shapes.js';
import { HASH_LABEL, withHash } from './template-hash.js';

export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

/** @source k8s.io/apimachinery `metav1.NewControllerRef` */
export const controllerReference = ({ apiVersion, kind, metadata }: KubeObject): OwnerReference => ({
  apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true,
});

/** The object with `owner` as its controller; a former controller is removed. */
export function withController<Kind extends KubeObject>(object: Kind, owner: KubeObject): Kind {
  const others = (object.metadata.ownerReferences ?? []).filter(({ controller }) => controller !== true);
  return { ...object, metadata: { ...object.metadata, ownerReferences: [...others, controllerReference(owner)] } };
}

/** The object with the labels added or replaced; the object itself if it already has them. */
export const withLabels = <Kind extends KubeObject>(object: Kind, labels: Readonly<Record<string, string>>): Kind =>
  Object.entries(labels).every(([key, value]) => object.metadata.labels?.[key] === value)
    ? object
    : { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };

/** The object without its controller; other owners are kept. */
export function withoutController<Kind extends KubeObject>(object: Kind): Kind {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const others = ownerReferences.filter(({ controller }) => controller !== true);
  return { ...object, metadata: { ...metadata, ...(others.length > 0 && { ownerReferences: others }) } as ObjectMeta };
}

/** A new ReplicaSet with the Deployment's current template. @source kubernetes/kubernetes pkg/controller/deployment/sync.go `getNewReplicaSet` */
export function replicaSetOf(deployment: DeploymentObject, hash: string, revision: number): ReplicaSetObject {
  const { metadata, spec } = deployment;
  const template = withHash(spec.template, hash);
  const selector: LabelSelector = { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`, namespace: metadata.namespace ?? 'default', labels: template.metadata?.labels ?? {},
      annotations: { [REVISION_ANNOTATION]: String(revision) }, ownerReferences: [controllerReference(deployment)],
    },
    spec: { replicas: spec.replicas ?? 1, selector, template },
  };
}

/** A pod made from the owner's template. @source kubernetes/kubernetes pkg/controller `GetPodFromTemplate` */
export function podOf(owner: KubeObject, template: PodTemplate, name: string, generateName = `${owner.metadata.name}-`): PodObject {
  const { labels, annotations } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name, generateName, namespace: owner.metadata.namespace ?? 'default',
      ...(labels && { labels }), ...(annotations && { annotations }), ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  };
}
