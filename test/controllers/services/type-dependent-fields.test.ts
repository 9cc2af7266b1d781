import { expect, test } from 'vitest';
import type { ServiceObject, ServiceSpec } from '../../../src/controllers/object-shapes.js';
import { dropTypeDependentFields } from '../../../src/controllers/services/type-dependent-fields.js';

const service = (spec: ServiceSpec): ServiceObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec });
const before: ServiceSpec = {
  type: 'LoadBalancer', clusterIP: '10.96.1.1', clusterIPs: ['10.96.1.1'], externalTrafficPolicy: 'Local', healthCheckNodePort: 30001,
  allocateLoadBalancerNodePorts: true, ports: [{ port: 80, nodePort: 30000 }],
};

test.each<{ readonly name: string; readonly was?: ServiceSpec; readonly spec: ServiceSpec; readonly left: object }>([
  {
    name: 'ClusterIP: node ports, traffic policy and health check go', spec: { ...before, type: 'ClusterIP' },
    left: { type: 'ClusterIP', clusterIP: '10.96.1.1', clusterIPs: ['10.96.1.1'], ports: [{ port: 80 }] },
  },
  {
    name: 'NodePort: the health check goes', spec: { ...before, type: 'NodePort' },
    left: { type: 'NodePort', clusterIP: '10.96.1.1', clusterIPs: ['10.96.1.1'], externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30000 }] },
  },
  { name: 'ExternalName: the cluster IP goes as well', spec: { ...before, type: 'ExternalName' }, left: { type: 'ExternalName', ports: [{ port: 80 }] } },
  { name: 'another cluster IP: the list follows', spec: { ...before, clusterIP: '10.96.1.2' }, left: { ...before, clusterIP: '10.96.1.2', clusterIPs: ['10.96.1.2'] } },
  { name: 'the same type: nothing goes', spec: before, left: before },
  {
    name: 'ClusterIP with a node port that is new: it is left to be refused', spec: { type: 'ClusterIP', ports: [{ port: 80, nodePort: 30009 }] },
    left: { type: 'ClusterIP', ports: [{ port: 80, nodePort: 30009 }] },
  },
  {
    name: 'ExternalName without the address: the families go all the same', was: { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    spec: { type: 'ExternalName', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }, left: { type: 'ExternalName' },
  },
  {
    name: 'ExternalName with external IPs: nothing comes in there, and the traffic policy goes', was: { externalIPs: ['192.0.2.1'] },
    spec: { type: 'ExternalName', externalIPs: ['192.0.2.1'], externalTrafficPolicy: 'Local' },
    left: { type: 'ExternalName', externalIPs: ['192.0.2.1'] },
  },
  {
    name: 'the last external IP: the traffic policy goes', was: { type: 'ClusterIP', externalIPs: ['192.0.2.1'] },
    spec: { type: 'ClusterIP', externalIPs: [], externalTrafficPolicy: 'Local' }, left: { type: 'ClusterIP', externalIPs: [] },
  },
])('$name', ({ was, spec, left }) => {
  expect(dropTypeDependentFields(service(spec), service({ ...before, ...was })).spec).toEqual(left);
});
