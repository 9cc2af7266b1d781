import { FOREIGN_ROUTES } from '../../domain/cluster/extract/foreign-routes.js';
import { FOREIGN_KINDS } from '../../domain/cluster/extract/foreign-selector.js';
import { COREDNS_CONFIG, nginxConfigOf } from '../../domain/cluster/extract/other-facts.js';
import { removalOf } from '../../domain/cluster/kinds/removed-versions.js';
import { kindTitle } from '../../domain/cluster/kinds/registry.js';
import { refKey, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { hasDoubtfulSettings } from '../../domain/http/nginx-config.js';

const MODELLED: ReadonlySet<string> = new Set([
  '/Node', '/Namespace', '/Pod', '/Service', '/Endpoints', '/ReplicationController', 'discovery.k8s.io/EndpointSlice', 'apps/Deployment', 'apps/ReplicaSet',
  'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job', 'batch/CronJob',
  'networking.k8s.io/Ingress', 'networking.k8s.io/IngressClass', 'gateway.networking.k8s.io/GatewayClass', 'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/ReferenceGrant', '/Secret',
  'networking.k8s.io/NetworkPolicy', 'policy.networking.k8s.io/AdminNetworkPolicy', 'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
]);

/**
 * Warns about objects that are stored but not modelled: one warning for all, another for those that would affect traffic in
 * a real cluster, and one for each API version that no API server has any more.
 */
export function notModelled(objects: readonly { readonly ref: ObjectRef; readonly object?: KubeObject }[]): readonly string[] {
  const decisive = new Map<string, Refs>();
  const others = new Map<string, Refs>();
  for (const { ref, object } of objects) {
    const kind = `${ref.group}/${ref.kind}`;
    const config = object ? nginxConfigOf(object) : null;
    const isDoubtful = config !== null && hasDoubtfulSettings(config);
    if (MODELLED.has(kind) || refKey(ref) === refKey(COREDNS_CONFIG) || (config && !isDoubtful)) continue;
    const byKind = FOREIGN_KINDS.has(kind) || FOREIGN_ROUTES.has(kind) || isDoubtful ? decisive : others;
    const known = byKind.get(kind);
    if (known) known.push(ref);
    else byKind.set(kind, [ref]);
  }
  return [
    ...warning(
      decisive,
      ['but not enforced: a trace that it could decide is UNDETERMINED', 'but not enforced: a trace that they could decide is UNDETERMINED'],
      ',',
    ),
    ...warning(others, ['it has no part in the network here', 'they have no part in the network here'], ';'),
    ...new Set(objects.flatMap(({ object, ref }) => (object && removalOf(object.apiVersion, ref.kind)) ?? [])),
  ];
}

type Refs = [ObjectRef, ...ObjectRef[]];

function warning(byKind: ReadonlyMap<string, Readonly<Refs>>, [one, several]: readonly [string, string], after: string): readonly string[] {
  if (byKind.size === 0) return [];
  const kinds = [...byKind.values()];
  return [`${kinds.map(someOf).join(', ')}: stored and given back${after} ${kinds.flat().length === 1 ? one : several}`];
}

function someOf([{ group, kind, name }, ...others]: readonly [ObjectRef, ...ObjectRef[]]): string {
  return `${kindTitle(group, kind)} ${name}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
