import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../../src/domain/cluster/draft.js';
import type { Facts, PodFacts } from '../../../../src/domain/cluster/facts.js';
import { refKey, type ObjectRef } from '../../../../src/domain/cluster/objects.js';
import { ClusterIndex } from '../../../../src/domain/cluster/index/cluster-index.js';
import { refOfFacts } from '../../../../src/domain/cluster/index/fact-ref.js';
import { decodeFacts, encodeFacts } from '../../../../src/domain/cluster/index/fact-text.js';
import { decodePodFacts, encodePodFacts } from '../../../../src/domain/cluster/index/pod-row.js';
import { ipv4, toIpv4 } from '../../../../src/domain/values/ipv4.js';
import { NaiveClusterIndex } from '../../../oracle/naive-cluster-index.js';
import { answersOf } from './answers-of.js';
import { settings, someFacts } from './arbitrary-facts.js';

const someChange = fc.record({ facts: someFacts, action: fc.constantFrom('put', 'put', 'put', 'remove', 'reorder' as const) });
const someDraft = fc.record({ changes: fc.array(someChange, { maxLength: 12 }), outcome: fc.constantFrom('apply', 'apply', 'drop' as const) });

/** Makes a change in both; an object that is there keeps its place, unless it is to get a new one. */
function change(draft: Draft, naive: NaiveClusterIndex, { facts, action }: { readonly facts: Facts; readonly action: 'put' | 'remove' | 'reorder' }): ObjectRef {
  const ref = refOfFacts(facts);
  if (action === 'remove') {
    draft.remove(ref);
    naive.remove(ref);
  } else {
    const ordinal = action === 'reorder' ? naive.nextOrdinal() : (naive.facts(ref)?.ordinal ?? naive.nextOrdinal());
    draft.put({ ...facts, ordinal });
    naive.put({ ...facts, ordinal });
  }
  return ref;
}

const pod = (name: string, more: Partial<PodFacts> = {}): PodFacts => ({
  kind: 'Pod',
  namespace: 'default',
  name,
  uid: '00000000-0000-4000-8000-00000000000a',
  labels: { app: 'web' },
  node: 'node-1',
  ip: null,
  hostNetwork: false,
  hostname: null,
  subdomain: null,
  ready: true,
  terminating: false,
  finished: false,
  succeeded: false,
  interPod: null,
  waiting: null,
  containers: [{ name: 'app', ports: [] }],
  listen: null,
  dns: null,
  owner: null,
  ordinal: 0,
  ...more,
});
const refOfPod = (name: string): ObjectRef => ({ group: '', kind: 'Pod', namespace: 'default', name });

describe('the index and its drafts answer as the naive cluster does', () => {
  test('after any drafts, whether applied or dropped', () => {
    fc.assert(fc.property(fc.array(someDraft, { maxLength: 6 }), (drafts) => {
      const index = ClusterIndex.open('c1', settings, 1);
      let naive = new NaiveClusterIndex(settings);
      for (const { changes, outcome } of drafts) {
        const draft = index.draft();
        const after = naive.copy();
        const touched = new Map<string, ObjectRef>();
        for (const one of changes) {
          const ref = change(draft, after, one);
          touched.set(refKey(ref), ref);
        }
        expect(answersOf(draft)).toEqual(answersOf(after));
        expect(draft.changes()).toEqual(after.changesSince(naive, [...touched.values()]));
        expect(answersOf(index)).toEqual(answersOf(naive));
        expect(draft.mostWatchedEndpoints()).toBeGreaterThanOrEqual(after.mostWatchedEndpoints());
        if (outcome === 'drop') continue;
        index.apply(draft.changes(), index.revision + 1);
        after.ordinal = index.nextOrdinal(); // an object added and removed in one draft has had an ordinal in the draft alone
        naive = after;
        expect(answersOf(index)).toEqual(answersOf(naive));
        expect(index.mostWatchedEndpoints()).toBe(naive.mostWatchedEndpoints());
      }
    }), { numRuns: 100 });
  });

  test('in the middle of a draft, also for queries whose results are cached', () => {
    fc.assert(fc.property(fc.array(someChange, { maxLength: 15 }), fc.array(someChange, { maxLength: 5 }), (before, after) => {
      const index = ClusterIndex.open('c1', settings, 1);
      const naive = new NaiveClusterIndex(settings);
      const first = index.draft();
      for (const one of before) change(first, naive, one);
      index.apply(first.changes(), 2);
      const draft = index.draft();
      for (const one of after) {
        change(draft, naive, one);
        expect(answersOf(draft)).toEqual({ ...answersOf(naive), nextOrdinal: draft.nextOrdinal() });
      }
    }), { numRuns: 60 });
  });

  test('after the same objects are loaded from their stored form, in any order', () => {
    fc.assert(fc.property(fc.array(someFacts, { maxLength: 40 }), fc.boolean(), (objects, backwards) => {
      const naive = new NaiveClusterIndex(settings);
      for (const [ordinal, facts] of objects.entries()) naive.put({ ...facts, ordinal });
      const index = ClusterIndex.open('c1', settings, 1, naive.nextOrdinal());
      const stored = [...naive.stored.values()].map((facts) => decodeFacts(encodeFacts(facts)));
      index.load(stored.filter(({ kind }) => kind !== 'Pod'));
      const pods = stored.filter((facts) => facts.kind === 'Pod').map(encodePodFacts);
      index.loadPods(backwards ? pods.toReversed() : pods);
      expect(answersOf(index)).toEqual(answersOf(naive));
    }), { numRuns: 60 });
  });
});

test('facts are the same after they are encoded and decoded', () => {
  fc.assert(fc.property(someFacts, (facts) => {
    expect(decodeFacts(encodeFacts(facts))).toEqual(facts);
    if (facts.kind === 'Pod') expect(decodePodFacts(encodePodFacts(facts))).toEqual(facts);
  }));
});

test('pods with equal labels share one frozen labels object', () => {
  const index = ClusterIndex.open('c1', settings, 1);
  index.load([pod('a'), pod('b', { ordinal: 1 })]);
  const labels = index.pod('default', 'a')?.labels;
  expect(index.pod('default', 'b')?.labels).toBe(labels);
  expect(Object.isFrozen(labels)).toBe(true);
});

test('many pods keep their names, addresses and order while others are added and removed', () => {
  const index = ClusterIndex.open('c1', settings, 1);
  const live = new Map<string, PodFacts>();
  for (let round = 0; round < 4_000; round += 1) {
    const facts = pod(`pod-${'x'.repeat(round % 40)}-${String(round)}`, {
      ip: toIpv4(ipv4('10.0.0.2') + round),
      ordinal: index.nextOrdinal(),
      labels: { app: `app-${String(round % 7)}` },
    });
    const gone = round % 3 === 0 ? undefined : [...live.keys()][(round * 7) % Math.max(1, live.size)];
    const draft = index.draft();
    draft.put(facts);
    live.set(facts.name, facts);
    if (gone !== undefined) {
      draft.remove(refOfPod(gone));
      live.delete(gone);
    }
    index.apply(draft.changes(), round + 2);
  }
  expect([...index.allPods()].map(({ name }) => name)).toEqual([...live.keys()]);
  for (const facts of live.values()) {
    expect(index.podFacts('default', facts.name)).toEqual(facts);
    expect(index.podByAddress(facts.ip as never)?.name).toBe(facts.name);
  }
  expect(index.podsMatching('default', { app: 'app-3' }).map(({ name }) => name)).toEqual(
    [...live.values()].filter(({ labels }) => labels['app'] === 'app-3').map(({ name }) => name),
  );
});

test.each([
  { name: 'nothing of its labels', labels: undefined, expected: { labels: {}, proxyName: null, topologyHints: false } },
  { name: 'its labels, and not who proxies it', labels: { app: 'web' }, expected: { labels: { app: 'web' }, proxyName: null } },
  { name: 'the label of another proxy', labels: { 'service.kubernetes.io/service-proxy-name': 'mesh' }, expected: { proxyName: 'mesh', labelledHeadless: false } },
  { name: 'the label of headless ones', labels: { 'service.kubernetes.io/headless': '' }, expected: { labelledHeadless: true } },
])('a Service stored without newer facts, but with $name, is decoded with them', ({ labels, expected }) => {
  const older = { kind: 'Service', namespace: 'default', name: 'web', ...(labels && { labels }) };
  expect(decodeFacts(JSON.stringify(older))).toMatchObject(expected);
});

test('a Node stored without its CPUs is decoded with 0', () => {
  expect(decodeFacts(JSON.stringify({ kind: 'Node', name: 'node-1' }))).toMatchObject({ milliCpu: 0 });
});
