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
    'Gateway.networking.istio.io mesh, CiliumNetworkPolicy d, NetworkPolicy.projectcalico.org e: stored and given back, but not enforced: a trace that they could decide is UNDETERMINED',
    'Role a and 1 more, ConfigMap c: stored and given back; they have no part in the network here',
  ]);
  expect(notModelled([rbac('Role', 'a')])).toEqual(['Role a: stored and given back; it has no part in the network here']);
  expect(notModelled([rbac('Role', 'a'), rbac('Role', 'b')])).toEqual(['Role a and 1 more: stored and given back; they have no part in the network here']);
  const configMap = (name: string, key: string, value: string) => ({
    ...ref('', 'ConfigMap', name),
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { [key]: value } },
  });
  expect(notModelled([configMap('ingress-nginx-controller', 'use-proxy-protocol', 'true'), configMap('color', 'use-proxy-protocol', 'true')])).toEqual([
    'ConfigMap ingress-nginx-controller: stored and given back, but not enforced: a trace that it could decide is UNDETERMINED',
    'ConfigMap color: stored and given back; it has no part in the network here',
  ]);
  expect(notModelled([configMap('ingress-nginx-controller', 'ssl-redirect', 'false'), configMap('ingress-nginx-controller', 'use-proxy-protocol', 'false')])).toEqual([]);
  expect(
    notModelled(
      [
        ['rbac.authorization.k8s.io/v1beta1', 'Role'],
        ['policy/v1beta1', 'PodSecurityPolicy'],
        ['storage.k8s.io/v1beta1', 'VolumeAttributesClass'],
        ['rbac.authorization.k8s.io/v1beta1', 'Role'],
      ].map(([apiVersion = '', kind = '']) => ({ ...ref(apiVersion.split('/')[0]!, kind, 'a'), object: { apiVersion, kind, metadata: { name: 'a' } } })),
    ).slice(1),
  ).toEqual([
    'rbac.authorization.k8s.io/v1beta1 Role is unavailable in v1.22+; use rbac.authorization.k8s.io/v1',
    'policy/v1beta1 PodSecurityPolicy is unavailable in v1.25+',
  ]);
  expect(notModelled([ref('', 'Service', 'web')])).toEqual([]);
});
