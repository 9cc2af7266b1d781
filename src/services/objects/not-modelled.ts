import { COREDNS_CONFIG, FOREIGN_POLICIES } from '../../domain/cluster/extract/other-facts.js';
import { refKey, type ObjectRef } from '../../domain/cluster/objects.js';

const MODELLED: ReadonlySet<string> = new Set([
  '/Node', '/Namespace', '/Pod', '/Service', '/Endpoints', '/ReplicationController', 'discovery.k8s.io/EndpointSlice', 'apps/Deployment', 'apps/ReplicaSet',
  'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job', 'batch/CronJob',
  'networking.k8s.io/Ingress', 'networking.k8s.io/IngressClass', 'gateway.networking.k8s.io/GatewayClass', 'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/ReferenceGrant', '/Secret',
  'networking.k8s.io/NetworkPolicy', 'policy.networking.k8s.io/AdminNetworkPolicy', 'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
]);

/** Says of what came in what is kept and given back, but decides about no packet yet; one warning for each kind. */
export function notModelled(objects: readonly { readonly ref: ObjectRef }[]): readonly string[] {
  const byKind = new Map<string, ObjectRef[]>();
  for (const { ref } of objects) {
    const kind = `${ref.group}/${ref.kind}`;
    if (MODELLED.has(kind) || refKey(ref) === refKey(COREDNS_CONFIG)) continue;
    const known = byKind.get(kind);
    if (known) known.push(ref);
    else byKind.set(kind, [ref]);
  }
  return [...byKind.values()].map((refs) => warning(refs as [ObjectRef, ...ObjectRef[]]));
}

function warning([{ group, kind, name }, ...others]: readonly [ObjectRef, ...ObjectRef[]]): string {
  const what = FOREIGN_POLICIES.has(`${group}/${kind}`) ? 'stored and given back, but not enforced: a trace that it could decide is UNDETERMINED' : 'stored and given back; it has no part in the network here';
  return `${kind} ${others.length === 0 ? name : `${name} and ${others.length} more`}: ${what}`;
}
