import { expect, test } from 'vitest';
import { notModelled } from '../../../src/services/objects/not-modelled.js';

const ref = (group: string, kind: string, name: string) => ({ ref: { group, kind, namespace: '', name } });

test('objects that are not modelled cause one warning, and unenforced policies another', () => {
  const rbac = (kind: string, name: string) => ref('rbac.authorization.k8s.io', kind, name);
  expect(
    notModelled([
      ref('', 'Service', 'web'),
      rbac('Role', 'a'),
      rbac('Role', 'b'),
      ref('', 'ConfigMap', 'c'),
      ref('networking.istio.io', 'Gateway', 'mesh'),
      ref('gateway.networking.k8s.io', 'Gateway', 'edge'),
      ref('cilium.io', 'CiliumNetworkPolicy', 'd'),
      ref('projectcalico.org', 'NetworkPolicy', 'e'),
    ]),
  ).toEqual([
    'CiliumNetworkPolicy d, NetworkPolicy.projectcalico.org e: stored and given back, but not enforced: a trace that they could decide is UNDETERMINED',
    'Role a and 1 more, ConfigMap c, Gateway.networking.istio.io mesh: stored and given back; they have no part in the network here',
  ]);
  expect(notModelled([rbac('Role', 'a')])).toEqual(['Role a: stored and given back; it has no part in the network here']);
  expect(notModelled([ref('', 'Service', 'web')])).toEqual([]);
});
