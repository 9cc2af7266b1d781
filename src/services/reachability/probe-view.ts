import { PolicySet } from '../../domain/cluster/policy/policy-set.js';
import type { Policy, PolicyRule } from '../../domain/cluster/policy/policy.js';
import type { ClusterView } from '../../domain/cluster/view.js';

const EVERYTHING: readonly PolicyRule[] = [{ name: null, action: 'ALLOW', peers: null, ports: null }];

const allowAll = (namespace: string): Policy => ({
  kind: 'NetworkPolicy',
  namespace,
  name: 'probe',
  priority: 0,
  subject: { namespaces: { kind: 'OWN' }, pods: {} },
  ingress: EVERYTHING,
  egress: EVERYTHING,
  unmodelled: false,
  ordinal: 0,
});

/**
 * The cluster, but with other policies: in each namespace one that selects every pod and allows everything. A
 * walk then shows at which edges policies are evaluated, and is never stopped by one.
 */
export function probeView(view: ClusterView): ClusterView {
  const policies = new PolicySet({ size: 1, networkPolicies: (namespace) => [allowAll(namespace)], clusterPolicies: () => [], namespaceLabels: () => ({}) });
  return new Proxy(view, {
    get(target, name) {
      if (name === 'policies') return policies;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
