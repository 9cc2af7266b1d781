import { expect, test } from 'vitest';
import { ControlPlane } from '../../support/control-plane.js';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'carts', labels: { app: 'carts', tier: 'back' } }, spec: { containers: [{ name: 'app' }] } };
const guard = (podSelector: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'guard' }, spec: { podSelector } });

test.each([
  { what: 'a value with a slip', selector: { matchLabels: { app: 'cart' } }, says: ['its podSelector app=cart selects no pod, where pods have app=carts'] },
  {
    what: 'a slip in one of two labels', selector: { matchLabels: { app: 'carts', tier: 'bakc' } },
    says: ['its podSelector app=carts,tier=bakc selects no pod, where pods have tier=back'],
  },
  { what: 'the name under another label', selector: { matchLabels: { run: 'carts' } }, says: ['its podSelector run=carts selects no pod, where pods have app=carts'] },
  {
    what: 'pods of another namespace', selector: { matchLabels: { app: 'bank' } },
    says: ['its podSelector app=bank selects no pod of namespace default, where it is; namespace money has such pods'],
  },
  { what: 'another tier of the same', selector: { matchLabels: { app: 'carts', tier: 'front' } }, says: [] },
  { what: 'labels of pods that are there', selector: { matchLabels: { tier: 'back', app: 'carts' } }, says: [] },
  { what: 'labels of pods that may come', selector: { matchLabels: { app: 'orders' } }, says: [] },
  { what: 'every pod', selector: {}, says: [] },
])('the warnings about a policy whose podSelector is for $what: $says', async ({ selector, says }) => {
  const plane = await ControlPlane.create(1);
  // In one request, whatever comes first.
  const bank = { ...pod, metadata: { name: 'bank', namespace: 'money', labels: { app: 'bank' } } };
  const { warnings } = await plane.apply(guard(selector), pod, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'money' } }, bank);
  expect(warnings).toEqual(says.map((text) => `NetworkPolicy default/guard: ${text}`));
});

test.each([
  { policyTypes: ['Egress'], says: ['spec.ingress has no effect, as policyTypes does not have Ingress'] },
  { policyTypes: ['Ingress'], says: ['spec.egress has no effect, as policyTypes does not have Egress'] },
  { policyTypes: ['Ingress', 'Egress'], says: [] },
  { policyTypes: [], says: [] },
])('rules in both directions, with policyTypes $policyTypes: $says', async ({ policyTypes, says }) => {
  const plane = await ControlPlane.create(1);
  const { warnings } = await plane.apply({ ...guard({}), spec: { podSelector: {}, policyTypes, ingress: [{}], egress: [{}] } });
  expect(warnings).toEqual(says.map((text) => `NetworkPolicy default/guard: ${text}`));
});

test('only the first 50 policies and 50 Services of a request are checked for slips', async () => {
  const plane = await ControlPlane.create(1);
  const many = Array.from({ length: 60 }, (_, index) => `each-${index}`);
  const service = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: 'cart' }, ports: [{ port: 80 }] } });
  const { warnings } = await plane.apply(pod, ...many.map((name) => ({ ...guard({ matchLabels: { app: 'cart' } }), metadata: { name } })), ...many.map(service));
  const told = warnings.filter((text) => text.includes('where pods have app=carts')).map((text) => text.split(' ')[0]);
  expect([told.filter((kind) => kind === 'NetworkPolicy').length, told.filter((kind) => kind === 'Service').length]).toEqual([50, 50]);
});
