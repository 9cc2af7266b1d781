import { templateHash } from './template-hash.js';
import type { PodTemplate } from '../object-shapes.js';

/** Identifies the template from which a pod of a StatefulSet or DaemonSet was created. @source k8s.io/api apps/v1 */
export const REVISION_LABEL = 'controller-revision-hash';

/** Counts the templates that a DaemonSet has had. @source k8s.io/api apps/v1 `DeprecatedTemplateGeneration` */
export const TEMPLATE_GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation';
/** The generation of the template that a DaemonSet's pod is made from. */
export const TEMPLATE_GENERATION_LABEL = 'pod-template-generation';

/** The name of the revision of a StatefulSet with this template. @source kubernetes/kubernetes pkg/controller/history `ControllerRevisionName` */
export const revisionName = (owner: string, template: PodTemplate): string => `${owner}-${templateHash(template)}`;
