import { describe, expect, test } from 'vitest';
import type { Condition, PodObject } from '../../../src/controllers/object-shapes.js';
import { ControlPlane } from '../../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject, readyIs, serviceObject } from '../../support/manifests.js';

const [A, B] = ['example.com/a', 'example.com/b'];
const GATES = { readinessGates: [{ conditionType: A }, { conditionType: B }] };
const gated = (conditions?: Readonly<Record<string, string>>): object =>
  podObject('x', {
    labels: { app: 'x' },
    ports: [{ containerPort: 80 }],
    spec: GATES,
    ...(conditions && { status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) } }),
  });

function ready(plane: ControlPlane): Condition | undefined {
  return plane.get<PodObject>('Pod default/x').status?.conditions?.find(({ type }) => type === 'Ready');
}
const endpoints = (plane: ControlPlane): readonly unknown[] =>
  [...plane.draft.slicesOf('default', 'x')].flatMap((slice) => slice.endpoints.map((endpoint) => [endpoint.pod, endpoint.ready]));

const MISSING_B = 'corresponding condition of pod readiness gate "example.com/b" does not exist.';

describe('a pod with readiness gates', () => {
  test.each([
    { name: 'nothing is said of them', conditions: undefined, message: `corresponding condition of pod readiness gate "example.com/a" does not exist., ${MISSING_B}` },
    { name: 'one of them is not there', conditions: { [A]: 'True' }, message: MISSING_B },
    {
      name: 'one of them is False, whatever Ready says', conditions: { [A]: 'False', [B]: 'True', Ready: 'True' },
      message: 'the status of pod readiness gate "example.com/a" is not "True", but False',
    },
  ])('is not ready if $name', async ({ conditions, message }) => {
    const plane = await ControlPlane.create(1);
    const { warnings } = await plane.apply(serviceObject('x', { selector: { app: 'x' } }), gated(conditions));
    expect(ready(plane)).toMatchObject({ status: 'False', reason: 'ReadinessGatesNotReady', message });
    expect(warnings).toEqual([`Pod default/x is not ready: ${message}`]);
    expect(endpoints(plane)).toEqual([['x', false]]);
  });

  test('is ready while all gate conditions are True', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('x', { selector: { app: 'x' } }), gated());
    const former = plane.get<PodObject>('Pod default/x').status?.conditions ?? [];
    await plane.apply(
      podObject('x', {
        labels: { app: 'x' },
        ports: [{ containerPort: 80 }],
        spec: GATES,
        status: { conditions: [...former, { type: A, status: 'True' }, { type: B, status: 'True' }] },
      }),
    );
    expect(ready(plane)).toEqual({ type: 'Ready', status: 'True', lastTransitionTime: expect.any(String) as string });
    expect(endpoints(plane)).toEqual([['x', true]]);
    await plane.apply(gated({ [A]: 'True', [B]: 'Unknown' }));
    expect(ready(plane)).toMatchObject({ status: 'False', message: 'the status of pod readiness gate "example.com/b" is not "True", but Unknown' });
  });

  test('is not ready if its own Ready condition is False, even if all gates are True', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(gated({ Ready: 'False', [A]: 'True', [B]: 'True' }));
    expect(ready(plane)).toEqual({ type: 'Ready', status: 'False' });
  });

  test('is ready after its node was not Ready only if all gates are True then', async () => {
    const plane = await ControlPlane.create(1);
    const node = (status: 'True' | 'False'): object => nodeManifest('node-1', { status: readyIs(status) });
    await plane.apply(gated({ [A]: 'True', [B]: 'True' }));
    await plane.apply(node('False'));
    await plane.apply(gated({ [A]: 'True', Ready: 'False' }));
    expect(ready(plane)?.status).toBe('False');
    await plane.apply(gated({ [A]: 'True', [B]: 'True' }));
    expect(ready(plane)).toMatchObject({ status: 'False', reason: 'NodeNotReady' });
    await plane.apply(node('True'));
    expect(ready(plane)?.status).toBe('True');
  });

  test('is not counted as available by its Deployment', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', 2, { podSpec: GATES }));
    expect(plane.get('Deployment default/web').status).toMatchObject({ replicas: 2, unavailableReplicas: 2 });
  });
});
