import { describe, expect, test } from 'vitest';
import { applyThreeWay, lastAppliedOf } from '../../../src/domain/cluster/three-way-merge.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';

const object = (rest: object): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, ...rest });

describe('fields', () => {
  test.each([
    { name: 'what is asked for is set', live: { a: 1 }, last: { a: 1 }, desired: { a: 2 }, result: { a: 2 } },
    { name: 'what is asked for no more goes', live: { a: 1, b: 2 }, last: { a: 1, b: 2 }, desired: { a: 1 }, result: { a: 1 } },
    { name: 'what others set stays', live: { a: 1, clusterIP: 'x' }, last: { a: 1 }, desired: { a: 1 }, result: { a: 1, clusterIP: 'x' } },
    { name: 'nothing goes that was never applied', live: { a: 1, b: 2 }, last: undefined, desired: { a: 3 }, result: { a: 3, b: 2 } },
    { name: 'null takes away', live: { a: 1, b: 2 }, last: undefined, desired: { b: null }, result: { a: 1 } },
    {
      name: 'deep down', live: { labels: { mine: 'x', theirs: 'y', old: 'z' } }, last: { labels: { mine: 'w', old: 'z' } },
      desired: { labels: { mine: 'v' } }, result: { labels: { mine: 'v', theirs: 'y' } },
    },
    { name: 'a list without names is replaced', live: { list: [1, 2] }, last: { list: [1] }, desired: { list: [3] }, result: { list: [3] } },
  ])('$name', ({ live, last, desired, result }) => {
    expect(applyThreeWay(object({ spec: live }), last && object({ spec: last }), object({ spec: desired }))['spec']).toEqual(result);
  });
});

describe('lists with merge keys', () => {
  test.each([
    {
      name: 'a service port keeps the node port it was given',
      live: { ports: [{ port: 80, protocol: 'TCP', nodePort: 30080 }] }, last: { ports: [{ port: 80 }] }, desired: { ports: [{ port: 80, targetPort: 8080 }] },
      result: { ports: [{ port: 80, protocol: 'TCP', nodePort: 30080, targetPort: 8080 }] },
    },
    {
      name: 'an empty protocol is the one that is filled in',
      live: { ports: [{ port: 80, protocol: 'TCP', nodePort: 30080 }] }, last: { ports: [{ port: 80, protocol: '' }] }, desired: { ports: [{ port: 80, protocol: '' }] },
      result: { ports: [{ port: 80, protocol: '', nodePort: 30080 }] },
    },
    {
      name: 'one port number of two protocols is two ports',
      live: { ports: [{ port: 53, protocol: 'UDP', nodePort: 1 }, { port: 53, protocol: 'TCP', nodePort: 2 }] }, last: undefined, desired: { ports: [{ port: 53, protocol: 'TCP', name: 'tcp' }, { port: 53, protocol: 'UDP', name: 'udp' }] },
      result: { ports: [{ port: 53, protocol: 'TCP', nodePort: 2, name: 'tcp' }, { port: 53, protocol: 'UDP', nodePort: 1, name: 'udp' }] },
    },
    {
      name: 'a container that was injected stays, one that was dropped goes',
      live: { template: { spec: { containers: [{ name: 'app' }, { name: 'old' }, { name: 'proxy' }] } } }, last: { template: { spec: { containers: [{ name: 'app' }, { name: 'old' }] } } }, desired: { template: { spec: { containers: [{ name: 'app', image: 'x' }] } } },
      result: { template: { spec: { containers: [{ name: 'app', image: 'x' }, { name: 'proxy' }] } } },
    },
    {
      name: 'elements of others keep their place among those that are asked for',
      live: { containers: [{ name: 'proxy' }, { name: 'app' }, { name: 'log' }, { name: 'web' }] }, last: { containers: [{ name: 'app' }, { name: 'web' }] }, desired: { containers: [{ name: 'app' }, { name: 'web' }, { name: 'new' }] },
      result: { containers: [{ name: 'proxy' }, { name: 'app' }, { name: 'log' }, { name: 'web' }, { name: 'new' }] },
    },
    {
      name: 'one that is new in the place of one that went stands behind those of others',
      live: { containers: [{ name: 'old' }, { name: 'app' }, { name: 'proxy' }] }, last: { containers: [{ name: 'old' }, { name: 'app' }] }, desired: { containers: [{ name: 'app' }, { name: 'new' }] },
      result: { containers: [{ name: 'app' }, { name: 'proxy' }, { name: 'new' }] },
    },
    {
      name: 'ports and environment of a container',
      live: { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', hostPort: 1 }], env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }] }] }, last: { containers: [{ name: 'a', env: [{ name: 'A', value: '1' }] }] },
      desired: { containers: [{ name: 'a', ports: [{ containerPort: 80 }], env: [{ name: 'C', value: '3' }] }] },
      result: { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', hostPort: 1 }], env: [{ name: 'B', value: '2' }, { name: 'C', value: '3' }] }] },
    },
    {
      name: 'another strategy has other fields',
      live: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } }, last: {}, desired: { strategy: { type: 'Recreate' } },
      result: { strategy: { type: 'Recreate' } },
    },
    {
      name: 'another source of a volume takes the place of the one before',
      live: { volumes: [{ name: 'a', emptyDir: {} }, { name: 'b', emptyDir: {} }] }, last: { volumes: [{ name: 'a', emptyDir: {} }] }, desired: { volumes: [{ name: 'a', hostPath: { path: '/x' } }] },
      result: { volumes: [{ name: 'a', hostPath: { path: '/x' } }, { name: 'b', emptyDir: {} }] },
    },
    {
      name: 'tolerations are one list',
      live: { tolerations: [{ key: 'a' }, { key: 'b' }] }, last: { tolerations: [{ key: 'a' }] }, desired: { tolerations: [{ key: 'c' }] },
      result: { tolerations: [{ key: 'c' }] },
    },
    {
      name: 'secrets for images, by name',
      live: { imagePullSecrets: [{ name: 'a' }, { name: 'b' }] }, last: { imagePullSecrets: [{ name: 'a' }] }, desired: { imagePullSecrets: [{ name: 'c' }] },
      result: { imagePullSecrets: [{ name: 'b' }, { name: 'c' }] },
    },
    {
      name: 'elements that cannot be told apart are replaced',
      live: { ports: [{ port: 80, nodePort: 1 }] }, last: undefined, desired: { ports: [{ port: 80, name: 'a' }, { port: 80, name: 'b' }] },
      result: { ports: [{ port: 80, name: 'a' }, { port: 80, name: 'b' }] },
    },
  ])('$name', ({ live, last, desired, result }) => {
    expect(applyThreeWay(object({ spec: live }), last && object({ spec: last }), object({ spec: desired }))['spec']).toEqual(result);
  });
});

test.each([
  { name: 'as it was written', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{}}' }, applied: { spec: {} } },
  { name: 'none', annotations: {}, applied: undefined },
  { name: 'unreadable', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{' }, applied: undefined },
])('the last applied configuration: $name', ({ annotations, applied }) => {
  expect(lastAppliedOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', annotations } })).toEqual(applied);
});

test('applying the same again changes nothing', () => {
  const live = object({ metadata: { name: 'web', uid: 'u' }, spec: { ports: [{ port: 80, nodePort: 30080 }], type: 'NodePort' } });
  const applied = object({ spec: { ports: [{ port: 80 }], type: 'NodePort' } });
  expect(applyThreeWay(live, applied, applied)).toEqual(live);
});

test('finalizers are merged as a set', () => {
  const finalizers = (...names: string[]): KubeObject => object({ metadata: { name: 'web', finalizers: names } });
  expect(applyThreeWay(finalizers('a/mine', 'b/theirs'), finalizers('a/mine'), finalizers('c/new'))).toEqual(finalizers('c/new', 'b/theirs'));
});

test('lists of kinds that kubectl does not know are replaced', () => {
  const thing = (containers: object[]): KubeObject => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { containers } });
  expect(applyThreeWay(thing([{ name: 'a', x: 1 }, { name: 'b' }]), thing([{ name: 'a', x: 1 }]), thing([{ name: 'a' }]))).toEqual(thing([{ name: 'a' }]));
});
