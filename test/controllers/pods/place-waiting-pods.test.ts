import { expect, test } from 'vitest';
import { createAdmissionContext } from '../../../src/controllers/context.js';
import { placeWaitingPods } from '../../../src/controllers/pods/place-waiting-pods.js';
import { Reconciliation } from '../../../src/controllers/reconciliation.js';
import { refKey } from '../../../src/domain/cluster/objects.js';
import { ControlPlane } from '../../support/control-plane.js';
import { podObject } from '../../support/manifests.js';

// The controllers run again as long as waiting pods are placed.
test.each([{ nodeName: '' }, {}])('a pod with the node name %j is reported as placed once a node fits', async (spec) => {
  const plane = await ControlPlane.create(1);
  await plane.apply(podObject('x', { spec: { nodeSelector: { disk: 'ssd' }, ...spec } }));
  const place = (): Promise<boolean> => placeWaitingPods(new Reconciliation(plane.draft, [], {
    ...createAdmissionContext(plane.draft, { now: '2025-01-01T00:00:00Z', revision: plane.draft.revision }),
    prefetch: () => Promise.resolve(), body: (ref) => plane.bodies.get(refKey(ref)) ?? null, record: () => undefined, turn: () => Promise.resolve(),
  }));
  expect(await place()).toBe(false);
  plane.draft.put({ ...plane.draft.nodeFacts('node-1')!, labels: { disk: 'ssd' } });
  expect(await place()).toBe(true);
});
