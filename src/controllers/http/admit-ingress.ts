/** Checks of Ingresses and classes that depend on the stored object. */
import { invalidValue } from '../../domain/cluster/api-messages.js';
import { CLASS_ANNOTATION } from '../../domain/cluster/extract/ingress-facts.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import type { Findings } from '../admission/findings.js';
import { checkImmutable } from '../admission/immutable-field.js';
import type { ClassObject, IngressObject } from '../object-shapes.js';

/**
 * For a new Ingress the class annotation must match the field. An existing one may have both, so that users can migrate to
 * the field.
 *
 * @source k8s.io/kubernetes `ValidateIngressCreate`
 */
export function admitIngress(ingress: IngressObject, before: IngressObject | undefined, findings: Findings): KubeObject {
  const annotated = ingress.metadata.annotations?.[CLASS_ANNOTATION];
  const named = ingress.spec?.ingressClassName;
  if (!before && annotated !== undefined && named !== undefined && annotated !== named) {
    findings.refuse(`annotations.${CLASS_ANNOTATION}`, invalidValue(annotated, 'must match `ingressClassName` when both are specified'));
  }
  return ingress;
}

/**
 * The controller of a class is immutable.
 *
 * @source k8s.io/kubernetes `validateIngressClassSpecUpdate`; gateway.networking.k8s.io/v1 `GatewayClassSpec`
 */
export function admitClass(object: ClassObject, before: ClassObject | undefined, field: 'controller' | 'controllerName', findings: Findings): KubeObject {
  if (before) checkImmutable(object.spec?.[field], before.spec?.[field], `spec.${field}`, findings);
  return object;
}
