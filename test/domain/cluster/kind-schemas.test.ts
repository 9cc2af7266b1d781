import { expect, test } from 'vitest';
import { z } from 'zod';
import { clusterSettingsSchema } from '../../../src/domain/cluster/cluster-settings-schema.js';
import { findTypedKind, isNamespaced, servedApiVersion } from '../../../src/domain/cluster/kinds/registry.js';
import { nodeShorthandSchema, podShorthandSchema, serviceShorthandSchema } from '../../../src/domain/cluster/shorthand.js';

const KINDS = [
  '/Node',
  '/Namespace',
  '/Pod',
  '/Service',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  'networking.k8s.io/Ingress',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/NetworkPolicy',
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'gateway.networking.k8s.io/GatewayClass',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/ReferenceGrant',
];

test.each(KINDS)('the schema of %s can be converted to JSON schema', (name) => {
  const [group = '', kind = ''] = name.split('/');
  const typed = findTypedKind(group, kind);
  expect(typed).toBeDefined();
  const { $ref, $defs } = z.toJSONSchema(typed?.schema ?? z.never(), { io: 'input' });
  expect($ref).toBe(`#/$defs/${kind}`);
  expect($defs?.[kind]).toMatchObject({ type: 'object', description: expect.any(String), required: expect.arrayContaining(['apiVersion', 'kind', 'metadata']) });
});

test.each([
  { id: 'ClusterInput', schema: clusterSettingsSchema }, { id: 'PodShorthand', schema: podShorthandSchema }, { id: 'ServiceShorthand', schema: serviceShorthandSchema }, { id: 'NodeSeed', schema: nodeShorthandSchema },
])('the schema of $id can be converted to JSON schema', ({ id, schema }) => {
  expect(z.toJSONSchema(schema, { io: 'input' }).$defs?.[id]).toMatchObject({ type: 'object', required: expect.arrayContaining(['name']) });
});

test.each([
  { group: '', kind: 'Pod', namespaced: true }, { group: '', kind: 'Node', namespaced: false }, { group: 'storage.k8s.io', kind: 'StorageClass', namespaced: false }, { group: 'example.com', kind: 'Thing', namespaced: true },
])('$kind is namespaced: $namespaced', ({ group, kind, namespaced }) => {
  expect(isNamespaced(group, kind)).toBe(namespaced);
});

test.each([
  { group: 'apps', kind: 'Deployment', served: 'apps/v1' }, { group: '', kind: 'Service', served: 'v1' }, { group: 'extensions', kind: 'Ingress', served: 'networking.k8s.io/v1' }, { group: 'example.com', kind: 'Thing', served: undefined },
])('$group/$kind is served as $served', ({ group, kind, served }) => {
  expect(servedApiVersion(group, kind)).toBe(served);
});
