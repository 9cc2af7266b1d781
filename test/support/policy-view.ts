/** Six pods in three namespaces on two nodes, and policies. */
import { extractFacts } from '../../src/domain/cluster/extract-facts.js';
import type { PolicyFacts } from '../../src/domain/cluster/facts.js';
import type { KubeObject } from '../../src/domain/cluster/objects.js';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import type { ClusterView } from '../../src/domain/cluster/view.js';
import { DEFAULT_SETTINGS, fakeView } from './fake-view.js';
import { POLICY_WORLD } from './random-policies.js';

const named = (name: string | null, containerPort: number, protocol: 'TCP' | 'UDP' | 'SCTP' = 'TCP') => ({ name, containerPort, protocol, hostPort: null });
const LISTEN = [named('http', 8080), named(null, 80), named('dns', 53, 'UDP'), named('dns', 53), named(null, 443, 'SCTP')];

export function policyView(objects: readonly KubeObject[], denyWith: 'DROP' | 'REJECT'): ClusterView & Pick<ClusterState, 'servicesSelecting'> {
  const pods = Object.keys(POLICY_WORLD.namespaces).flatMap((namespace, index) =>
    ['a', 'b'].map((name, position) => ({
      name,
      namespace,
      node: `node-${(position + index) % 2}`,
      ip: `10.244.${(position + index) % 2}.${2 + index * 2 + position}`,
      labels: POLICY_WORLD.labels[(index + position) % 4]!,
      containers: [{ name: 'app', ports: name === 'a' ? LISTEN : LISTEN.slice(1) }],
    })),
  );
  const view = fakeView({
    settings: { ...DEFAULT_SETTINGS, networkPolicy: { denyWith } },
    nodes: [{ name: 'node-0', ip: '192.168.1.11', podCIDR: '10.244.0.0/24', labels: { zone: 'a' } }, { name: 'node-1', ip: '192.168.1.12', podCIDR: '10.244.1.0/24' }],
    pods, policies: objects.map((object, ordinal) => extractFacts(object, ordinal) as PolicyFacts), namespaces: POLICY_WORLD.namespaces,
  });
  return { ...view, servicesSelecting: () => [] };
}
