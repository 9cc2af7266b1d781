import { describe, expect, test } from 'vitest';
import type { PodObject } from '../../../src/controllers/object-shapes.js';
import { ControlPlane } from '../../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject, readyIs, serviceObject } from '../../support/manifests.js';

const GATES = [{ name: 'example.com/quota' }, { name: 'example.com/image' }];
const gated = (spec: object = {}, rest: object = {}): object => podObject('x', { ...rest, spec: { schedulingGates: GATES, ...spec } });
const pod = (plane: ControlPlane): PodObject => plane.get<PodObject>('Pod default/x');
const scheduled = (plane: ControlPlane): unknown => pod(plane).status?.conditions?.find(({ type }) => type === 'PodScheduled');

describe('a pod with scheduling gates', () => {
  test('is Pending without node and address, with a warning', async () => {
    const plane = await ControlPlane.create(2);
    const { errors, warnings } = await plane.apply(gated());
    expect(errors).toEqual([]);
    expect(warnings).toEqual(['Pod default/x is Pending: Scheduling is blocked due to non-empty scheduling gates']);
    expect(pod(plane).status).toMatchObject({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' }],
    });
    expect(plane.draft.podFacts('default', 'x')).toMatchObject({ node: null, ip: null, ready: false });
  });

  test('is Pending, even if its status says that it runs', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(gated({}, { status: { phase: 'Running', podIP: '10.244.0.9', podIPs: [{ ip: '10.244.0.9' }], ...readyIs('True') } }));
    expect(pod(plane).status).toEqual({ phase: 'Pending', conditions: [expect.objectContaining({ reason: 'SchedulingGated' })] });
  });

  test('stays Pending while a gate is left, and is scheduled once the last is removed', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(gated());
    await plane.apply(gated({ schedulingGates: GATES.slice(1) }), nodeManifest('late'));
    expect(pod(plane).spec.nodeName).toBeUndefined();
    await plane.apply(podObject('x'));
    expect(pod(plane)).toMatchObject({ spec: { nodeName: 'late' }, status: { phase: 'Running', podIP: '10.244.1.2' } });
    expect(scheduled(plane)).toMatchObject({ status: 'True' });
  });

  test('without gates is Unschedulable if no node fits', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(gated({ nodeSelector: { disk: 'ssd' } }));
    await plane.apply(podObject('x', { spec: { nodeSelector: { disk: 'ssd' } } }));
    expect(scheduled(plane)).toMatchObject({ status: 'False', reason: 'Unschedulable' });
  });

  test('is no endpoint, and is not counted as available by its Deployment', async () => {
    const plane = await ControlPlane.create(1);
    const { warnings } = await plane.apply(serviceObject('web', { selector: { app: 'web' } }), deploymentObject('web', 2, { podSpec: { schedulingGates: GATES } }));
    expect(warnings).toEqual(['Deployment default/web: 2 of its pods are Pending: their scheduling gates are still there']);
    expect(plane.get('Deployment default/web').status).toMatchObject({ replicas: 2, unavailableReplicas: 2 });
    expect([...plane.draft.slicesOf('default', 'web')].flatMap(({ endpoints }) => endpoints)).toEqual([]);
  });
});

describe('an update of a pod with scheduling gates', () => {
  const zone = { key: 'zone', operator: 'In', values: ['a'] };
  const disk = { key: 'disk', operator: 'In', values: ['ssd'] };
  const within = (...terms: readonly (readonly object[])[]): object =>
    ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })) } } } });
  const TERMS = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const OTHERS = 'spec: Forbidden: pod updates may not change fields other than';

  test.each([
    { name: 'a gate less', from: {}, to: { schedulingGates: GATES.slice(1) }, problems: [] },
    { name: 'the gates in another order', from: {}, to: { schedulingGates: GATES.toReversed() }, problems: [] },
    {
      name: 'another gate', from: {}, to: { schedulingGates: [...GATES, { name: 'more' }] },
      problems: ["spec.schedulingGates[2].name: Forbidden: only deletion is allowed, but found new scheduling gate 'more'"],
    },
    { name: 'a label more of the node', from: { nodeSelector: { zone: 'a' } }, to: { nodeSelector: { zone: 'a', disk: 'ssd' } }, problems: [] },
    {
      name: 'another label of the node', from: { nodeSelector: { zone: 'a' } }, to: { nodeSelector: { zone: 'b' } },
      problems: ['spec.nodeSelector: Invalid value: {"zone":"b"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)'],
    },
    { name: 'a first affinity to nodes', from: {}, to: within([zone]), problems: [] },
    { name: 'a demand more of the node', from: within([zone]), to: within([zone, disk]), problems: [] },
    {
      name: 'another demand', from: within([zone]), to: within([disk]),
      problems: [`${TERMS}[0]: Invalid value: {"matchExpressions":[{"key":"disk","operator":"In","values":["ssd"]}]}: only additions are allowed (no mutations or deletions)`],
    },
    {
      name: 'an alternative more', from: within([zone]), to: within([zone], [disk]),
      problems: [`${TERMS}: Invalid value: [{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]}]},{"matchExpressions":[{"key":"disk","operator":"In","values":["ssd"]}]}]: no additions/deletions to non-empty NodeSelectorTerms list are allowed`],
    },
    {
      name: 'an affinity to pods', from: {},
      to: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] } } },
      problems: [expect.stringContaining(OTHERS)],
    },
    {
      name: 'everything at once', from: { nodeSelector: { zone: 'a' } },
      to: { nodeSelector: {}, schedulingGates: [{ name: 'more' }], hostNetwork: true },
      problems: [expect.stringMatching(/^spec.schedulingGates/), expect.stringMatching(/^spec.nodeSelector/), expect.stringContaining(OTHERS)],
    },
  ] as readonly { readonly name: string; readonly from: object; readonly to: object; readonly problems: readonly unknown[] }[])('to $name', async ({ from, to, problems }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(gated(from));
    const { errors } = await plane.apply(gated(to));
    expect(errors.map(({ path, message }) => `${path}: ${message}`)).toEqual(problems);
  });

  test('may add neither gates nor a nodeSelector once the gates are gone', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(podObject('x'));
    expect(
      (await plane.apply(podObject('x', { spec: { schedulingGates: GATES.slice(1), nodeSelector: { zone: 'a' } } }))).errors.map(({ path }) => path),
    ).toEqual(['spec.schedulingGates[0].name', 'spec']);
  });
});
