import { expect, test } from 'vitest';
import { deletionOrder } from '../../../src/controllers/workloads/deletion-order.js';
import type { PodObject } from '../../../src/controllers/object-shapes.js';
import type { PodFacts } from '../../../src/domain/cluster/facts.js';

const ready = (since = '2025-01-01T00:00:00Z', status = 'True'): object => ({ phase: 'Running', conditions: [{ type: 'Ready', status, lastTransitionTime: since }] });
const pod = (
  name: string,
  {
    node = 'node-1',
    status = ready(),
    cost,
    created = '2025-01-01T00:00:00Z',
  }: { readonly node?: string; readonly status?: object; readonly cost?: string; readonly created?: string } = {},
): PodObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, creationTimestamp: created, ...(cost !== undefined && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }) },
    spec: { nodeName: node, containers: [] },
    status,
  }) as PodObject;
const on = (...nodes: readonly string[]): readonly PodFacts[] => nodes.map((node) => ({ node }) as PodFacts);

// By every rule after the tested one, the first pod would be deleted last.
test.each<{ rule: string; pods: readonly PodObject[]; related?: readonly PodFacts[] }>([
  { rule: 'without a node', pods: [pod('stays'), pod('goes', { node: '', cost: '9' })] },
  { rule: 'that waits', pods: [pod('stays'), pod('goes', { status: { phase: 'Pending' }, cost: '9' })] },
  { rule: 'that is not ready', pods: [pod('stays'), pod('goes', { status: ready(undefined, 'False'), cost: '9' })] },
  { rule: 'of the lowest cost', pods: [pod('stays', { cost: '1' }), pod('goes', { cost: '-1', node: 'node-2' })], related: on('node-1', 'node-1', 'node-2') },
  {
    rule: 'whose node has the most of the application', pods: [pod('stays', { node: 'node-2', status: ready('2025-01-02T00:00:00Z') }), pod('goes')],
    related: on('node-1', 'node-1', 'node-2'),
  },
  { rule: 'that became ready last', pods: [pod('stays', { created: '2025-01-02T00:00:00Z' }), pod('goes', { status: ready('2025-01-02T00:00:00Z') })] },
  {
    rule: 'whose containers restarted most',
    pods: [pod('stays', { created: '2025-01-02T00:00:00Z' }), pod('goes', { status: { ...ready(), containerStatuses: [{ restartCount: 0 }, { restartCount: 2 }] } })],
  },
  { rule: 'that is youngest', pods: [pod('goes', { created: '2025-01-02T00:00:00Z' }), pod('stays')] },
  { rule: 'that was made last in the same second', pods: [pod('stays'), pod('goes')] },
])('the pod $rule is deleted first', ({ pods, related = [] }) => {
  expect(deletionOrder(pods, related).map(({ metadata }) => metadata.name)).toEqual(['goes', 'stays']);
});
