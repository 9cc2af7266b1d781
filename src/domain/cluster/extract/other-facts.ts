import type { OtherFacts } from '../facts.js';
import { foreignPods } from './foreign-pods.js';
import { foreignRoutes } from './foreign-routes.js';
import { foreignDirection, foreignSelector, isMeshWide } from './foreign-selector.js';
import { groupOf, type KubeObject, type ObjectRef } from '../objects.js';
import { GATEWAY_GROUP } from '../../http/gateway.js';
import { isNginxConfig, readNginxConfig, type NginxConfig } from '../../http/nginx-config.js';
import { isFields } from '../../values/fields.js';

/** @source Gateway API `BackendTLSPolicySpec.targetRefs` */
function backendsOf(object: KubeObject): readonly string[] {
  if (object.kind !== 'BackendTLSPolicy' || groupOf(object.apiVersion) !== GATEWAY_GROUP) return [];
  const refs = (object['spec'] as { readonly targetRefs?: unknown } | null | undefined)?.targetRefs;
  return (Array.isArray(refs) ? (refs as readonly unknown[]) : []).flatMap((ref) =>
    isFields(ref) && ref['kind'] === 'Service' && typeof ref['name'] === 'string' ? [ref['name']] : [],
  );
}

/** Where CoreDNS has its configuration. @source kubeadm `CoreDNSConfigMap` */
export const COREDNS_CONFIG: ObjectRef = { group: '', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' };

function corefileOf(object: KubeObject): string | null {
  const { kind, namespace, name } = COREDNS_CONFIG;
  if (object.kind !== kind || object.metadata.namespace !== namespace || object.metadata.name !== name || groupOf(object.apiVersion) !== '') return null;
  const corefile = (object['data'] as Readonly<Record<string, unknown>> | null | undefined)?.['Corefile'];
  return typeof corefile === 'string' ? corefile : null;
}

function keysOf(object: KubeObject): readonly string[] {
  if (object.kind !== 'Secret' || groupOf(object.apiVersion) !== '') return [];
  return [object['data'], object['stringData']].flatMap((data) => (isFields(data) ? Object.keys(data) : []));
}

/** `null` for all objects but the ConfigMap of ingress-nginx. */
export function nginxConfigOf({ apiVersion, kind, metadata, data }: KubeObject): NginxConfig | null {
  if (kind !== 'ConfigMap' || groupOf(apiVersion) !== '' || !isNginxConfig(metadata.name)) return null;
  return isFields(data) ? readNginxConfig(data) : {};
}

export function extractOtherFacts(object: KubeObject, ordinal: number): OtherFacts {
  const { namespace = '', name, uid = '' } = object.metadata;
  const backends = backendsOf(object);
  const routes = foreignRoutes(object);
  const podSelector = foreignSelector(object);
  const direction = foreignDirection(object);
  const podLabels = foreignPods(object);
  const keys = keysOf(object);
  const nginx = nginxConfigOf(object);
  return {
    kind: 'Other',
    group: groupOf(object.apiVersion),
    objectKind: object.kind,
    namespace,
    name,
    uid,
    podSelector,
    ...(podSelector && direction && { direction }),
    ...(podSelector && isMeshWide(object) && { meshWide: true as const }),
    ...(routes && { routes }),
    ...(podLabels.length > 0 && { podLabels }),
    ...(backends.length > 0 && { backends }),
    ...(keys.length > 0 && { keys }),
    ...(nginx && { nginx }),
    corefile: corefileOf(object),
    ordinal,
  };
}
