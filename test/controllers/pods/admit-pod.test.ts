import { describe, expect, test } from 'vitest';
import type { PodObject } from '../../../src/controllers/object-shapes.js';
import { ControlPlane } from '../../support/control-plane.js';
import { nodeManifest, podObject, readyIs } from '../../support/manifests.js';

const pod = (plane: ControlPlane, name: string): PodObject => plane.get<PodObject>(`Pod default/${name}`);
const place = (plane: ControlPlane, name: string): readonly unknown[] => [pod(plane, name).spec.nodeName, pod(plane, name).status?.podIP];
const on = (nodeName: string, podIP?: string): object => ({ spec: { nodeName }, ...(podIP && { status: { podIP } }) });

test.each([
  { name: 'of another protocol', ports: { protocol: 'UDP' }, want: 'a' },
  { name: 'of another address', ports: { hostIP: '127.0.0.2' }, want: 'a' },
  { name: 'of this very address', ports: { hostIP: '127.0.0.1' }, want: undefined },
  { name: 'of all addresses', ports: {}, want: undefined },
])('a pod that wants a host port $name gets the node: $want', async ({ ports, want }) => {
  const plane = await ControlPlane.create([{ name: 'a' }]);
  const at = (name: string, more: object): object => podObject(name, { ports: [{ containerPort: 80, hostPort: 80, ...more }] });
  await plane.apply(at('first', { hostIP: '127.0.0.1' }), at('second', ports));
  expect(pod(plane, 'second').spec.nodeName).toBe(want);
});

const template = { containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 80, hostPort: 80 }] }] };
test.each([
  {
    name: 'a pod on the network of its node', level: 'restricted', object: podObject('x', { spec: { hostNetwork: true } }),
    says: ['Pod default/x: its namespace enforces the Pod Security Standard restricted, by which the API server refuses pods with hostNetwork; here they run'],
  },
  {
    name: 'a workload with a host port', level: 'baseline',
    object: {
      apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'x' },
      spec: { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } }, spec: template } },
    },
    says: ['DaemonSet default/x: its namespace enforces the Pod Security Standard baseline, by which the API server refuses pods with hostPort 80; here they run'],
  },
  { name: 'a pod that is only warned of', level: 'privileged', object: podObject('x', { spec: { hostNetwork: true } }), says: [] },
  { name: 'a pod with a network of its own', level: 'restricted', object: podObject('x'), says: [] },
])('of $name in a namespace that enforces $level', async ({ level, object, says }) => {
  const plane = await ControlPlane.create(1);
  await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels: { 'pod-security.kubernetes.io/enforce': level } } });
  expect((await plane.apply(object)).warnings).toEqual(says);
});

test('a pod that is applied again does not conflict with its own host port', async () => {
  const plane = await ControlPlane.create([{ name: 'a' }]);
  const object = podObject('x', { ports: [{ containerPort: 80, hostPort: 80 }], spec: { nodeName: 'a' } });
  expect([(await plane.apply(object)).warnings, (await plane.apply(object)).warnings]).toEqual([[], []]);
});

describe('a new pod', () => {
  test('goes to the node with the fewest pods and gets the lowest free address there', async () => {
    const plane = await ControlPlane.create([{ name: 'a' }, { name: 'b' }]);
    await plane.apply(podObject('one'), podObject('two'), podObject('three'));
    // The API server is a pod of node a.
    expect([place(plane, 'one'), place(plane, 'two'), place(plane, 'three')]).toEqual([['b', '10.244.1.2'], ['a', '10.244.0.2'], ['b', '10.244.1.3']]);
    await plane.delete('Pod default/one');
    await plane.apply(podObject('four'));
    expect(place(plane, 'four')).toEqual(['b', '10.244.1.2']);
  });

  test('runs and is ready', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(podObject('one'));
    expect(pod(plane, 'one')).toMatchObject({
      metadata: { uid: expect.any(String) as string, creationTimestamp: expect.any(String) as string },
      status: {
        phase: 'Running', podIP: '10.244.0.2', podIPs: [{ ip: '10.244.0.2' }], hostIP: '192.168.1.11', hostIPs: [{ ip: '192.168.1.11' }],
        conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, status: 'True' })),
        containerStatuses: [{ name: 'main', ready: true }],
      },
    });
  });

  test('with hostNetwork has its node\'s address, and uses none of the podCIDR', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(podObject('host', { spec: { hostNetwork: true } }), podObject('one'));
    expect([place(plane, 'host'), place(plane, 'one')]).toEqual([['node-1', '192.168.1.11'], ['node-1', '10.244.0.2']]);
  });

  test('keeps its stated node and address, even from pods that are applied before it', async () => {
    const plane = await ControlPlane.create(2);
    const { errors } = await plane.apply(
      podObject('one', on('node-1')),
      podObject('two', on('node-1', '10.244.0.2')),
      podObject('three', { status: { podIP: '10.244.1.77' } }),
    );
    expect(errors).toEqual([]);
    expect([place(plane, 'one'), place(plane, 'two'), place(plane, 'three')]).toEqual([['node-1', '10.244.0.3'], ['node-1', '10.244.0.2'], ['node-2', '10.244.1.77']]);
  });

  test('keeps its stated status', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(podObject('sick', { status: { phase: 'Running', ...readyIs('False') } }), podObject('done', { status: { phase: 'Succeeded' } }));
    expect(plane.draft.podFacts('default', 'sick')).toMatchObject({ ready: false, finished: false });
    expect(plane.draft.podFacts('default', 'done')).toMatchObject({ finished: true, ip: null });
  });

  test.each([
    {
      name: 'its namespace is not there', manifest: podObject('x', { metadata: { namespace: 'nowhere' } }), path: 'metadata.namespace',
      message: 'namespaces "nowhere" not found',
    },
    { name: 'its node is not there', manifest: podObject('x', on('node-11')), path: 'spec.nodeName', message: 'nodes "node-11" not found; did you mean "node-1"' },
    { name: 'its address is taken', manifest: podObject('x', on('node-1', '10.244.0.2')), path: 'status.podIP', message: 'already in use by pod default/first' },
    {
      name: 'its address is another node\'s', manifest: podObject('x', on('node-1', '10.244.1.9')), path: 'status.podIP',
      message: 'the node needs podCIDR 10.244.1.0/24',
    },
    {
      name: 'its address is outside the cluster\'s podCIDR', manifest: podObject('x', on('node-1', '10.1.2.3')), path: 'status.podIP',
      message: 'needs the setting podCIDR to contain it',
    },
    { name: 'its address is the bridge\'s', manifest: podObject('x', on('node-1', '10.244.0.1')), path: 'status.podIP', message: 'the bridge\'s address' },
    { name: 'its address is the broadcast address', manifest: podObject('x', on('node-1', '10.244.0.255')), path: 'status.podIP', message: 'broadcast' },
  ])('is refused if $name', async ({ manifest, path, message }) => {
    const plane = await ControlPlane.create(2);
    await plane.apply(podObject('first', on('node-1')));
    const { errors } = await plane.apply(manifest);
    expect(errors).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  test('is refused if the podCIDR of its node is full, except with hostNetwork', async () => {
    const plane = await ControlPlane.create([{ name: 'a' }], { nodeCIDRMaskSize: 29 });
    const names = Array.from({ length: 5 }, (_, index) => `p${index}`);
    expect((await plane.apply(...names.map((name) => podObject(name)))).errors).toEqual([]);
    expect(pod(plane, 'p4').status?.podIP).toBe('10.244.0.6');
    for (const manifest of [podObject('late', on('a')), podObject('late')]) {
      expect((await plane.apply(manifest)).errors).toEqual([
        { path: 'spec.nodeName', message: expect.stringContaining('podCIDR 10.244.0.0/29 of node a is full: all 5 pod addresses are in use') },
      ]);
    }
    expect((await plane.apply(podObject('host', { spec: { hostNetwork: true } }))).errors).toEqual([]);
  });

  test('goes to a node with a free address', async () => {
    const plane = await ControlPlane.create([{ name: 'a' }, { name: 'b' }], { nodeCIDRMaskSize: 30 });
    await plane.apply(podObject('one', on('b')), podObject('host', { spec: { hostNetwork: true, nodeName: 'a' } }), podObject('two'));
    expect(place(plane, 'two')).toEqual(['a', '10.244.0.2']);
  });

  test('is Pending if no node fits, and is scheduled once one is added', async () => {
    const plane = await ControlPlane.create(1);
    const { errors, warnings } = await plane.apply(podObject('picky', { spec: { nodeSelector: { disk: 'ssd' } } }));
    expect(errors).toEqual([]);
    expect(warnings).toEqual(["Pod default/picky is Pending: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."]);
    expect(pod(plane, 'picky').status).toMatchObject({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] });
    expect(plane.draft.podFacts('default', 'picky')).toMatchObject({ node: null, ip: null });
    await plane.apply(nodeManifest('fast', { metadata: { labels: { disk: 'ssd' } } }));
    expect(place(plane, 'picky')).toEqual(['fast', '10.244.1.2']);
    expect(pod(plane, 'picky').status).toMatchObject({ phase: 'Running' });
    expect(plane.draft.podFacts('default', 'picky')?.ready).toBe(true);
  });

  test('whose containers have the same port is accepted with a warning', async () => {
    const plane = await ControlPlane.create(1);
    const containers = [{ name: 'a', ports: [{ containerPort: 80 }] }, { name: 'b', ports: [{ containerPort: 80, protocol: 'UDP' }, { containerPort: 80 }] }];
    const { errors, warnings } = await plane.apply(podObject('x', { spec: { containers } }));
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^Pod default\/\S+: spec\.containers\[1\]\.ports\[1\]: duplicate port definition with spec\.containers\[0\]\.ports\[0\]/),
    ]);
  });
});

describe('a pod with spec.nodeName', () => {
  const tainted = (effect: string): object => nodeManifest('node-1', { spec: { taints: [{ key: 'gpu', value: 'yes', effect }] } });
  const EVICTED = ['Pod default/x: it does not tolerate the taint {gpu: yes} of node node-1, which has the effect NoExecute: a kubelet would not run it'];

  test.each([
    { name: 'a taint NoSchedule does not matter', node: tainted('NoSchedule'), spec: {}, warnings: [] },
    { name: 'a taint NoExecute does', node: tainted('NoExecute'), spec: {}, warnings: EVICTED },
    { name: 'a taint NoExecute does not that it tolerates', node: tainted('NoExecute'), spec: { tolerations: [{ operator: 'Exists' }] }, warnings: [] },
    { name: 'a node that is not ready is tolerated for a while', node: nodeManifest('node-1', { status: readyIs('False') }), spec: {}, warnings: [] },
    {
      name: 'a label does that it selects', node: nodeManifest('node-1'), spec: { nodeSelector: { disk: 'ssd' } },
      warnings: ['Pod default/x: node node-1 is none that its nodeSelector and its affinity mean: a kubelet would not run it'],
    },
  ])('is placed on its node in any case; $name', async ({ node, spec, warnings }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(node);
    expect((await plane.apply(podObject('x', { spec: { nodeName: 'node-1', ...spec } }))).warnings).toEqual(warnings);
    expect(place(plane, 'x')).toEqual(['node-1', '10.244.0.2']);
  });

  test('and an address, as in a dump, causes no warnings about its node', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(tainted('NoExecute'));
    expect((await plane.apply(podObject('x', { spec: { nodeName: 'node-1', nodeSelector: { disk: 'ssd' } }, status: { podIP: '10.244.0.7' } }))).warnings).toEqual([]);
  });
});

describe('an update of a pod', () => {
  const before = podObject('x', { ports: [{ containerPort: 80 }], spec: { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }] } });
  const change = (spec: object): object =>
    podObject('x', { ports: [{ containerPort: 80 }], spec: { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }], ...spec } });

  test.each([
    { name: 'another time for a toleration', spec: { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }] }, allowed: true },
    { name: 'another image', spec: { containers: [{ name: 'main', image: 'other', ports: [{ containerPort: 80 }] }] }, allowed: true },
    { name: 'an empty list of what there is none of', spec: { volumes: [], nodeSelector: {} }, allowed: true },
    { name: 'one more toleration', spec: { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }, { key: 'b', operator: 'Exists' }] }, allowed: true },
    { name: 'another port', spec: { containers: [{ name: 'main', image: 'main', ports: [{ containerPort: 81 }] }] }, allowed: false },
    { name: 'another node', spec: { nodeName: 'node-2' }, allowed: false },
    { name: 'no node any more', spec: { nodeName: '' }, allowed: false },
    { name: 'hostNetwork', spec: { hostNetwork: true }, allowed: false },
    { name: 'another grace period', spec: { terminationGracePeriodSeconds: 5 }, allowed: false },
  ])('with $name is allowed: $allowed', async ({ spec, allowed }) => {
    const plane = await ControlPlane.create([{ name: 'node-1' }, { name: 'node-2' }]);
    await plane.apply(nodeManifest('node-2', { spec: { unschedulable: true } }), before);
    const { errors } = await plane.apply(change(spec));
    const forbidden = {
      path: 'spec',
      message: expect.stringMatching(/^Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`/) as string,
    };
    expect(errors).toEqual(allowed ? [] : expect.arrayContaining([forbidden]));
  });

  test.each([
    {
      name: 'one toleration less', from: {}, to: { tolerations: [] }, path: 'spec.tolerations',
      message: 'Forbidden: existing toleration can not be modified except its tolerationSeconds',
    },
    {
      name: 'one container more', from: {}, to: { containers: [{ name: 'main' }, { name: 'more' }] }, path: 'spec.containers',
      message: 'Forbidden: pod updates may not add or remove containers',
    },
    {
      name: 'a later deadline', from: { activeDeadlineSeconds: 60 }, to: { activeDeadlineSeconds: 61 }, path: 'spec.activeDeadlineSeconds',
      message: 'Invalid value: 61: must be less than or equal to previous value',
    },
    {
      name: 'no deadline any more', from: { activeDeadlineSeconds: 60 }, to: {}, path: 'spec.activeDeadlineSeconds',
      message: 'Invalid value: null: must not update from a positive integer to nil value',
    },
  ])('with $name is refused', async ({ from, to, path, message }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(change(from));
    expect((await plane.apply(change(to))).errors).toEqual([{ path, message }]);
  });

  test('keeps node, address, uid, status and generation if only labels change', async () => {
    const plane = await ControlPlane.create(2);
    await plane.apply(before);
    const former = pod(plane, 'x');
    await plane.apply(
      podObject('x', { labels: { app: 'x' }, ports: [{ containerPort: 80 }], spec: { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }] } }),
    );
    const { metadata: { labels, ...metadata }, ...rest } = pod(plane, 'x');
    expect({ metadata, ...rest }).toEqual(former);
    expect(labels).toEqual({ app: 'x' });
  });

  test('that finishes the pod frees its address', async () => {
    const plane = await ControlPlane.create([{ name: 'a' }]);
    await plane.apply(before);
    await plane.apply({ ...before, status: { phase: 'Succeeded' } });
    await plane.apply(podObject('y'));
    expect(place(plane, 'y')).toEqual(['a', '10.244.0.2']);
  });

  test('may set the node of a Pending pod', async () => {
    const plane = await ControlPlane.create([{ name: 'a' }]);
    const waiting = (spec: object = {}): object => podObject('x', { spec: { nodeSelector: { disk: 'ssd' }, ...spec } });
    await plane.apply(waiting());
    expect((await plane.apply(waiting({ nodeName: 'a' }))).errors).toEqual([]);
    expect(place(plane, 'x')).toEqual(['a', '10.244.0.2']);
  });
});
