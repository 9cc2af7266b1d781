import { expect, test } from 'vitest';
import { ControlPlane } from '../../support/control-plane.js';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'carts', labels: { app: 'carts', tier: 'back' } }, spec: { containers: [{ name: 'app' }] } };
const guard = (podSelector: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'guard' }, spec: { podSelector } });

test.each([
  { what: 'a value with a slip', selector: { matchLabels: { app: 'cart' } }, says: ['its podSelector app=cart selects no pod, where pods have app=carts'] },
  { what: 'a slip in one of two labels', selector: { matchLabels: { app: 'carts', tier: 'bakc' } }, says: ['its podSelector app=carts,tier=bakc selects no pod, where pods have tier=back'] },
  { what: 'another tier of the same', selector: { matchLabels: { app: 'carts', tier: 'front' } }, says: [] },
  { what: 'labels of pods that are there', selector: { matchLabels: { tier: 'back', app: 'carts' } }, says: [] },
  { what: 'labels of pods that may come', selector: { matchLabels: { app: 'orders' } }, says: [] },
  { what: 'every pod', selector: {}, says: [] },
])('a policy for $what: $says', async ({ selector, says }) => {
  const plane = await ControlPlane.create(1);
  // In one request, whatever comes first.
  const { warnings } = await plane.apply(guard(selector), pod);
  expect(warnings).toEqual(says.map((text) => `NetworkPolicy default/guard: ${text}`));
});
