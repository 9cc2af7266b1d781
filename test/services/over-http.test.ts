/** Query parameters, headers, pages, and bodies with duplicate fields, through the API. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer } from '../support/test-server.js';

let server: TestServer;
const lab = '/api/v1/clusters/lab';
const JSON_TYPE = 'application/json';

interface Problem { readonly detail: string; readonly errors?: readonly { readonly path: string; readonly message: string }[] }
interface Listed { readonly items: readonly { readonly id: string }[]; readonly continue: string | null }

beforeAll(async () => {
  server = await openTestServer();
  await request(server.http).post('/api/v1/clusters').send({ name: 'lab', nodes: 1, dns: { replicas: 0 } }).expect(201);
  await request(server.http).post(`${lab}/pods`).send({ name: 'web', ports: [8080] }).expect(201);
});
afterAll(() => server.close());

const refusal = async (attempt: request.Test, status: number): Promise<Problem> => (await attempt.expect(status)).body as Problem;
const pathsOf = ({ errors = [] }: Problem): readonly string[] => errors.map(({ path }) => path);

describe('a dry run', () => {
  test.each(['dryRun=true', 'dryRun', 'dryRun=All'])('with ?%s returns a new object without resourceVersion, ETag and Location', async (query) => {
    const { headers, body } = await request(server.http).post(`${lab}/pods?${query}`).send({ name: 'dry' }).expect(201);
    expect([headers['etag'], headers['location'], (body as { metadata: object }).metadata]).toEqual([
      undefined,
      undefined,
      expect.not.objectContaining({ resourceVersion: expect.anything() }),
    ]);
    await request(server.http).get(`${lab}/pods/default/dry`).expect(404);
  });

  test('keeps the resourceVersion of an existing object', async () => {
    const before = (await request(server.http).get(`${lab}/pods/default/web`)).body as { metadata: { resourceVersion: string } };
    const { headers, body } = await request(server.http).patch(`${lab}/pods/default/web?dryRun=true`).send({ metadata: { labels: { a: 'b' } } }).expect(200);
    expect([headers['etag'], body]).toEqual([
      undefined,
      expect.objectContaining({ metadata: expect.objectContaining({ labels: { a: 'b' }, resourceVersion: before.metadata.resourceVersion }) }),
    ]);
  });

  test('with an unknown value is refused', async () => {
    expect((await refusal(request(server.http).post(`${lab}/pods?dryRun=some`).send({ name: 'dry' }), 400)).errors).toEqual([
      { path: 'dryRun', message: 'must be true, false or All, not "some"' },
    ]);
    expect((await refusal(request(server.http).post(`${lab}/manifests?prune=All`).set('Content-Type', JSON_TYPE).send('[]'), 400)).errors).toEqual([
      { path: 'prune', message: 'must be true or false, not "All"' },
    ]);
  });
});

describe('pages', () => {
  test.each([
    { name: 'objects', url: `${lab}/pods?labelSelector=a%20b%20c&continue=zz`, paths: ['labelSelector', 'continue'] },
    { name: 'traces', url: `${lab}/traces?continue=nope`, paths: ['continue'] },
    { name: 'traces, by the token of objects', url: `${lab}/traces?continue=${Buffer.from('["pods","1","default","web"]').toString('base64url')}`, paths: ['continue'] },
  ])('of $name: all problems of the query are reported', async ({ url, paths }) => {
    expect(pathsOf(await refusal(request(server.http).get(url), 400))).toEqual(paths);
  });

  test('of one kind cannot be continued with the token of another', async () => {
    const token = ((await request(server.http).get(`${lab}/namespaces?limit=1`)).body as Listed).continue ?? '';
    expect((await request(server.http).get(`${lab}/namespaces?limit=1&continue=${token}`).expect(200)).body).toMatchObject({
      items: [{ metadata: { name: 'kube-node-lease' } }],
    });
    expect(pathsOf(await refusal(request(server.http).get(`${lab}/nodes?continue=${token}`), 400))).toEqual(['continue']);
    const { body } = await request(server.http)
      .post('/graphql')
      .send({ query: `{ cluster(name: "lab") { nodes(after: "${token}") { totalCount } namespaces(after: "${token}") { nodes { name } } } }` });
    expect((body as { errors: object[] }).errors).toMatchObject([{ path: ['cluster', 'nodes'], extensions: { errors: [{ path: 'after' }] } }]);
  });

  test('can be continued in the same list, by the cluster\'s name or id, and in no other', async () => {
    const { id } = (await request(server.http).get(lab)).body as { id: string };
    await request(server.http).post('/api/v1/clusters').send({ name: 'other', nodes: 1, dns: { replicas: 0 } }).expect(201);
    for (const name of ['a', 'b']) await request(server.http).post(`${lab}/services`).send({ name, selector: { app: 'web' }, ports: [{ port: 80 }] }).expect(201);
    const token = ((await request(server.http).get(`${lab}/services?namespace=default&limit=1`)).body as Listed).continue ?? '';
    const statusOf = async (path: string): Promise<number> => (await request(server.http).get(`/api/v1/clusters/${path}&continue=${token}`)).status;
    expect(await statusOf('lab/services?namespace=default')).toBe(200);
    expect(await statusOf(`${id}/services?namespace=default&labelSelector=&limit=2`)).toBe(200);
    for (const path of [
      'other/services?namespace=default',
      'lab/services?limit=1',
      'lab/services?namespace=kube-system',
      'lab/services?namespace=default&labelSelector=a',
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 400]);
    }
    expect(await refusal(request(server.http).get(`${lab}/services?limit=1&continue=${token}`), 400)).toMatchObject({
      errors: [{ path: 'continue', message: 'must be the "continue" of an earlier page of this list, with the same cluster and query' }],
    });
    const cursors = async (cluster: string, page: string): Promise<object> =>
      (
        await request(server.http)
          .post('/graphql')
          .send({ query: `{ cluster(name: "${cluster}") { ${page} } }` })
      ).body as object;
    expect(await cursors('lab', `services(namespace: "default", after: "${token}") { nodes { name } }`)).toEqual({
      data: { cluster: { services: { nodes: [{ name: 'b' }, { name: 'kubernetes' }] } } },
    });
    for (const page of [`services(after: "${token}") { nodes { name } }`, `pod(name: "web") { services(after: "${token}") { nodes { name } } }`]) {
      expect(await cursors('lab', page)).toMatchObject({ errors: [{ extensions: { errors: [{ path: 'after' }] } }] });
    }
  });

  test('with namePrefix list the names that begin with it, page by page, over both APIs', async () => {
    const cluster = '/api/v1/clusters/prefixes';
    await request(server.http).post('/api/v1/clusters').send({ name: 'prefixes', nodes: 12, dns: { replicas: 0 } }).expect(201);
    for (const [name, app] of [
      ['web-1', 'a'],
      ['web-10', 'b'],
      ['web-2', 'b'],
      ['web', 'b'],
    ] as const) {
      await request(server.http).post(`${cluster}/pods`).send({ name, labels: { app } }).expect(201);
    }
    const page = async (query: string): Promise<readonly [names: readonly string[], token: string | null]> => {
      const { items, continue: token } = (await request(server.http).get(`${cluster}/${query}`).expect(200)).body as {
        items: { metadata: { name: string } }[];
        continue: string | null;
      };
      return [items.map(({ metadata }) => metadata.name), token];
    };
    expect(await page('pods?namespace=default&namePrefix=web-1')).toEqual([['web-1', 'web-10'], null]);
    expect(await page('pods?namespace=default&namePrefix=web-&labelSelector=app=b')).toEqual([['web-10', 'web-2'], null]);
    expect(await page('nodes?namePrefix=node-1')).toEqual([['node-1', 'node-10', 'node-11', 'node-12'], null]);
    expect(await page('pods?namespace=default&namePrefix=web%25')).toEqual([[], null]);
    const [first, token] = await page('pods?namespace=default&namePrefix=web-&limit=1');
    const [second] = await page(`pods?namespace=default&namePrefix=web-&limit=1&continue=${token}`);
    expect([first, second]).toEqual([['web-1'], ['web-10']]);
    expect(pathsOf(await refusal(request(server.http).get(`${cluster}/pods?namespace=default&namePrefix=web&continue=${token}`), 400))).toEqual(['continue']);
    expect(pathsOf(await refusal(request(server.http).get(`${cluster}/pods?namePrefix=web`), 400))).toEqual(['namePrefix']);
    const graphql = async (pods: string): Promise<object> =>
      (
        await request(server.http)
          .post('/graphql')
          .send({ query: `{ cluster(name: "prefixes") { ${pods} { totalCount nodes { name } } } }` })
      ).body as object;
    expect(await graphql('pods(namespace: "default", namePrefix: "web-", first: 2)')).toEqual({
      data: { cluster: { pods: { totalCount: 3, nodes: [{ name: 'web-1' }, { name: 'web-10' }] } } },
    });
    expect(await graphql('pods(first: 0, namePrefix: "web-")')).toMatchObject({ errors: [{ extensions: { errors: [{ path: 'first' }, { path: 'namePrefix' }] } }] });
  });

  test('of traces continue after the last trace', async () => {
    for (const name of ['one', 'two', 'three']) {
      await request(server.http)
        .post(`${lab}/traces`)
        .send({ from: { pod: 'web' }, to: { pod: 'web', port: 8080 }, sourcePort: 40000 + name.length })
        .expect(201);
    }
    const all = (await request(server.http).get(`${lab}/traces`)).body as Listed;
    const found: string[] = [];
    let token: string | null = '';
    while (token !== null) {
      const page = (await request(server.http).get(`${lab}/traces?limit=2${token === '' ? '' : `&continue=${token}`}`).expect(200)).body as Listed;
      found.push(...page.items.map(({ id }) => id));
      token = page.continue;
    }
    const foreign = ((await request(server.http).get(`${lab}/traces?limit=1`)).body as Listed).continue ?? '';
    expect(pathsOf(await refusal(request(server.http).get(`/api/v1/clusters/other/traces?continue=${foreign}`), 400))).toEqual(['continue']);
    expect([found, all.continue]).toEqual([all.items.map(({ id }) => id), null]);
  });
});

describe('a write with If-None-Match', () => {
  const version = async (): Promise<string> => (await request(server.http).get(`${lab}/pods/default/web`)).headers['etag'] ?? '';

  test.each([
    { name: 'If-None-Match: * and an object that is there', tag: () => '*', status: 412 },
    { name: 'If-None-Match of the version that is there', tag: version, status: 412 },
    { name: 'the same, weak', tag: async () => `"0", W/${await version()}`, status: 412 },
    { name: 'If-None-Match of another version', tag: () => '"0"', status: 200 },
  ])('$name: $status', async ({ tag, status }) => {
    const condition = await tag();
    await request(server.http).patch(`${lab}/pods/default/web?dryRun`).set('If-None-Match', condition).send({}).expect(status);
    await request(server.http).post(`${lab}/pods?dryRun`).set('If-None-Match', condition).send({ name: 'web' }).expect(status === 412 ? 412 : 409);
  });

  test('If-None-Match: * creates an object that does not exist', async () => {
    await request(server.http).post(`${lab}/pods?dryRun`).set('If-None-Match', '*').send({ name: 'new' }).expect(201);
  });
});

describe('a body with a duplicate field', () => {
  const twice = '{"name":"s1","name":"s2"}';
  const manifest = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","name":"b"}}';

  test.each([
    { query: '', status: 422, warning: undefined }, { query: '&fieldValidation=Strict', status: 422, warning: undefined },
    { query: '&fieldValidation=Warn', status: 201, warning: '299 - "duplicate field \\"name\\""' }, { query: '&fieldValidation=Ignore', status: 201, warning: undefined },
  ])('for an object with ?dryRun$query: $status', async ({ query, status, warning }) => {
    const answer = await request(server.http).post(`${lab}/pods?dryRun${query}`).set('Content-Type', JSON_TYPE).send(twice).expect(status);
    expect(answer.headers['warning']).toBe(warning);
    if (status === 422) expect((answer.body as Problem).errors).toEqual([{ path: '', message: 'duplicate field "name"' }]);
  });

  test.each([
    { method: 'post', path: '/api/v1/clusters', body: '{"name":"s1","name":"s2"}', field: 'name' },
    { method: 'patch', path: lab, body: '{"sysctls":{"rp_filter":1,"rp_filter":0}}', field: 'sysctls.rp_filter' },
    { method: 'post', path: `${lab}/traces`, body: '{"from":{"pod":"web"},"from":{"node":"node-1"},"to":{"pod":"web","port":8080}}', field: 'from' },
    { method: 'post', path: `${lab}/state/advance`, body: '{"seconds":1,"seconds":2}', field: 'seconds' },
  ] as const)('is refused on routes that refuse unknown fields: $method $path', async ({ method, path, body, field }) => {
    const { errors } = await refusal(request(server.http)[method](path).set('Content-Type', JSON_TYPE).send(body), 422);
    expect(errors).toEqual([{ path: '', message: `duplicate field "${field}"` }]);
  });

  test('in manifests is a warning, or refused with fieldValidation=Strict', async () => {
    const send = (query: string): request.Test => request(server.http).post(`${lab}/manifests?dryRun${query}`).set('Content-Type', JSON_TYPE).send(manifest);
    expect((await send('').expect(200)).body).toMatchObject({
      objects: [{ name: 'b' }],
      warnings: expect.arrayContaining(['ConfigMap default/b: duplicate field "metadata.name"']),
    });
    expect((await refusal(send('&fieldValidation=Strict'), 422)).errors).toMatchObject([{ message: 'duplicate field "metadata.name"' }]);
  });
});

describe('the detail of a refusal', () => {
  test.each([
    {
      name: 'a flow from a pod that is not there', path: 'traces', body: { from: { pod: 'wbe' }, to: { pod: 'web', port: 8080 } }, status: 422,
      detail: /^the trace request has 1 problem: from\.pod: there is no pod default\/wbe/,
    },
    {
      name: 'a pod that is not there among many', path: 'reachability', body: { pods: ['wbe'], ports: [{ port: 80 }] }, status: 422,
      detail: /^the reachability request has 1 problem: pods\[0\]: /,
    },
    {
      name: 'a node that is not there', path: 'state/announce', body: { node: 'nod', ip: '192.168.1.240' }, status: 422,
      detail: /^the body has 1 problem: node: nodes "nod" not found/,
    },
    {
      name: 'a field that there is not', path: 'traces', body: { from: { pod: 'web' }, to: { pod: 'web', port: 8080 }, tll: 3 }, status: 422,
      detail: /tll: unknown field/,
    },
    { name: 'a field that there is not, elsewhere', path: 'state/advance', body: { seconds: 1, minutes: 1 }, status: 422, detail: /minutes: unknown field/ },
    { name: 'a field that there is not beside one of the wrong type', path: 'state/advance', body: { seconds: '1', minutes: 1 }, status: 400, detail: /2 problems/ },
    {
      name: 'a number that is too large for one', path: 'state/advance', body: undefined, text: '{"seconds":1e400}', status: 400,
      detail: /seconds: must be a number, not number Infinity$/,
    },
    {
      name: 'a number that is no seed', path: 'traces',
      body: { from: { pod: 'web' }, to: { pod: 'web', port: 8080 }, choice: { mode: 'SEEDED', seed: 1e20 } }, status: 422,
      detail: /has 1 problem: choice\.seed: must be at most 4294967295, not 100000000000000000000$/,
    },
    {
      name: 'a number that is no port', path: 'pods', body: { name: 'x', ports: [1e20] }, status: 422,
      detail: /^Pod "x" is invalid: spec\.containers\[0\]\.ports\[0\]\.containerPort: Invalid value: 100000000000000000000: must be between 1 and 65535, inclusive$/,
    },
  ])('$name', async ({ path, body, text = JSON.stringify(body), status, detail }) => {
    expect((await refusal(request(server.http).post(`${lab}/${path}`).set('Content-Type', JSON_TYPE).send(text), status)).detail).toMatch(detail);
  });

  test('counts the problems of a change of settings', async () => {
    const { detail } = await refusal(request(server.http).patch(lab).send({ podCIDR: 'x', serviceCIDR: 'y', clusterDomain: '_' }), 422);
    expect(detail).toMatch(/^the change of the settings has \d problems: .*; see errors$/);
  });

  test('a path in other case is a 404', async () => {
    await refusal(request(server.http).get(`${lab}/Pods`), 404);
  });
});

test('a weak ETag in If-Match is a 412', async () => {
  const { detail } = await refusal(request(server.http).patch(`${lab}/nodes/node-1`).set('If-Match', 'W/"1", "x"').send({}), 412);
  expect(detail).toMatch(/^If-Match asks for W\/"1", "x", the current version is "\d+"$/);
});

test.each(['null', '"x"', '5', '[]'])('GraphQL refuses the body %s, but not as invalid JSON', async (text) => {
  const { body } = await request(server.http).post('/graphql').set('Content-Type', JSON_TYPE).send(text).expect(400);
  expect(body).toMatchObject({ errors: [{ message: expect.not.stringContaining('not valid JSON') as string, extensions: { code: 'BAD_REQUEST' } }] });
});

test('an object that is named twice in a deletion is deleted once', async () => {
  await request(server.http).post(`${lab}/pods`).send({ name: 'gone' }).expect(201);
  const gone = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'gone' } };
  const { body } = await request(server.http).delete(`${lab}/manifests`).send([gone, gone]).expect(200);
  expect(body).toMatchObject({ objects: [{ name: 'gone', action: 'deleted' }] });
  await request(server.http).get(`${lab}/pods/default/gone`).expect(404);
});

test.each(['application/yaml', 'text/yaml', 'text/plain'])('an export as %s is compressed if the client accepts it', async (type) => {
  const answer = await request(server.http).get(`${lab}/manifests`).set({ 'Accept': type, 'Accept-Encoding': 'gzip' }).expect(200);
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': `${type}; charset=utf-8` });
});

test('the Vary header of an export names Accept-Encoding and Accept', async () => {
  const { port } = server.http.address() as AddressInfo;
  const [answer] = (await once(get({ port, path: `${lab}/manifests` }), 'response')) as [IncomingMessage]; // without Accept-Encoding, which supertest always sends
  answer.resume();
  expect(answer.headers.vary).toBe('Accept-Encoding, Accept');
});
