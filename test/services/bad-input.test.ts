/** Invalid input through the API: every problem is reported with its path, and nothing is written. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer } from '../support/test-server.js';

let server: TestServer;
const lab = '/api/v1/clusters/lab';
beforeAll(async () => {
  server = await openTestServer();
  await request(server.http).post('/api/v1/clusters').send({ name: 'lab', podCIDR: '10.244.0.0/28', nodeCIDRMaskSize: 29, dns: { replicas: 0 } }).expect(201);
  await request(server.http).post(`${lab}/pods`).send({ name: 'web', node: 'node-1', ports: [8080] }).expect(201);
  await request(server.http)
    .post(`${lab}/services`)
    .send({ name: 'web', type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30080 }] })
    .expect(201);
});
afterAll(() => server.close());

interface Problem {
  readonly detail: string;
  readonly errors?: readonly {
    readonly path: string;
    readonly message: string;
    readonly document?: number;
    readonly line?: number;
    readonly column?: number;
  }[];
}

async function state(): Promise<unknown> {
  const { body } = await request(server.http).get(lab).expect(200);
  return { revision: (body as { revision: number }).revision, manifests: (await request(server.http).get(`${lab}/manifests`)).text };
}

const pod = (name: string, spec: object, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app' }], ...spec },
  ...more,
});

describe('is refused, and nothing is written', () => {
  test.each([
    { name: 'an unknown node', path: 'pods', body: { name: 'x', node: 'nod-1' }, status: 422, says: [/spec\.nodeName.*node-1/] },
    {
      name: 'a duplicate IP', path: 'pods', body: pod('x', { nodeName: 'node-1' }, { status: { podIP: '10.244.0.2' } }), status: 422,
      says: [/status\.podIP.*10\.244\.0\.2/],
    },
    {
      name: 'an IP outside of the cluster\'s podCIDR', path: 'pods', body: pod('x', { nodeName: 'node-1' }, { status: { podIP: '10.9.9.9' } }),
      status: 422, says: [/status\.podIP.*needs the setting podCIDR/],
    },
    { name: 'a port out of range', path: 'services', body: { name: 'x', selector: { a: 'b' }, ports: [{ port: 70000 }] }, status: 422, says: [/port.*65535/] },
    {
      name: 'a taken node port', path: 'services',
      body: { name: 'x', type: 'NodePort', selector: { a: 'b' }, ports: [{ port: 80, nodePort: 30080 }] }, status: 422,
      says: [/spec\.ports\[0\]\.nodePort.*provided port is already allocated/],
    },
    {
      name: 'a node port out of range', path: 'services',
      body: { name: 'x', type: 'NodePort', selector: { a: 'b' }, ports: [{ port: 80, nodePort: 80 }] }, status: 422,
      says: [/spec\.ports\[0\]\.nodePort.*The range of valid ports is 30000-32767/],
    },
    { name: 'an unknown field', path: 'pods', body: pod('x', { nodname: 'node-1' }), status: 422, says: [/spec\.nodname/] },
    { name: 'a name that exists', path: 'pods', body: { name: 'web' }, status: 409, says: [/pods "web" already exists/] },
    { name: 'a namespace that is not there', path: 'pods', body: { name: 'x', namespace: 'nowhere' }, status: 422, says: [/namespaces "nowhere" not found/] },
    {
      name: 'three mistakes in one object', path: 'services',
      body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'X!' }, spec: { type: 'Nodeport', ports: [{ port: 0 }] } }, status: 422,
      says: [/metadata\.name/, /spec\.type/, /spec\.ports\[0\]\.port/],
    },
  ])('$name', async ({ path, body, status, says }) => {
    const before = await state();
    const answer = await request(server.http).post(`${lab}/${path}`).send(body);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    const problem = answer.body as Problem;
    const told = (problem.errors ?? []).map((error) => `${error.path}: ${error.message}`).concat(problem.detail).join('\n');
    for (const pattern of says) expect(told).toMatch(pattern);
    expect(await state()).toEqual(before);
  });

  test.each([
    {
      name: 'a value out of range, a pod and a Service that are not there', body: { from: { pod: 'wob' }, to: { service: 'wep', port: 80 }, ttl: 0 },
      status: 422, says: ['ttl', 'from.pod', 'to.service'],
    },
    {
      name: 'a wrong type, and a pod that is not there', body: { from: { pod: 'web' }, to: { pod: 'wep', port: 80 }, ttl: 'many' }, status: 400,
      says: ['ttl', 'to.pod'],
    },
    {
      name: 'one end that can not be read, and the other that is not there', body: { from: { node: 'node-9' }, to: { prt: 80 } }, status: 400,
      says: ['to.prt', 'to', 'from.node'],
    },
    {
      name: 'a TTL, a port left out, an expectation of nothing and a choice that LIVE can not keep',
      body: { from: { pod: 'web' }, to: { service: 'web' }, ttl: 0, expect: {}, choice: { mode: 'ALL' }, conntrack: 'LIVE' }, status: 400,
      says: ['ttl', 'to.port', 'expect', 'choice.mode'],
    },
    {
      name: 'a container, a source and a TTL',
      body: { from: { pod: 'web', container: 'no', source: '10.9.9.9' }, to: { pod: 'web', port: 80 }, ttl: 256 }, status: 422,
      says: ['ttl', 'from.container', 'from.source'],
    },
    {
      name: 'a TTL, and a port to send from that is taken', body: { from: { pod: 'web' }, to: { pod: 'wep', port: 80 }, sourcePort: 8080, ttl: 256 },
      status: 422, says: ['ttl', 'sourcePort', 'to.pod'],
    },
    {
      name: 'a node, an address and the name of a port of one Service',
      body: { from: { pod: 'web' }, to: { service: 'web', port: 'no', node: 'node-9', address: '10.9.9.9' } }, status: 422,
      says: ['to.node', 'to.port', 'to.address'],
    },
    {
      name: 'a port that ICMP has not is told once', body: { from: { pod: 'web' }, to: { service: 'web', port: 'http' }, protocol: 'ICMP' },
      status: 422, says: ['to.port'],
    },
    {
      name: 'without a protocol that there is, nothing is said of ports',
      body: { from: { pod: 'web' }, to: { service: 'web', port: 'no' }, protocol: 'XTP' }, status: 422, says: ['protocol'],
    },
  ])('the problems of a trace request: $name', async ({ body, status, says }) => {
    const answer = await request(server.http).post(`${lab}/traces`).send(body);
    expect([answer.status, (answer.body as Problem).errors!.map(({ path }) => path)]).toEqual([status, says]);
  });

  test.each([
    { name: 'a question to DNS', query: 'name=-..&type=X&pod=wob&kind=A', paths: ['kind', 'name', 'type', 'pod'] },
    { name: 'a question to DNS by a pod whose name can not be read', query: 'pod=a/b/c', paths: ['name', 'pod'] },
  ])('$name', async ({ query, paths }) => {
    const answer = await request(server.http).get(`${lab}/dns?${query}`);
    expect([answer.status, (answer.body as Problem).errors!.map(({ path }) => path)]).toEqual([400, paths]);
  });

  test.each([
    { name: 'of no address, from a node that is not there', body: { node: 'nod-1', ip: 'x', port: 1 }, status: 422, paths: ['ip', 'port', 'node'] },
    { name: 'that lacks its address, from a node that is not there', body: { node: 'nod-1' }, status: 400, paths: ['ip', 'node'] },
    { name: 'of nothing', body: [], status: 400, paths: [''] },
  ])('an announcement $name', async ({ body, status, paths }) => {
    const answer = await request(server.http).post(`${lab}/state/announce`).send(body);
    expect([answer.status, (answer.body as Problem).errors!.map(({ path }) => path)]).toEqual([status, paths]);
  });

  test('IPv6 as the first family is refused, but not the IPv4 family', async () => {
    const service = { metadata: { name: 'x' }, spec: { ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'PreferDualStack', ports: [{ port: 80 }] } };
    const { body } = await request(server.http).post(`${lab}/services`).send(service).expect(422);
    expect((body as Problem).errors).toEqual([{ path: 'spec.ipFamilies[0]', message: 'Invalid value: "IPv6": not configured on this cluster' }]);
  });

  test('a pod for a full podCIDR', async () => {
    for (let number = 0; number < 4; number += 1) await request(server.http).post(`${lab}/pods`).send({ name: `fill-${number}`, node: 'node-1' }).expect(201);
    const before = await state();
    const { body, status } = await request(server.http).post(`${lab}/pods`).send({ name: 'one-too-many', node: 'node-1' });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toMatch(/node-1.*10\.244\.0\.0\/29|10\.244\.0\.0\/29.*node-1/);
    expect(await state()).toEqual(before);
  });

  test('overlapping CIDRs, with each pair', async () => {
    const { body, status } = await request(server.http)
      .post('/api/v1/clusters')
      .send({ name: 'overlap', podCIDR: '10.96.0.0/16', underlay: { nodeCIDR: '10.96.1.0/24', gateway: { internalIP: '10.96.1.1' } } });
    expect(status).toBe(422);
    const paths = (body as Problem).errors!.map(({ path }) => path);
    expect(paths.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(body)).toMatch(/overlap/);
    await request(server.http).get('/api/v1/clusters/overlap').expect(404);
  });

  test('manifests, if one has a problem; all problems have their document and line', async () => {
    const before = await state();
    const yaml = [
      'apiVersion: v1',
      'kind: Pod',
      'metadata: { name: fine }',
      'spec:',
      '  containers: [{ name: app }]',
      '---',
      'apiVersion: v1',
      'kind: Service',
      'metadata:',
      '  name: bad',
      'spec:',
      '  selector: { a: b }',
      '  ports:',
      '    - port: 99999',
      '---',
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: Bad_Name',
      'spec:',
      '  containers: []',
      '',
    ].join('\n');
    const { body, status } = await request(server.http).post(`${lab}/manifests`).set('content-type', 'application/yaml').send(yaml);
    expect(status).toBe(422);
    expect((body as Problem).errors!.map(({ document, line, path }) => [document, line, path])).toEqual([
      [1, 14, 'spec.ports[0].port'],
      [2, 19, 'metadata.name'],
      [2, 21, 'spec.containers'],
    ]);
    expect(await state()).toEqual(before);
  });

  test.each([
    { name: 'YAML', type: 'application/yaml', text: 'a: 1\nb: [1,\nc: 2\n' },
    { name: 'JSON', type: 'application/json', text: '{\n  "a": 1,\n  "b": \n}' },
  ])('invalid $name, with line and column', async ({ type, text }) => {
    const { body, status } = await request(server.http).post(`${lab}/manifests`).set('content-type', type).send(text);
    expect(status).toBe(400);
    const [error] = (body as Problem).errors!;
    expect([typeof error!.line, typeof error!.column]).toEqual(['number', 'number']);
  });

  test('a body over the limit, or of the wrong type', async () => {
    await request(server.http).post(`${lab}/pods`).set('content-type', 'application/json').send(`{"name":"${'x'.repeat(1_100_000)}"}`).expect(413);
    await request(server.http).post(`${lab}/pods`).set('content-type', 'text/csv').send('name\nx').expect(415);
  });

  test('a dry run writes nothing', async () => {
    const before = await state();
    const { body } = await request(server.http)
      .post(`${lab}/manifests?dryRun=true`)
      .send([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'later' } }])
      .expect(200);
    expect((body as { objects: { action: string }[] }).objects.map(({ action }) => action)).toEqual(['created']);
    expect(await state()).toEqual(before);
  });
});

describe('what does not exist is a 404', () => {
  test('for a pod, with the most similar name', async () => {
    const { body } = await request(server.http).get(`${lab}/pods/default/wbe`).expect(404);
    expect((body as Problem).detail).toMatch(/pods "wbe" not found.*web/);
  });

  test.each([
    { path: 'pods/kube-system/web', says: /in namespace "kube-system"; did you mean "default\/web"\?$/ },
    { path: 'services/kube-public/kubernetes', says: /did you mean "default\/kubernetes"\?$/ },
  ])('$path, with the namespace that has the name', async ({ path, says }) => {
    const { body } = await request(server.http).get(`${lab}/${path}`).expect(404);
    expect((body as Problem).detail).toMatch(says);
  });

  test('a Service whose selector matches no pods is created with a warning', async () => {
    const { headers } = await request(server.http).post(`${lab}/services`).send({ name: 'empty', selector: { no: 'pod' }, ports: [{ port: 80 }] }).expect(201);
    expect(headers['warning']).toMatch(/selects no pod|no pod/);
    const { body } = await request(server.http).post(`${lab}/traces`).send({ from: { pod: 'default/web' }, to: { service: 'default/empty', port: 80 } }).expect(201);
    expect((body as { paths: { reason: { code: string } }[] }).paths[0]!.reason.code).toBe('SERVICE_NO_ENDPOINTS');
  });
});

test('importing an export gives the same objects and traces', async () => {
  const { text } = await request(server.http).get(`${lab}/manifests`).expect(200);
  await request(server.http).post('/api/v1/clusters').send({ name: 'copy' }).expect(201);
  await request(server.http).post('/api/v1/clusters/copy/manifests').set('content-type', 'application/yaml').send(text).expect(200);
  const again = (await request(server.http).get('/api/v1/clusters/copy/manifests').expect(200)).text;
  expect(again.replace('name: copy', 'name: lab')).toBe(text);
  const question = { from: { pod: 'default/web' }, to: { pod: 'default/fill-0', port: 80 }, record: false };
  const [one, two] = await Promise.all(
    [lab, '/api/v1/clusters/copy'].map(
      async (cluster) => (await request(server.http).post(`${cluster}/traces`).send(question).expect(200)).body as { paths: object },
    ),
  );
  expect(two!.paths).toEqual(one!.paths);
});

test('an old resourceVersion is a 409 and a wrong If-Match a 412, and both change nothing', async () => {
  const { body, headers } = await request(server.http).get(`${lab}/services/default/web`).expect(200);
  await request(server.http).patch(`${lab}/services/default/web`).send({ metadata: { labels: { touched: 'yes' } } }).expect(200);
  const before = await state();
  await request(server.http).put(`${lab}/services/default/web`).send(body as object).expect(409);
  await request(server.http)
    .patch(`${lab}/services/default/web`)
    .set('if-match', headers['etag'] as string)
    .send({ metadata: { labels: { touched: 'again' } } })
    .expect(412);
  expect(await state()).toEqual(before);
});
