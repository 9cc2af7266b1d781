import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacementSpec } from '../../../src/controllers/object-shapes.js';
import { unschedulableReason, tolerates } from '../../../src/controllers/scheduler/node-affinity.js';
import { createScheduler } from '../../../src/controllers/scheduler/scheduler.js';
import { PLAIN_WIRING } from '../../../src/domain/cluster/node-wiring.js';
import type { NodeFacts } from '../../../src/domain/cluster/facts.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { toIpv4 } from '../../../src/domain/values/ipv4.js';
import { NaiveDraft } from '../../support/naive-draft.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';

const node = (ordinal: number, part: Partial<NodeFacts> = {}): NodeFacts => ({
  kind: 'Node', name: `node-${ordinal}`, uid: `uid-${ordinal}`, internalIP: toIpv4(0xc0a8010b + ordinal), podCIDR: cidr(`10.244.${ordinal}.0/24`), labels: {},
  wiring: PLAIN_WIRING, ready: 'True', linkUp: true, unschedulable: false, taints: [], milliCpu: 0, ordinal, ...part,
});

const affinity = (...nodeSelectorTerms: readonly object[]): PlacementSpec =>
  ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } });
const expression = (key: string, operator: string, ...values: readonly string[]): object => ({ matchExpressions: [{ key, operator, values }] });

const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };

test.each<{ name: string; spec: PlacementSpec; facts: Partial<NodeFacts>; fits: boolean }>([
  { name: 'a plain pod fits a plain node', spec: {}, facts: {}, fits: true },
  {
    name: 'none fits a node that is not ready, by its taint', spec: {},
    facts: { taints: [{ key: 'node.kubernetes.io/not-ready', value: '', effect: 'NoSchedule' }] }, fits: false,
  },
  { name: 'none fits a cordoned node', spec: {}, facts: { unschedulable: true }, fits: false },
  { name: 'one that tolerates everything fits a cordoned node', spec: { tolerations: [{ operator: 'Exists' }] }, facts: { unschedulable: true }, fits: true },
  { name: 'nodeSelector must match', spec: { nodeSelector: { disk: 'ssd' } }, facts: { labels: { disk: 'hdd' } }, fits: false },
  { name: 'nodeSelector matches', spec: { nodeSelector: { disk: 'ssd' } }, facts: { labels: { disk: 'ssd', zone: 'a' } }, fits: true },
  { name: 'a taint keeps pods away', spec: {}, facts: { taints: [taint] }, fits: false },
  { name: 'PreferNoSchedule does not', spec: {}, facts: { taints: [{ ...taint, effect: 'PreferNoSchedule' }] }, fits: true },
  { name: 'a toleration lets a pod in', spec: { tolerations: [{ key: 'gpu', value: 'yes' }] }, facts: { taints: [taint] }, fits: true },
  { name: 'one of two terms is enough', spec: affinity(expression('zone', 'In', 'x'), expression('zone', 'In', 'a', 'b')), facts: { labels: { zone: 'b' } }, fits: true },
  { name: 'a term without requirements matches nothing', spec: affinity({}), facts: {}, fits: false },
  { name: 'NotIn holds where the label is missing', spec: affinity(expression('zone', 'NotIn', 'x')), facts: {}, fits: true },
  { name: 'Gt takes no number with a tail', spec: affinity(expression('cores', 'Gt', '3')), facts: { labels: { cores: '4x' } }, fits: false },
  { name: 'Lt takes no fraction', spec: affinity(expression('cores', 'Lt', '9')), facts: { labels: { cores: '3.5' } }, fits: false },
  { name: 'Gt takes no number of more than 64 bits', spec: affinity(expression('cores', 'Gt', '3')), facts: { labels: { cores: '9223372036854775808' } }, fits: false },
  {
    name: 'Gt tells numbers apart that differ in the last of 19 digits', spec: affinity(expression('cores', 'Gt', '9223372036854775806')),
    facts: { labels: { cores: '9223372036854775807' } }, fits: true,
  },
  { name: 'Gt compares numbers', spec: affinity(expression('cores', 'Gt', '9')), facts: { labels: { cores: '10' } }, fits: true },
  { name: 'Lt compares numbers', spec: affinity(expression('cores', 'Lt', '9')), facts: { labels: { cores: '10' } }, fits: false },
  { name: 'Gt is not equal', spec: affinity(expression('cores', 'Gt', '9')), facts: { labels: { cores: '9' } }, fits: false },
  { name: 'nor is Lt', spec: affinity(expression('cores', 'Lt', '9')), facts: { labels: { cores: '9' } }, fits: false },
  {
    name: 'Exists and DoesNotExist', spec: affinity({ matchExpressions: [{ key: 'a', operator: 'Exists' }, { key: 'b', operator: 'DoesNotExist' }] }),
    facts: { labels: { a: '' } }, fits: true,
  },
  { name: 'matchFields names the node', spec: affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-9'] }] }), facts: {}, fits: false },
])('$name', ({ spec, facts, fits }) => {
  expect(unschedulableReason(spec, node(1, facts)) === null).toBe(fits);
});

test.each([
  { toleration: { key: 'gpu', operator: 'Exists' }, tolerated: true },
  { toleration: { key: 'gpu', operator: 'Equal', value: 'no' }, tolerated: false },
  { toleration: { key: 'other', operator: 'Exists' }, tolerated: false },
  { toleration: { operator: 'Exists', effect: 'NoExecute' }, tolerated: false },
  { toleration: { operator: 'Exists', effect: 'NoSchedule' }, tolerated: true },
])('$toleration tolerates gpu=yes:NoSchedule: $tolerated', ({ toleration, tolerated }) => {
  expect(tolerates([toleration], taint)).toBe(tolerated);
});

describe('placement', () => {
  const draftWith = (...nodes: readonly NodeFacts[]): NaiveDraft => {
    const draft = new NaiveDraft(DEFAULT_SETTINGS);
    for (const facts of nodes) draft.put(facts);
    return draft;
  };
  const always = (): true => true;

  test('counts for each reason the nodes that it excludes', () => {
    const draft = draftWith(node(1, { unschedulable: true }), node(2, { taints: [taint] }), node(3, { unschedulable: true }));
    expect(createScheduler(draft).place({}, always)).toEqual({
      node: null,
      reason: '0/3 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 2 node(s) were unschedulable.',
    });
  });

  test('passes over a node that the caller does not accept, and offers it for the next pod', () => {
    const scheduler = createScheduler(draftWith(node(1), node(2)));
    expect(scheduler.place({}, ({ name }) => name !== 'node-1' || 'node(s) were full').node?.name).toBe('node-2');
    expect(scheduler.place({}, always).node?.name).toBe('node-1');
  });

  test('picks the node with the fewest pods among those that the pod\'s affinity names', () => {
    const scheduler = createScheduler(draftWith(node(1), node(2), node(3)));
    const named = affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1', 'node-2'] }] });
    const places = [1, 2, 3].map(() => {
      const { node: chosen } = scheduler.place(named, always);
      scheduler.podAdded(chosen!.name);
      return chosen!.name;
    });
    expect(places).toEqual(['node-1', 'node-2', 'node-1']);
  });

  test('uses added and changed nodes', () => {
    const scheduler = createScheduler(draftWith(node(1)));
    expect(scheduler.place({}, always).node?.name).toBe('node-1');
    scheduler.nodeChanged(node(0));
    expect(scheduler.place({}, always).node?.name).toBe('node-0');
    scheduler.nodeChanged(node(0, { unschedulable: true }));
    expect(scheduler.place({}, always).node?.name).toBe('node-1');
  });

  type Step = { readonly kind: 'place'; readonly selective: boolean } | { readonly kind: 'remove' | 'cordon' | 'ready'; readonly at: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('place' as const), selective: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('remove' as const, 'cordon' as const, 'ready' as const), at: fc.nat(4) }) },
  );

  test('is always on the node with the fewest pods, or the first of several in order of creation', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const nodes = Array.from({ length: 5 }, (_, ordinal) => node(ordinal, { labels: ordinal % 2 === 0 ? { even: '' } : {} }));
      const counts = new Map(nodes.map(({ name }) => [name, 0]));
      const draft = draftWith(...nodes);
      const scheduler = createScheduler(draft);
      for (const taken of steps) {
        if (taken.kind === 'place') {
          const spec: PlacementSpec = taken.selective ? { nodeSelector: { even: '' } } : {};
          const [best] = nodes
            .filter((facts) => unschedulableReason(spec, facts) === null)
            .sort((a, b) => (counts.get(a.name) ?? 0) - (counts.get(b.name) ?? 0) || a.ordinal - b.ordinal);
          const placed = scheduler.place(spec, always).node;
          expect(placed?.name).toBe(best?.name);
          if (!placed) continue;
          scheduler.podAdded(placed.name);
          counts.set(placed.name, (counts.get(placed.name) ?? 0) + 1);
        } else {
          const facts = nodes[taken.at] as NodeFacts;
          if (taken.kind === 'remove' && (counts.get(facts.name) ?? 0) > 0) {
            scheduler.podRemoved(facts.name);
            counts.set(facts.name, (counts.get(facts.name) ?? 0) - 1);
          } else if (taken.kind !== 'remove') {
            const changed = { ...facts, unschedulable: taken.kind === 'cordon' };
            nodes[taken.at] = changed;
            scheduler.nodeChanged(changed);
            draft.put(changed);
          }
        }
      }
    }), { numRuns: 200 });
  });
});
