import type { KubeObject } from './objects.js';

type Spec = Readonly<Record<string, unknown>>;

const hasNodePorts = ({ type }: Spec): boolean => type === 'NodePort' || type === 'LoadBalancer';

/** The values that a field may keep only where the update sets them anew. */
const unchanged = (field: string, before: Spec, after: Spec): boolean => JSON.stringify(before[field]) === JSON.stringify(after[field]);

function withoutNodePorts(ports: unknown): unknown {
  if (!Array.isArray(ports)) return ports;
  return ports.map((port: unknown) => {
    if (typeof port !== 'object' || port === null) return port;
    const { nodePort: _, ...rest } = port as Spec;
    return rest;
  });
}

/**
 * An update that changes a Service's type: what only the old type had goes, unless the update changes that as well.
 *
 * @param before the Service as it is
 * @param after the Service as the update leaves it, before it is validated
 * @source k8s.io/kubernetes `pkg/registry/core/service`, `dropTypeDependentFields`
 */
export function dropTypeDependentFields(before: KubeObject, after: KubeObject): KubeObject {
  const [old, next] = [before['spec'] as Spec | undefined, after['spec'] as Spec | undefined];
  if (after.kind !== 'Service' || !old || !next || old['type'] === next['type']) return after;
  const gone = new Set<string>();
  const drop = (applies: boolean, ...fields: readonly string[]): void => {
    if (applies) for (const field of fields) if (unchanged(field, old, next)) gone.add(field);
  };
  drop(next['type'] === 'ExternalName', 'clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy');
  drop(!hasNodePorts(next) && (next['type'] === 'ExternalName' || !Array.isArray(next['externalIPs']) || next['externalIPs'].length === 0), 'externalTrafficPolicy');
  drop(next['type'] !== 'LoadBalancer', 'healthCheckNodePort', 'allocateLoadBalancerNodePorts', 'loadBalancerClass');
  const spec: Record<string, unknown> = Object.fromEntries(Object.entries(next).filter(([field]) => !gone.has(field)));
  if (hasNodePorts(old) && !hasNodePorts(next) && unchanged('ports', old, next)) spec['ports'] = withoutNodePorts(next['ports']);
  return { ...after, spec };
}
