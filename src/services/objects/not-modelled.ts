import { COREDNS_CONFIG, FOREIGN_POLICIES } from '../../domain/cluster/extract/other-facts.js';
import { refKey, type ObjectRef } from '../../domain/cluster/objects.js';

const MODELLED: ReadonlySet<string> = new Set([
  '/Node', '/Namespace', '/Pod', '/Service', '/Endpoints', '/ReplicationController', 'discovery.k8s.io/EndpointSlice', 'apps/Deployment', 'apps/ReplicaSet',
  'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job', 'batch/CronJob',
  'networking.k8s.io/Ingress', 'networking.k8s.io/IngressClass', 'gateway.networking.k8s.io/GatewayClass', 'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/ReferenceGrant', '/Secret',
  'networking.k8s.io/NetworkPolicy', 'policy.networking.k8s.io/AdminNetworkPolicy', 'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
]);

/** Warns about objects that are stored but not modelled: one warning for all, and another for those that would affect traffic in a real cluster. */
export function notModelled(objects: readonly { readonly ref: ObjectRef }[]): readonly string[] {
  const byKind = new Map<string, [ObjectRef, ...ObjectRef[]]>();
  for (const { ref } of objects) {
    const kind = `${ref.group}/${ref.kind}`;
    if (MODELLED.has(kind) || refKey(ref) === refKey(COREDNS_CONFIG)) continue;
    const known = byKind.get(kind);
    if (known) known.push(ref);
    else byKind.set(kind, [ref]);
  }
  const kinds = [...byKind];
  return [
    ...warning(
      kinds.filter(([kind]) => FOREIGN_POLICIES.has(kind)),
      ['but not enforced: a trace that it could decide is UNDETERMINED', 'but not enforced: a trace that they could decide is UNDETERMINED'],
      ',',
    ),
    ...warning(
      kinds.filter(([kind]) => !FOREIGN_POLICIES.has(kind)),
      ['it has no part in the network here', 'they have no part in the network here'],
      ';',
    ),
  ];
}

type Kinds = readonly (readonly [string, readonly [ObjectRef, ...ObjectRef[]]])[];

function warning(kinds: Kinds, [one, several]: readonly [string, string], after: string): readonly string[] {
  if (kinds.length === 0) return [];
  return [`${kinds.map(([, refs]) => someOf(refs)).join(', ')}: stored and given back${after} ${kinds.length === 1 ? one : several}`];
}

const MODELLED_NAMES: ReadonlySet<string> = new Set([...MODELLED].map((kind) => kind.slice(kind.indexOf('/') + 1)));

/** A kind with the name of a modelled one is shown with its group, as kubectl does. */
function someOf([{ group, kind, name }, ...others]: readonly [ObjectRef, ...ObjectRef[]]): string {
  return `${kind}${MODELLED_NAMES.has(kind) ? `.${group}` : ''} ${name}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
