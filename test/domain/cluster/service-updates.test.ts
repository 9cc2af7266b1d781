import { expect, test } from 'vitest';
import { dropTypeDependentFields } from '../../../src/domain/cluster/drop-type-dependent-fields.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { validateObject } from '../../../src/domain/cluster/validate-object.js';

const service = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec });
const balancer = { type: 'LoadBalancer', clusterIP: '10.96.0.9', externalTrafficPolicy: 'Local', healthCheckNodePort: 32000, allocateLoadBalancerNodePorts: true, ports: [{ port: 80, nodePort: 30080 }] };

test.each([
  { name: 'a load balancer becomes a ClusterIP', before: balancer, after: { ...balancer, type: 'ClusterIP' }, result: { type: 'ClusterIP', clusterIP: '10.96.0.9', ports: [{ port: 80 }] } },
  { name: 'a load balancer becomes a NodePort', before: balancer, after: { ...balancer, type: 'NodePort' }, result: { type: 'NodePort', clusterIP: '10.96.0.9', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] } },
  { name: 'a Service becomes a name', before: { type: 'ClusterIP', clusterIP: '10.96.0.9', ports: [{ port: 80 }] }, after: { type: 'ExternalName', externalName: 'x.y', clusterIP: '10.96.0.9', ports: [{ port: 80 }] }, result: { type: 'ExternalName', externalName: 'x.y', ports: [{ port: 80 }] } },
  { name: 'the type stays', before: balancer, after: balancer, result: balancer },
])('$name', ({ before, after, result }) => {
  const updated = dropTypeDependentFields(service(before), service(after));
  expect(updated['spec']).toEqual(result);
  expect(validateObject(updated).errors).toEqual([]);
});

test('what the update sets itself is left to be judged', () => {
  const updated = dropTypeDependentFields(service(balancer), service({ ...balancer, type: 'ClusterIP', ports: [{ port: 80, nodePort: 30099 }] }));
  expect(validateObject(updated).errors).toMatchObject([{ path: 'spec.ports[0].nodePort' }]);
});
