/** What the API server asks of Ingresses and classes beside their form: it depends on what was there before. */
import { invalidValue } from '../../domain/cluster/api-messages.js';
import { CLASS_ANNOTATION } from '../../domain/cluster/extract/ingress-facts.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import type { Findings } from '../admission/findings.js';
import { checkImmutable } from '../admission/immutable-field.js';
import type { ClassObject, IngressObject } from '../object-shapes.js';

/** Of a new one only: who moves from the annotation to the field may have both. @source k8s.io/kubernetes `ValidateIngressCreate` */
export function admitIngress(ingress: IngressObject, before: IngressObject | undefined, findings: Findings): KubeObject {
  const annotated = ingress.metadata.annotations?.[CLASS_ANNOTATION];
  const named = ingress.spec?.ingressClassName;
  if (!before && annotated !== undefined && named !== undefined && annotated !== named) {
    findings.refuse(`annotations.${CLASS_ANNOTATION}`, invalidValue(annotated, 'must match `ingressClassName` when both are specified'));
  }
  return ingress;
}

/** Whose class it is stays as it is. @source k8s.io/kubernetes `validateIngressClassSpecUpdate`; gateway.networking.k8s.io/v1 `GatewayClassSpec` */
export function admitClass(object: ClassObject, before: ClassObject | undefined, field: 'controller' | 'controllerName', findings: Findings): KubeObject {
  if (before) checkImmutable(object.spec?.[field], before.spec?.[field], `spec.${field}`, findings);
  return object;
}
