import { expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { openServices } from '../../support/open-services.js';

const pod = (name: string, spec: object) => ({ metadata: { name }, spec: { containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 9100 }] }], ...spec } });

test('the views of a hostNetwork pod are those of its node, and a pod without a node is refused with the reason', async () => {
  const { clusters, objects, inside } = await openServices();
  await clusters.create(LOCAL_VIEWER, { name: 'lab', dns: { replicas: 0 } });
  for (const each of [
    pod('agent', { nodeName: 'node-2', hostNetwork: true }),
    pod('own', { nodeName: 'node-2' }),
    pod('waiting', { hostNetwork: true, schedulingGates: [{ name: 'x/y' }] }),
  ]) {
    await objects.create(LOCAL_VIEWER, 'lab', 'pods', each);
  }
  const look = async (id: string) => (await inside.look(LOCAL_VIEWER, 'lab', id, undefined)).netns.id;
  expect(await look('pod:default/agent')).toBe('node:node-2');
  expect(await look('pod:default/own')).toBe('pod:default/own');
  await expect(look('pod:default/waiting')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'pod default/waiting has no network namespace of its own: it is not scheduled yet',
  });
});

test('the views after a trace include a pod that was deleted since; what the trace did not record is refused', async () => {
  const { clusters, objects, inside, traces } = await openServices();
  await clusters.create(LOCAL_VIEWER, { name: 'lab', dns: { replicas: 0 } });
  for (const each of [pod('client', { nodeName: 'node-1' }), pod('server', { nodeName: 'node-2' })]) await objects.create(LOCAL_VIEWER, 'lab', 'pods', each);
  const { id } = await traces.run(LOCAL_VIEWER, 'lab', { from: { pod: 'client' }, to: { pod: 'server', port: 9100 } });
  const tables = () => inside.tablesAfter(LOCAL_VIEWER, 'lab', 'pod:default/client', id!);
  const before = await tables();
  expect(before.neighbours).toMatchObject([{ address: '10.244.0.1' }]);
  await objects.delete(LOCAL_VIEWER, 'lab', 'pods', 'default', 'client');
  expect(await tables()).toEqual(before);
  await expect(inside.look(LOCAL_VIEWER, 'lab', 'pod:default/client', id!)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'pods "client" not found in namespace "default" (of what is gone, the trace has neighbours and conntrack alone)',
  });
  await expect(inside.tablesAfter(LOCAL_VIEWER, 'lab', 'pod:default/nobody', id!)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'pods "nobody" not found in namespace "default" (nor has the trace anything of it)',
  });
});
