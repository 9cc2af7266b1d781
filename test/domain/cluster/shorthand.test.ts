import { describe, expect, test } from 'vitest';
import { expandShorthand } from '../../../src/domain/cluster/shorthand.js';
import { validateObject } from '../../../src/domain/cluster/validate-object.js';

describe('a shorthand is expanded to an object', () => {
  test.each([
    { kind: 'Pod', body: { name: 'a' }, object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'app' }] } } },
    {
      kind: 'Pod', body: { name: 'a', namespace: 'x', node: 'node-1', labels: { app: 'a' }, ports: [80, 81] },
      object: {
        apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'x', labels: { app: 'a' } },
        spec: { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 80 }, { containerPort: 81 }] }] },
      },
    },
    {
      kind: 'Service', body: { name: 'a', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http' }] },
      object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http' }] } },
    },
    {
      kind: 'Service',
      body: { name: 'a', namespace: 'x', type: 'NodePort', selector: {}, ports: [{ port: 80, nodePort: 30080 }, { port: 53, protocol: 'UDP' }] },
      object: {
        apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'x' },
        spec: { type: 'NodePort', selector: {}, ports: [{ name: 'tcp-80', port: 80, nodePort: 30080 }, { name: 'udp-53', port: 53, protocol: 'UDP' }] },
      },
    },
    { kind: 'Node', body: { name: 'a' }, object: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {}, status: {} } },
    {
      kind: 'Node', body: { name: 'a', internalIP: '192.168.1.20', podCIDR: '10.244.9.0/24', announces: ['192.168.1.240'] },
      object: {
        apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', annotations: { 'packetwalk.dev/announces': '192.168.1.240' } },
        spec: { podCIDR: '10.244.9.0/24', podCIDRs: ['10.244.9.0/24'] },
        status: { addresses: [{ type: 'InternalIP', address: '192.168.1.20' }, { type: 'Hostname', address: 'a' }] },
      },
    },
  ])('$kind $body', ({ kind, body, object }) => {
    expect(expandShorthand(kind, body)).toEqual({ object, shorthand: true, unknownFields: [], errors: [] });
    expect(validateObject(object)).toMatchObject({ errors: [], unknownFields: [] });
  });
});

test.each([
  { name: 'an object', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: {} } }, { name: 'an object without its type', body: { metadata: { name: 'a' } } }, { name: 'an object with a name at the top', body: { name: 'a', spec: {} } }, { name: 'no object', body: 'x' },
])('$name is returned unchanged', ({ body }) => {
  expect(expandShorthand('Pod', body)).toEqual({ object: body, shorthand: false, unknownFields: [], errors: [] });
});

describe('invalid shorthands', () => {
  test.each([
    {
      name: 'neither form', kind: 'Service', body: { selector: {} },
      problems: [{ path: '', message: expect.stringContaining('expected a Kubernetes object with metadata and spec, or the shorthand {"name"') }],
    },
    {
      name: 'a kind without a short form', kind: 'Deployment', body: { name: 'a' },
      problems: [{ path: '', message: expect.stringMatching(/^expected a Kubernetes object with metadata and spec, got an object with name$/) }],
    },
    {
      name: 'every wrong field', kind: 'Pod', body: { name: 5, ports: ['80', 70000] },
      problems: [
        { path: 'name', category: 'shape' }, { path: 'ports[0]', category: 'shape' },
        { path: 'ports[1]', category: 'value', message: 'Invalid value: 70000: must be between 1 and 65535, inclusive' },
      ],
    },
    {
      name: 'what is missing', kind: 'Service', body: { name: 'a' },
      problems: [{ path: 'selector', message: 'Required value' }, { path: 'ports', message: 'Required value' }],
    },
  ])('$name', ({ kind, body, problems }) => {
    const { errors } = expandShorthand(kind, body);
    expect(errors).toMatchObject(problems);
    expect(errors).toHaveLength(problems.length);
  });

  test('unknown fields are reported with a suggestion, or with the shorthand\'s fields', () => {
    expect(expandShorthand('Pod', { name: 'a', port: [80] }).unknownFields).toEqual([{ path: 'port', message: 'unknown field "port"; did you mean "ports"?' }]);
    expect(expandShorthand('Node', { name: 'a', size: 2 }).unknownFields).toEqual([
      { path: 'size', message: 'unknown field "size"; the shorthand is {"name", "internalIP"?, "podCIDR"?}' },
    ]);
  });
});

test('if a field has a wrong type, the names are checked too; otherwise the shorthand is expanded and its object is validated', () => {
  const namesAndPorts = (ports: readonly unknown[]) => expandShorthand('Pod', { name: 'X', namespace: 'Y', ports });
  expect(namesAndPorts(['80', 99999]).errors.map(({ path }) => path)).toEqual(['ports[0]', 'ports[1]', 'name', 'namespace']);
  expect(namesAndPorts([99999])).toMatchObject({
    errors: [{ path: 'ports[0]', category: 'value' }],
    object: { metadata: { name: 'X' }, spec: { containers: [{ ports: [{ containerPort: 99999 }] }] } },
  });
});
