import type { IngressBackend } from '../../http/ingress-view.js';
import { isDecisiveAnnotation } from '../../http/controller-annotations.js';
import { readNginxAnnotations } from '../../http/nginx-settings.js';
import type { IngressClassFacts, IngressFacts } from '../facts.js';
import type { Ingress, IngressBackendInput, IngressClass } from '../kinds/ingress.js';
import type { ObjectMeta } from '../objects.js';

/** Annotation of an IngressClass: the Service of its controller, `namespace/name`. */
export const CONTROLLER_ANNOTATION = 'packetwalk.dev/ingress-controller';
/** The annotation that names the class of older Ingresses. */
export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
export const DEFAULT_CLASS_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class';

function backendOf(backend: IngressBackendInput | undefined): IngressBackend | null {
  if (backend?.service) return { service: backend.service.name, port: backend.service.port?.name || (backend.service.port?.number ?? 0) };
  return backend?.resource ? { resource: `${backend.resource.kind} ${backend.resource.name}` } : null;
}

export function extractIngressFacts(
  { spec = {} }: Ingress,
  { namespace = 'default', name, uid = '', creationTimestamp = '', annotations = {} }: ObjectMeta,
  ordinal: number,
): IngressFacts {
  const { settings, unreadable } = readNginxAnnotations(annotations);
  return {
    kind: 'Ingress',
    namespace,
    name,
    uid,
    className: spec.ingressClassName ?? annotations[CLASS_ANNOTATION] ?? null,
    defaultBackend: backendOf(spec.defaultBackend),
    rules: (spec.rules ?? []).map(({ host = '', http }) => ({
      host: host.toLowerCase(),
      paths: (http?.paths ?? []).flatMap(({ path = '', pathType = 'ImplementationSpecific', backend }) => {
        const to = backendOf(backend);
        return to ? [{ path, pathType, backend: to }] : [];
      }),
    })),
    tls: (spec.tls ?? []).map(({ hosts = [], secretName }) => ({ hosts, secret: secretName || null })),
    nginx: settings,
    notModelled: [...Object.keys(annotations).filter(isDecisiveAnnotation), ...unreadable].sort(),
    createdAt: creationTimestamp,
    ordinal,
  };
}

export const extractIngressClassFacts = ({ spec = {} }: IngressClass, { name, uid = '', annotations }: ObjectMeta, ordinal: number): IngressClassFacts => ({
  kind: 'IngressClass', namespace: '', name, uid, controller: spec.controller ?? '', isDefault: annotations?.[DEFAULT_CLASS_ANNOTATION] === 'true',
  service: annotations?.[CONTROLLER_ANNOTATION] ?? null, ordinal,
});
