import { expect, test } from 'vitest';
import { objectWarnings } from '../../../src/domain/cluster/object-warnings.js';

const spec = { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }, { name: 'b', ports: [{ containerPort: 81 }, { containerPort: 80, protocol: 'TCP' }, { containerPort: 80, protocol: 'UDP' }] }] };
const metadata = { name: 'x' };

test.each([
  { name: 'a pod', object: { apiVersion: 'v1', kind: 'Pod', metadata, spec }, warnings: ['spec.containers[1].ports[1]: duplicate port definition with spec.containers[0].ports[0]'] },
  { name: 'a template', object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { spec } } }, warnings: ['spec.template.spec.containers[1].ports[1]: duplicate port definition with spec.template.spec.containers[0].ports[0]'] },
  { name: 'one container', object: { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [spec.containers[0]] } }, warnings: [] },
  { name: 'a Service', object: { apiVersion: 'v1', kind: 'Service', metadata, spec: {} }, warnings: [] },
])('two containers that want one port, in $name', ({ object, warnings }) => {
  expect(objectWarnings(object)).toEqual(warnings);
});
