import { expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { openWritePath, podManifest, refused } from '../../support/write-path.js';

const body = (generateName: string): object => ({ ...podManifest(''), metadata: { generateName } });

test('each object created with generateName gets a unique name; manifests need a name', { timeout: 30_000 }, async () => {
  const { objects } = await openWritePath({ nodes: 1 });
  const create = (generateName: string) => objects.create(LOCAL_VIEWER, 'lab', 'pods', body(generateName));
  const names = [(await create('job-')).object.metadata.name, (await create('job-')).object.metadata.name];
  expect(names).toEqual([expect.stringMatching(/^job-[a-z0-9]{5}$/), expect.stringMatching(/^job-[a-z0-9]{5}$/)]);
  expect(new Set(names).size).toBe(2);
  expect((await objects.get(LOCAL_VIEWER, 'lab', 'pods', 'default', names[0] ?? '')).metadata).toMatchObject({ generateName: 'job-', namespace: 'default' });
  expect((await refused(create('Job_'))).errors.map(({ path }) => path)).toContain('metadata.generateName');
  expect((await refused(objects.apply(LOCAL_VIEWER, 'lab', { json: [{ apiVersion: 'v1', kind: 'Pod', ...body('job-') }] }))).errors).toMatchObject([
    { path: 'metadata.name' },
  ]);
});
