import { expect, test } from 'vitest';
import { Allocations } from '../../../src/controllers/allocation/allocations.js';
import { ControlPlane } from '../../support/control-plane.js';
import { podObject } from '../../support/manifests.js';
import { formatIpv4 } from '../../../src/domain/values/ipv4.js';

test.each([
  { name: 'an empty node', held: [], removed: [], free: '10.244.0.2' },
  { name: 'a gap', held: [2, 3, 5], removed: [], free: '10.244.0.4' },
  { name: 'an address given back', held: [2, 3, 4], removed: [3], free: '10.244.0.3' },
  { name: 'a full node, but for the broadcast address', held: [2, 3, 4, 5, 6], removed: [], free: null },
])('the next pod address is the lowest free one from .2 on, with $name: $free', async ({ held, removed, free }) => {
  const plane = await ControlPlane.create(1, { dns: { replicas: 0 }, podCIDR: '10.244.0.0/29', nodeCIDRMaskSize: 29 });
  const pods = held.map((last) => podObject(`pod-${String(last)}`, { spec: { nodeName: 'node-1' }, status: { podIP: `10.244.0.${String(last)}` } }));
  expect((await plane.apply(...pods)).errors).toEqual([]);
  for (const last of removed) await plane.delete(`Pod default/pod-${String(last)}`);
  const answer = new Allocations().nextPodAddress(plane.draft, plane.draft.nodeFacts('node-1')!);
  expect(answer === null ? null : formatIpv4(answer)).toBe(free);
});
