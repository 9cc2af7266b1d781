/** Traces after changes of pods through the API. */
import request from 'supertest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const C = '/api/v1/clusters/lab';
let server: TestServer;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: never;
}

async function send(method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object): Promise<Answer> {
  const call = request(server.http)[method](path);
  const answer = await (body === undefined ? call : call.send(body));
  return answer as unknown as Answer;
}

async function ok<T>(method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object): Promise<T> {
  const { status, body: answer } = await send(method, path, body);
  expect(status, JSON.stringify(answer)).toBeLessThan(300);
  return answer;
}

interface Pod extends KubeObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly podIP?: string };
}

const pods = async (app = 'web'): Promise<readonly Pod[]> => (await ok<{ readonly items: readonly Pod[] }>('get', `${C}/pods?labelSelector=app=${app}`)).items;
const slices = async (): Promise<readonly unknown[]> =>
  (
    await ok<{ readonly items: readonly { readonly endpoints: readonly { readonly conditions: object; readonly targetRef: { readonly name: string } }[] }[] }>(
      'get',
      `${C}/endpointslices?labelSelector=kubernetes.io/service-name=web`,
    )
  ).items.flatMap(({ endpoints }) => endpoints.map(({ conditions, targetRef }) => ({ ...conditions, pod: targetRef.name })));

/** Names of the pods that a trace to the Service may reach; the verdict if there is none. */
async function reached(): Promise<readonly string[] | string> {
  const trace = await ok<{
    readonly verdict: string;
    readonly paths: readonly { readonly backend: { readonly pod: string } | null; readonly reason: { readonly code: string } | null }[];
  }>('post', `${C}/traces`, { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 }, choice: { mode: 'ALL' }, record: false });
  const names = trace.paths.flatMap(({ backend }) => (backend ? [backend.pod.replace('default/', '')] : []));
  return names.length > 0 ? names.toSorted() : `${trace.verdict} ${trace.paths[0]?.reason?.code}`;
}

const deployment = (replicas: number): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }] } },
  },
});

beforeEach(async () => {
  server = await openTestServer();
  await ok('post', '/api/v1/clusters', { name: 'lab', nodes: 3, dns: { replicas: 0 } });
  await ok('post', `${C}/pods`, { name: 'client', node: 'node-1' });
  await ok('post', `${C}/deployments`, deployment(2));
  await ok('post', `${C}/services`, { name: 'web', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] });
});
afterEach(() => server.close());

const namesOf = (list: readonly Pod[]): readonly string[] => list.map(({ metadata }) => metadata.name).toSorted();

test('a trace reaches the pods of a Deployment after it was scaled, and after a pod was replaced', async () => {
  expect(await reached()).toEqual(namesOf(await pods()));
  await ok('patch', `${C}/deployments/default/web`, { spec: { replicas: 3 } });
  expect((await reached()).length).toBe(3);
  const before = await pods();
  const [victim] = before;
  await ok('delete', `${C}/pods/default/${victim?.metadata.name}`);
  const after = await pods();
  const [replacement] = after.filter(({ metadata }) => !namesOf(before).includes(metadata.name));
  expect(after).toHaveLength(3);
  expect(replacement?.status.podIP).not.toBe(victim?.status.podIP);
  expect(await reached()).toEqual(namesOf(after));
  await ok('patch', `${C}/deployments/default/web`, { spec: { replicas: 0 } });
  expect(await reached()).toBe('UNREACHABLE SERVICE_NO_ENDPOINTS');
});

test('a pod that is not ready is not reached until it is ready again', async () => {
  const [sick, well] = namesOf(await pods());
  const ready = (status: string): object => ({ status: { conditions: [{ type: 'Ready', status }] } });
  await ok('patch', `${C}/pods/default/${sick}`, ready('False'));
  expect(await reached()).toEqual([well]);
  await ok('patch', `${C}/pods/default/${sick}`, ready('True'));
  expect(await reached()).toEqual([sick, well]);
});

test('a pod with scheduling gates is not reached until the last of them is removed', async () => {
  const former = namesOf(await pods());
  const gates = (...names: readonly string[]): object => ({ spec: { schedulingGates: names.map((name) => ({ name })) } });
  await ok('post', `${C}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'gated', labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }], schedulingGates: [{ name: 'a' }, { name: 'b' }] },
  });
  expect(await reached()).toEqual(former);
  const direct = await ok<{ readonly paths: readonly { readonly reason: { readonly code: string } | null }[] }>('post', `${C}/traces`, {
    from: { pod: 'default/client' },
    to: { pod: 'default/gated', port: 8080 },
    record: false,
  });
  expect(direct.paths[0]?.reason?.code).toBe('POD_IP_UNASSIGNED');
  await ok('patch', `${C}/pods/default/gated`, gates('b'));
  expect(await reached()).toEqual(former);
  expect((await send('patch', `${C}/pods/default/gated`, gates('b', 'c'))).status).toBe(422);
  await ok('patch', `${C}/pods/default/gated`, { spec: { schedulingGates: null } });
  expect(await reached()).toEqual(namesOf(await pods()));
});

test('a terminating pod is replaced at once, and its endpoint keeps serving until it is deleted again', async () => {
  await ok('patch', `${C}/deployments/default/web`, { spec: { replicas: 1 } });
  const [old] = namesOf(await pods());
  const terminating = await ok<KubeObject>('delete', `${C}/pods/default/${old}?gracePeriodSeconds=30`);
  expect(terminating.metadata).toMatchObject({ deletionTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), deletionGracePeriodSeconds: 30 });
  const fresh = namesOf(await pods()).find((name) => name !== old);
  expect(await slices()).toEqual([
    { pod: old, ready: false, serving: true, terminating: true }, { pod: fresh, ready: true, serving: true, terminating: false },
  ]);
  expect(await reached()).toEqual([fresh]);
  // With no ready endpoint left, kube-proxy falls back to those that terminate and serve.
  await ok('patch', `${C}/pods/default/${fresh}`, { status: { conditions: [{ type: 'Ready', status: 'False' }] } });
  expect(await reached()).toEqual([old]);
  await ok('patch', `${C}/pods/default/${old}`, { metadata: { labels: { seen: 'yes' } } });
  expect((await ok<KubeObject>('get', `${C}/pods/default/${old}`)).metadata.deletionTimestamp).toBe(terminating.metadata.deletionTimestamp);
  await ok('delete', `${C}/pods/default/${old}?gracePeriodSeconds=30`);
  expect(namesOf(await pods())).toEqual([fresh]);
  expect(await reached()).toBe('UNREACHABLE SERVICE_NO_ENDPOINTS');
});

test('a terminating pod in a dump stays terminating', async () => {
  const [pod] = await pods();
  await ok('post', '/api/v1/clusters', { name: 'copy', nodes: 3, dns: { replicas: 0 } });
  const metadata = { name: 'leaving', labels: { app: 'web' }, deletionTimestamp: '2025-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 };
  await ok('post', '/api/v1/clusters/copy/manifests', [{ ...pod, metadata, status: undefined }]);
  expect((await ok<KubeObject>('get', '/api/v1/clusters/copy/pods/default/leaving')).metadata).toMatchObject(metadata);
});

test('a cordoned node gets no pods, a drained one loses them, and an uncordoned one gets pods again', async () => {
  const { spec: { nodeName: node = '' } } = (await pods()).find(({ spec }) => spec.nodeName !== 'node-1') as Pod;
  await ok('patch', `${C}/nodes/${node}`, { spec: { unschedulable: true } });
  expect((await reached()).length).toBe(2);
  await ok('patch', `${C}/deployments/default/web`, { spec: { replicas: 4 } });
  expect((await pods()).filter(({ spec }) => spec.nodeName === node)).toHaveLength(1);
  const drained = await ok<{ readonly evicted: readonly string[]; readonly node: object }>('post', `${C}/nodes/${node}/drain`);
  expect(drained).toMatchObject({
    evicted: [expect.stringMatching(/^default\/web-/)],
    node: { spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] } },
  });
  const after = await pods();
  expect(after.some(({ spec }) => spec.nodeName === node)).toBe(false);
  expect(await reached()).toEqual(namesOf(after));
  const back = await ok<{ readonly spec: object }>('patch', `${C}/nodes/${node}`, { spec: { unschedulable: false } });
  expect(back.spec).not.toHaveProperty('taints');
  await ok('patch', `${C}/deployments/default/web`, { spec: { replicas: 6 } });
  expect((await pods()).some(({ spec }) => spec.nodeName === node)).toBe(true);
});

test('a drain is refused as a whole if a pod must not be evicted, and leaves pods of DaemonSets', async () => {
  const agent = { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'app' }] } };
  const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec: {} };
  await ok('post', `${C}/manifests`, [
    budget,
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' }, spec: { selector: { matchLabels: { app: 'agent' } }, template: agent } },
  ]);
  const agents = await pods('agent');
  expect(agents.map(({ spec }) => spec.nodeName ?? '').toSorted()).toEqual(['node-1', 'node-2', 'node-3']);
  const refused = await send('post', `${C}/nodes/node-1/drain`, {});
  expect([refused.status, (refused.body as { readonly errors: readonly { readonly message: string }[] }).errors.map(({ message }) => message)]).toEqual([422, [
    expect.stringContaining('cannot delete DaemonSet-managed Pods'), 'cannot delete Pods that declare no controller (force overrides): default/client',
  ]]);
  expect(await ok<object>('get', `${C}/nodes/node-1`)).not.toHaveProperty('spec.unschedulable');
  const drained = await ok<{ readonly staying: readonly string[]; readonly warnings: readonly string[] }>('post', `${C}/nodes/node-1/drain`, {
    force: true,
    ignoreDaemonSets: true,
  });
  expect(drained.warnings).toEqual([
    expect.stringContaining('ignoring DaemonSet-managed Pods'), 'deleting Pods that declare no controller: default/client',
    'PodDisruptionBudget default/web: stored, but not enforced: no eviction waits for it',
  ]);
  expect(drained.staying).toContain('kube-system/kube-apiserver-node-1');
  expect(namesOf(await pods('agent'))).toEqual(namesOf(agents));
});

test('finished pods are evicted by a drain; pods of a missing DaemonSet only with force', async () => {
  const pod = (name: string, rest: object, owner?: string) => ({
    apiVersion: 'v1', kind: 'Pod', spec: { nodeName: 'node-2', containers: [{ name: 'app' }], volumes: [{ name: 'data', emptyDir: {} }] }, ...rest,
    metadata: { name, ...(owner !== undefined && { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: owner, uid: 'gone', controller: true }] }) },
  });
  const done = { status: { phase: 'Succeeded' } };
  await ok('patch', `${C}/deployments/default/web`, { spec: { replicas: 0 } });
  await ok('post', `${C}/manifests`, [pod('done', done), pod('left', {}, 'gone')]);
  const refused = await send('post', `${C}/nodes/node-2/drain`, { ignoreDaemonSets: true });
  expect(refused.body).toMatchObject({
    errors: [
      { message: 'cannot delete Pods whose DaemonSet is not found (force overrides): default/left' },
      { message: expect.stringContaining('local storage') as string },
    ],
  });
  const drained = await ok<{ readonly evicted: readonly string[] }>('post', `${C}/nodes/node-2/drain`, { force: true, deleteEmptyDirData: true });
  expect(drained.evicted.toSorted()).toEqual(['default/done', 'default/left']);
  await ok('post', `${C}/manifests`, [pod('done', done)]);
  await ok('delete', `${C}/nodes/node-2`);
  expect((await send('get', `${C}/pods/default/done`)).status).toBe(404);
});

test('the pods of a node that is not Ready are not reached until it is Ready again', async () => {
  const all = await pods();
  const { spec: { nodeName: node = '' }, metadata: { name } } = all.find(({ spec }) => spec.nodeName !== 'node-1') as Pod;
  const stopped = await send('patch', `${C}/nodes/${node}`, { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } });
  expect(stopped.body).toMatchObject({ spec: { taints: ['NoSchedule', 'NoExecute'].map((effect) => ({ key: 'node.kubernetes.io/unreachable', effect })) } });
  expect(stopped.headers['warning']).toContain('no time passes here, so they stay');
  expect(await reached()).toEqual(namesOf(all).filter((other) => other !== name));
  const direct = await ok<{ readonly verdict: string }>('post', `${C}/traces`, {
    from: { pod: 'default/client' },
    to: { pod: `default/${name}`, port: 8080 },
    record: false,
  });
  expect(direct.verdict).toBe('UNREACHABLE');
  const back = await ok<{ readonly spec: object }>('patch', `${C}/nodes/${node}`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  expect(back.spec).not.toHaveProperty('taints');
  expect(await reached()).toEqual(namesOf(all));
});

test.each([
  { name: 'goes at once where it does not tolerate it', tolerations: undefined, stays: false },
  { name: 'stays where it does', tolerations: [{ key: 'broken', operator: 'Exists' }], stays: true },
  {
    name: 'stays where the first toleration of it is for good',
    tolerations: [{ key: 'broken', operator: 'Exists' }, { key: 'broken', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }],
    stays: true,
  },
  {
    name: 'goes where the first toleration of it is for no time',
    tolerations: [{ key: 'broken', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }, { key: 'broken', operator: 'Exists' }],
    stays: false,
  },
  { name: 'stays where it does for a time', tolerations: [{ key: 'broken', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }], stays: true },
])('a pod on a node that gets a NoExecute taint $name', async ({ tolerations, stays }) => {
  await ok('post', `${C}/pods`, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare' }, spec: { nodeName: 'node-2', containers: [{ name: 'app' }], tolerations } });
  await ok('patch', `${C}/nodes/node-2`, { spec: { taints: [{ key: 'broken', effect: 'NoExecute' }] } });
  expect((await send('get', `${C}/pods/default/bare`)).status).toBe(stays ? 200 : 404);
});

test.each([
  { policy: 'Orphan', sets: 1, left: 2 },
  { policy: 'Background', sets: 0, left: 0 },
  { policy: 'Foreground', sets: 0, left: 0 },
])('deleting a Deployment with propagationPolicy=$policy leaves $left pods', async ({ policy, sets, left }) => {
  await ok('delete', `${C}/deployments/default/web?propagationPolicy=${policy}`);
  expect(await pods()).toHaveLength(left);
  const exported = (await request(server.http).get(`${C}/manifests`)).text;
  expect(exported.split('kind: ReplicaSet\nmetadata:').length - 1).toBe(sets);
  expect(exported).not.toContain('kind: Deployment');
});

test('deleting a Namespace deletes its objects, with any propagationPolicy', async () => {
  await ok('post', `${C}/namespaces`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await ok('post', `${C}/pods`, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', namespace: 'shop' }, spec: { containers: [{ name: 'app' }] } });
  await ok('delete', `${C}/namespaces/shop?propagationPolicy=Orphan`);
  expect((await send('get', `${C}/pods/shop/bare`)).status).toBe(404);
});
