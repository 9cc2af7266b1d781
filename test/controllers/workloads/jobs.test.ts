import { describe, expect, test, vi } from 'vitest';
import type { JobObject, PodObject } from '../../../src/controllers/object-shapes.js';
import type { PodFacts } from '../../../src/domain/cluster/facts.js';
import { formatIndexes, parseIndexes } from '../../../src/controllers/workloads/job-indexes.js';
import { ControlPlane } from '../../support/control-plane.js';

const jobObject = (spec: object = {}): object => ({
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'sum' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app' }] } }, ...spec },
});

const job = (plane: ControlPlane): JobObject => plane.get<JobObject>('Job default/sum');
const owned = (plane: ControlPlane): readonly PodFacts[] => plane.draft.podsOwnedBy(job(plane).metadata.uid ?? '');
const running = (plane: ControlPlane): readonly string[] => owned(plane).filter(({ finished }) => !finished).map(({ name }) => name);

async function start(spec: object = {}): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2);
  expect((await plane.apply(jobObject(spec))).errors).toEqual([]);
  return plane;
}

async function end(plane: ControlPlane, phase: 'Succeeded' | 'Failed'): Promise<void> {
  await plane.apply({ ...plane.get<PodObject>(`Pod default/${running(plane)[0]}`), status: { phase } });
}

describe('a Job', () => {
  test('runs a pod that is selected by the Job\'s uid', async () => {
    const plane = await start();
    const { uid } = job(plane).metadata;
    expect(job(plane).spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    expect(job(plane).metadata.labels).toEqual({
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': 'sum',
      'controller-uid': uid,
      'job-name': 'sum',
    });
    expect(plane.get<PodObject>(`Pod default/${running(plane)[0]}`)).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^sum-[a-z0-9]{5}$/),
        labels: { 'job-name': 'sum', 'batch.kubernetes.io/job-name': 'sum', 'controller-uid': uid },
        ownerReferences: [{ kind: 'Job' }],
      },
      status: { phase: 'Running' },
    });
    expect(job(plane).status).toEqual({ active: 1, ready: 1, terminating: 0, startTime: expect.any(String), uncountedTerminatedPods: {} });
    expect((await plane.idle()).changes).toEqual([]);
  });

  test('beyond the cluster\'s limit of pods is refused before the first pod is created', async () => {
    const plane = await ControlPlane.create(2);
    vi.spyOn(plane.draft, 'podCount').mockReturnValue(199_997);
    expect((await plane.apply(jobObject({ parallelism: 4, completions: 4 }))).errors).toMatchObject([
      { path: 'spec.parallelism', message: 'the cluster would have more than 200000 pods: workloads make no more' },
    ]);
    expect(owned(plane)).toEqual([]);
  });

  test('keeps its own labels', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply({ ...jobObject(), metadata: { name: 'sum', labels: { app: 'sum' } } });
    expect(job(plane).metadata.labels).toEqual({ app: 'sum' });
  });

  test.each([
    { name: 'as many at once as it says', spec: { completions: 5, parallelism: 2 }, want: 2 },
    { name: 'no more than it needs', spec: { completions: 1, parallelism: 4 }, want: 1 },
    { name: 'as a work queue all at once', spec: { parallelism: 3 }, want: 3 },
    { name: 'none while it is suspended', spec: { suspend: true }, want: 0 },
    { name: 'none of those that another controller is to run', spec: { managedBy: 'kueue.x-k8s.io/multikueue' }, want: 0 },
    { name: 'those that it is told to run', spec: { managedBy: 'kubernetes.io/job-controller' }, want: 1 },
  ])('runs $name', async ({ spec, want }) => {
    expect(running(await start(spec))).toHaveLength(want);
  });

  test('runs until enough pods have succeeded, and keeps them', async () => {
    const plane = await start({ completions: 3, parallelism: 2 });
    await end(plane, 'Succeeded');
    expect([running(plane).length, job(plane).status?.succeeded]).toEqual([2, 1]);
    await end(plane, 'Succeeded');
    expect([running(plane).length, job(plane).status?.succeeded]).toEqual([1, 2]);
    await end(plane, 'Succeeded');
    expect(running(plane)).toEqual([]);
    expect(owned(plane)).toHaveLength(3);
    expect(job(plane).status).toMatchObject({
      succeeded: 3,
      completionTime: expect.any(String),
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True' },
        { type: 'Complete', status: 'True' },
      ],
    });
    expect((await plane.idle()).changes).toEqual([]);
  });

  test('still counts a succeeded pod that is deleted', async () => {
    const plane = await start({ completions: 2 , parallelism: 1 });
    const [first] = running(plane);
    await end(plane, 'Succeeded');
    await plane.delete(`Pod default/${first}`);
    expect(job(plane).status?.succeeded).toBe(1);
    await end(plane, 'Succeeded');
    expect(job(plane).status).toMatchObject({ succeeded: 2, conditions: [{}, { type: 'Complete' }] });
  });

  test('fails if its pods fail more often than backoffLimit', async () => {
    const plane = await start({ backoffLimit: 1 });
    await end(plane, 'Failed');
    expect([running(plane).length, job(plane).status?.failed]).toEqual([1, 1]);
    await end(plane, 'Failed');
    expect(running(plane)).toEqual([]);
    expect(job(plane).status).toMatchObject({ failed: 2, conditions: [{ type: 'FailureTarget' }, { type: 'Failed', reason: 'BackoffLimitExceeded' }] });
  });

  test('of mode Indexed runs each index once', async () => {
    const plane = await start({ completions: 3, parallelism: 2, completionMode: 'Indexed' });
    expect(running(plane).map((name) => name.slice(0, -5))).toEqual(['sum-0-', 'sum-1-']);
    await end(plane, 'Succeeded');
    expect(running(plane).map((name) => name.slice(0, -5))).toEqual(['sum-1-', 'sum-2-']);
    expect(plane.get<PodObject>(`Pod default/${running(plane)[1]}`)).toMatchObject({
      spec: { hostname: 'sum-2' },
      metadata: { labels: { 'batch.kubernetes.io/job-completion-index': '2' } },
    });
    expect(job(plane).status).toMatchObject({ succeeded: 1, completedIndexes: '0' });
  });

  test('without completions is complete once all of its pods have ended', async () => {
    const plane = await start({ parallelism: 2 });
    await end(plane, 'Succeeded');
    expect([running(plane).length, job(plane).status?.conditions]).toEqual([1, undefined]);
    await end(plane, 'Succeeded');
    expect(job(plane).status?.conditions?.map(({ type }) => type)).toEqual(['SuccessCriteriaMet', 'Complete']);
  });

  test('fails beyond backoffLimit, even if another pod has succeeded', async () => {
    const plane = await start({ parallelism: 2, backoffLimit: 0 });
    await plane.apply(...running(plane).map((name, index) => ({ ...plane.get<PodObject>(`Pod default/${name}`), status: { phase: ['Succeeded', 'Failed'][index] } })));
    expect(job(plane).status?.conditions?.map(({ type }) => type)).toEqual(['FailureTarget', 'Failed']);
  });

  test.each([
    { podReplacementPolicy: 'Failed', left: 1 },
    { podReplacementPolicy: 'TerminatingOrFailed', left: 2 },
  ])('with podReplacementPolicy $podReplacementPolicy has $left pods while one terminates', async ({ podReplacementPolicy, left }) => {
    const plane = await start({ podReplacementPolicy });
    const { metadata, ...rest } = plane.get<PodObject>(`Pod default/${running(plane)[0]}`);
    await plane.apply({ ...rest, metadata: { ...metadata, deletionTimestamp: '2025-01-01T00:00:30Z' } });
    expect(running(plane)).toHaveLength(left);
  });

  test('of mode Indexed may change completions only together with parallelism', async () => {
    const plane = await start({ completions: 3, parallelism: 2, completionMode: 'Indexed' });
    const { errors } = await plane.apply(jobObject({ completions: 4, parallelism: 2, completionMode: 'Indexed' }));
    expect(errors).toEqual([{ path: 'spec.completions', message: 'Invalid value: 4: can only be modified in tandem with spec.parallelism' }]);
    expect((await plane.apply(jobObject({ completions: 4, parallelism: 4, completionMode: 'Indexed' }))).errors).toEqual([]);
  });

  test('may change its nodeSelector only before it has started', async () => {
    const at = (nodeSelector: object): object => ({ spec: { restartPolicy: 'Never', containers: [{ name: 'app' }], nodeSelector } });
    const plane = await start({ suspend: true });
    expect((await plane.apply(jobObject({ suspend: true, template: at({ 'kubernetes.io/hostname': 'node-2' }) }))).errors).toEqual([]);
    expect(
      (await plane.apply(jobObject({ suspend: true, template: { spec: { ...(at({}) as { spec: object }).spec, hostNetwork: true } } }))).errors,
    ).toMatchObject([{ path: 'spec.template' }]);
    await plane.apply(jobObject({ template: at({ 'kubernetes.io/hostname': 'node-2' }) }));
    expect(owned(plane).map(({ node }) => node)).toEqual(['node-2']);
    expect((await plane.apply(jobObject({ template: at({}) }))).errors).toMatchObject([{ path: 'spec.template' }]);
  });

  test('may be applied again, but not with another template or managedBy', async () => {
    const plane = await start();
    expect((await plane.apply(jobObject())).errors).toEqual([]);
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'other' }] } };
    expect((await plane.apply(jobObject({ template, managedBy: 'example.com/other' }))).errors.map(({ path }) => path)).toEqual(['spec.template', 'spec.managedBy']);
  });
});

test.each([
  { text: '0', indexes: [0] }, { text: '0-2,5', indexes: [0, 1, 2, 5] }, { text: '1,2', indexes: [1, 2] }, { text: '', indexes: [] },
])('completed indexes "$text" are parsed and formatted', ({ text, indexes }) => {
  expect([...parseIndexes(text)]).toEqual(indexes);
  expect(formatIndexes(indexes)).toBe(text);
});
