import type { Facts, HttpFacts } from '../facts.js';
import type { ObjectRef } from '../objects.js';

type FactKind = Facts['kind'];

const GROUPS: Readonly<Record<Exclude<FactKind, 'Other'>, string>> = {
  Node: '', Namespace: '', Pod: '', Service: '', ReplicationController: '', EndpointSlice: 'discovery.k8s.io',
  Deployment: 'apps', ReplicaSet: 'apps', StatefulSet: 'apps', DaemonSet: 'apps', Job: 'batch',
  NetworkPolicy: 'networking.k8s.io', AdminNetworkPolicy: 'policy.networking.k8s.io', BaselineAdminNetworkPolicy: 'policy.networking.k8s.io',
  Ingress: 'networking.k8s.io', IngressClass: 'networking.k8s.io', GatewayClass: 'gateway.networking.k8s.io', Gateway: 'gateway.networking.k8s.io',
  HTTPRoute: 'gateway.networking.k8s.io', ReferenceGrant: 'gateway.networking.k8s.io',
};

/** The object that facts are about. */
export function refOfFacts(facts: Facts): ObjectRef {
  if (facts.kind === 'Other') return { group: facts.group, kind: facts.objectKind, namespace: facts.namespace, name: facts.name };
  const namespace = facts.kind === 'Node' || facts.kind === 'Namespace' ? '' : facts.namespace;
  return { group: GROUPS[facts.kind], kind: facts.kind, namespace, name: facts.name };
}

const HTTP_KINDS: ReadonlySet<string> = new Set<HttpFacts['kind']>(['Ingress', 'IngressClass', 'GatewayClass', 'Gateway', 'HTTPRoute', 'ReferenceGrant']);

export const isHttpKind = (kind: string): kind is HttpFacts['kind'] => HTTP_KINDS.has(kind);

/** The kind of facts that an object has; `Other` if its kind is not modelled, even if its name is that of a modelled kind of another group. */
export const factKindOf = ({ group, kind }: Pick<ObjectRef, 'group' | 'kind'>): FactKind =>
  Object.hasOwn(GROUPS, kind) && GROUPS[kind as keyof typeof GROUPS] === group ? (kind as FactKind) : 'Other';
