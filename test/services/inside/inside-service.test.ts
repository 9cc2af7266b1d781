import { expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { openServices } from '../../support/open-services.js';

const pod = (name: string, spec: object) => ({ metadata: { name }, spec: { containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 9100 }] }], ...spec } });

test('a hostNetwork pod looks out of its node; one that has no place to look out of says why', async () => {
  const { clusters, objects, inside } = await openServices();
  await clusters.create(LOCAL_VIEWER, { name: 'lab', dns: { replicas: 0 } });
  for (const each of [pod('agent', { nodeName: 'node-2', hostNetwork: true }), pod('own', { nodeName: 'node-2' }), pod('waiting', { hostNetwork: true, schedulingGates: [{ name: 'x/y' }] })]) await objects.create(LOCAL_VIEWER, 'lab', 'pods', each);
  const look = async (id: string) => (await inside.look(LOCAL_VIEWER, 'lab', id, undefined)).netns.id;
  expect(await look('pod:default/agent')).toBe('node:node-2');
  expect(await look('pod:default/own')).toBe('pod:default/own');
  await expect(look('pod:default/waiting')).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'pod default/waiting has no network namespace of its own: it is not scheduled yet' });
});
