import { templateHash } from './template-hash.js';
import type { PodTemplate } from '../object-shapes.js';

/** Which template of a StatefulSet or DaemonSet a pod is made from. @source k8s.io/api apps/v1 */
export const REVISION_LABEL = 'controller-revision-hash';

/** Counts the templates that a DaemonSet has had. @source k8s.io/api apps/v1 `DeprecatedTemplateGeneration` */
export const TEMPLATE_GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation';
/** The generation of the template that a DaemonSet's pod is made from. */
export const TEMPLATE_GENERATION_LABEL = 'pod-template-generation';

/** Names the template of a StatefulSet. @source kubernetes/kubernetes pkg/controller/history `ControllerRevisionName` */
export const revisionName = (owner: string, template: PodTemplate): string => `${owner}-${templateHash(template)}`;
