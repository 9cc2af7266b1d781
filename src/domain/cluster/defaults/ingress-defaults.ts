/** @source k8s.io/kubernetes `pkg/apis/networking/v1` `SetDefaults_IngressClass` */
import type { IngressClass } from '../kinds/ingress.js';

/** The default scope of an IngressClass's parameters. */
export const DEFAULT_PARAMETERS_SCOPE = 'Cluster';

export function defaultIngressClass(ingressClass: IngressClass): IngressClass {
  const { parameters, ...spec } = ingressClass.spec ?? {};
  return parameters ? { ...ingressClass, spec: { ...spec, parameters: { scope: DEFAULT_PARAMETERS_SCOPE, ...parameters } } } : ingressClass;
}
