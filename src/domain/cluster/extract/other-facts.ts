import type { OtherFacts } from '../facts.js';
import { foreignSelector } from './foreign-selector.js';
import { groupOf, type KubeObject, type ObjectRef } from '../objects.js';
import { GATEWAY_GROUP } from '../../http/gateway.js';
import { isNginxConfig, readNginxConfig, type NginxConfig } from '../../http/nginx-config.js';
import { isFields } from '../../values/fields.js';

/** Policies that other projects define. */
export const FOREIGN_POLICIES: ReadonlySet<string> = new Set([
  'cilium.io/CiliumNetworkPolicy', 'cilium.io/CiliumClusterwideNetworkPolicy', 'crd.projectcalico.org/NetworkPolicy',
  'crd.projectcalico.org/GlobalNetworkPolicy', 'projectcalico.org/NetworkPolicy', 'projectcalico.org/GlobalNetworkPolicy',
  'crd.antrea.io/NetworkPolicy', 'crd.antrea.io/ClusterNetworkPolicy', 'policy.networking.k8s.io/ClusterNetworkPolicy',
]);

const podSelectorOf = (object: KubeObject): object | null =>
  FOREIGN_POLICIES.has(`${groupOf(object.apiVersion)}/${object.kind}`) ? foreignSelector(object) : null;

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

function nginxConfigOf(object: KubeObject): NginxConfig | null {
  if (object.kind !== 'ConfigMap' || groupOf(object.apiVersion) !== '' || !isNginxConfig(object.metadata.name)) return null;
  return isFields(object['data']) ? readNginxConfig(object['data']) : {};
}

/** A cluster-scoped policy applies to the pods of all namespaces. */
export function extractOtherFacts(object: KubeObject, ordinal: number): OtherFacts {
  const { namespace = '', name, uid = '' } = object.metadata;
  const backends = backendsOf(object);
  const keys = keysOf(object);
  const nginx = nginxConfigOf(object);
  return {
    kind: 'Other',
    group: groupOf(object.apiVersion),
    objectKind: object.kind,
    namespace,
    name,
    uid,
    podSelector: podSelectorOf(object),
    ...(backends.length > 0 && { backends }),
    ...(keys.length > 0 && { keys }),
    ...(nginx && { nginx }),
    corefile: corefileOf(object),
    ordinal,
  };
}
