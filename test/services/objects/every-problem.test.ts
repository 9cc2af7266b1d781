/** All problems of an object are reported at once: those of the request's form, of the fields, of the name, and those with the cluster. */
import { describe, expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import type { PluralKind } from '../../../src/services/objects/typed-kinds.js';
import { openWritePath, podManifest, refused } from '../../support/write-path.js';

const SLOW = { timeout: 30_000 };
const open = async () => {
  const services = await openWritePath({ nodes: 1 });
  await services.objects.create(LOCAL_VIEWER, 'lab', 'services', { name: 'taken', type: 'NodePort', selector: { a: 'b' }, ports: [{ port: 80, nodePort: 30080 }] });
  await services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('here'));
  return services;
};
const paths = async (attempt: Promise<unknown>): Promise<readonly string[]> =>
  (await refused(attempt)).errors.map(({ path, message }) => `${path}: ${message.slice(0, 28)}`);

describe('all problems of a new object', () => {
  test.each<{ name: string; kind: PluralKind; body: object; problems: readonly string[] }>([
    {
      name: 'a pod in short', kind: 'pods', body: { name: 'P', namespace: 'nowhere', node: 'node-9', labels: { 'a b': 'c' }, ports: [0], port: 80 },
      problems: [
        'metadata.name: Invalid value: "P": a lowerc', 'metadata.labels: Invalid value: "a b": name p', 'port: unknown field "port"; did yo',
        'spec.containers[0].ports[0].containerPort: Invalid value: 0: must be be', 'metadata.namespace: namespaces "nowhere" not fou', 'spec.nodeName: nodes "node-9" not found',
      ],
    },
    {
      name: 'a Service in short', kind: 'services', body: { name: 'web', type: 'NodePort', selector: {}, ports: [{ port: 0 }, { port: 81, nodePort: 30080 }] },
      problems: ['spec.ports[0].port: Invalid value: 0: must be be', 'spec.ports[1].nodePort: Invalid value: 30080: provid'],
    },
    {
      name: 'a node in short', kind: 'nodes', body: { name: 'n', podCIDR: '10.244.0.0/24', labels: { 'a b': 'c' }, forwardPolicy: 'PASS' },
      problems: [
        'metadata.labels: Invalid value: "a b": name p', 'metadata.annotations[packetwalk.dev/forward-policy]: Invalid value: "PASS": must ',
        'spec.podCIDR: Invalid value: "10.244.0.0/2',
      ],
    },
    {
      name: 'a Service', kind: 'services', body: { metadata: { name: 'web', labels: { a: '-' } }, spec: { type: 'NodePort', clusterIP: '10.9.9.9', ports: [{ port: 80, nodePort: 30080 }] } },
      problems: [
        'metadata.labels: Invalid value: "-": a valid ', 'spec.clusterIPs: Invalid value: ["10.9.9.9"]:',
        'spec.ports[0].nodePort: Invalid value: 30080: provid',
      ],
    },
    {
      name: 'a Service with fields of a wrong type', kind: 'services', body: { metadata: { name: 'web', namespace: 'nowhere' }, spec: { type: 'NodePort', selector: ['a'], clusterIP: '10.9.9.9', ports: [{ name: 'a', port: 80, nodePort: 80 }, { name: 'b', port: 81, targetPort: {} }] } },
      problems: [
        'spec.selector: expected an object, got a li', 'spec.ports[1].targetPort: expected an integer or a str', 'metadata.namespace: namespaces "nowhere" not fou',
        'spec.clusterIPs: Invalid value: ["10.9.9.9"]:', 'spec.ports[0].nodePort: Invalid value: 80: provided ',
      ],
    },
    {
      name: 'a node with a field of a wrong type', kind: 'nodes', body: { metadata: { name: 'n' }, spec: { podCIDR: '10.244.0.0/24', unschedulable: 'no' } },
      problems: ['spec.unschedulable: expected a boolean (true or ', 'spec.podCIDR: Invalid value: "10.244.0.0/2'],
    },
    {
      name: 'a Service whose type and protocols are none: nothing by their defaults', kind: 'services', body: { metadata: { name: 'web' }, spec: { type: false, clusterIP: 'None', ports: [{ name: 'a', port: 80, nodePort: 30081, protocol: 6 }, { name: 'b', port: 80, protocol: ['TCP'] }] } },
      problems: [
        'spec.type: expected one of "ClusterIP",', 'spec.ports[0].protocol: expected one of "SCTP", "TCP',
        'spec.ports[1].protocol: expected one of "SCTP", "TCP',
      ],
    },
    {
      name: 'a pod that cannot be understood', kind: 'pods', body: { metadata: { name: 'p' }, spec: { nodeName: 'node-9', containers: [{ name: 'a', ports: [{ containerPort: 'x' }] }] } },
      problems: ['spec.containers[0].ports[0].containerPort: expected a number, got a str', 'spec.nodeName: nodes "node-9" not found'],
    },
    {
      name: 'a Service without what one must have', kind: 'services', body: { metadata: { name: 'web', namespace: 'nowhere' }, spec: { type: 'NodePort', ports: [{ nodePort: 80 }] } },
      problems: ['spec.ports[0].port: Required value', 'metadata.namespace: namespaces "nowhere" not fou'],
    },
    {
      name: 'a pod with a field of a wrong type', kind: 'pods', body: { metadata: { name: 'p' }, spec: { nodeName: 'node-9', containers: [{ name: 'a', image: true }] } },
      problems: ['spec.containers[0].image: expected a string, got a boo', 'spec.nodeName: nodes "node-9" not found'],
    },
  ])('$name', SLOW, async ({ kind, body, problems }) => {
    const { objects } = await open();
    expect((await paths(objects.create(LOCAL_VIEWER, 'lab', kind, body))).toSorted()).toEqual(problems.toSorted());
  });
});

test('all problems of a patch are reported at once', SLOW, async () => {
  const { objects } = await open();
  const patch = { metadata: { name: 'there', labels: { a: '-' } }, spec: { hostNetwork: true }, zork: 1 };
  const { code, errors } = await refused(objects.patch(LOCAL_VIEWER, 'lab', 'pods', 'default', 'here', patch));
  expect([code, errors.map(({ path }) => path)]).toEqual(['BAD_REQUEST', ['metadata.labels', 'zork', 'metadata.name', 'spec']]);
});

test('all problems of each document of an apply are reported', SLOW, async () => {
  const { objects } = await open();
  const yaml = [
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: NodePort\n  ports:\n  - port: 0\n    nodePort: 30080\n',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\n  labels:\n    a: "-"\nspec:\n  nodeName: node-9\n  containers:\n  - name: app\n',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: here\n  labels:\n    a: "-"\nspec:\n  hostNetwork: true\n  containers:\n  - name: app\n',
  ].join('---\n');
  const { errors } = await refused(objects.apply(LOCAL_VIEWER, 'lab', { yaml }));
  expect(errors.map(({ document, line, path }) => [document, line, path])).toEqual([
    [0, 8, 'spec.ports[0].port'], [0, 9, 'spec.ports[0].nodePort'], [1, 15, 'metadata.labels'], [1, 18, 'spec.nodeName'], [2, 26, 'metadata.labels'], [2, 28, 'spec'],
  ]);
});

test('unreadable documents are reported, and the others are checked without the cluster', SLOW, async () => {
  const { objects } = await open();
  const yaml = 'kind: [\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  ports:\n  - port: 0\n---\nkind: {\n---\nkind: Pod\n';
  const told = async (attempt: Promise<unknown>) => (await refused(attempt)).errors.map(({ document, line, path }) => [document, line, path]);
  expect(await told(objects.apply(LOCAL_VIEWER, 'lab', { yaml }))).toEqual([[0, 2, ''], [1, 10, 'spec.ports[0].port'], [2, 13, ''], [3, 14, 'apiVersion']]);
  expect(await told(objects.deleteManifests(LOCAL_VIEWER, 'lab', { yaml }))).toEqual([[0, 2, ''], [2, 13, ''], [3, 14, 'apiVersion'], [3, 14, 'metadata.name']]);
});

test('booleans and numbers instead of strings are reported with a hint about quotes, but only in YAML', SLOW, async () => {
  const { objects } = await open();
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', labels: { on: 'yes' } },
    spec: { ports: [{ port: 80, targetPort: true }], externalName: 5, type: true, publishNotReadyAddresses: 'x' },
  };
  const yaml = JSON.stringify(object).replaceAll('"yes"', 'y');
  const [boolean, number] = ['in YAML y, yes, on, true and n, no, off, false are booleans, unless they are in quotes', 'in YAML it is a string if it is in quotes'];
  const told = async (input: Parameters<typeof objects.apply>[2]) =>
    (await refused(objects.apply(LOCAL_VIEWER, 'lab', input))).errors.map(({ path, message }) => `${path}: ${message}`);
  const others = [
    'spec.type: expected one of "ClusterIP", "ExternalName", "LoadBalancer", "NodePort", got a boolean (true)',
    'spec.publishNotReadyAddresses: expected a boolean (true or false), got a string ("x")',
  ];
  expect((await told({ yaml })).toSorted()).toEqual([
    `metadata.labels.on: expected a string, got a boolean (true): ${boolean}`, `spec.externalName: expected a string, got a number (5): ${number}`,
    `spec.ports[0].targetPort: expected an integer or a string, got a boolean (true): ${boolean}`, ...others,
  ].toSorted());
  const json = { ...object, metadata: { name: 'web', labels: { on: true } } };
  const inJson = [
    'metadata.labels.on: expected a string, got a boolean (true)',
    'spec.externalName: expected a string, got a number (5)',
    'spec.ports[0].targetPort: expected an integer or a string, got a boolean (true)',
    ...others,
  ];
  expect((await told({ json })).toSorted()).toEqual(inJson.toSorted());
  expect((await told({ language: 'json', bytes: Buffer.from(JSON.stringify(json)) })).toSorted()).toEqual(inJson.toSorted());
});

test('an unknown field of a shorthand is a warning with fieldValidation=Warn', SLOW, async () => {
  const { objects } = await open();
  const { warnings } = await objects.create(LOCAL_VIEWER, 'lab', 'pods', { name: 'p', port: 80 }, { fieldValidation: 'Warn' });
  expect(warnings).toEqual(['unknown field "port"; did you mean "ports"?']);
});

test('unknown fields of a refused document are reported with the other problems', SLOW, async () => {
  const { objects } = await open();
  const yaml =
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: shop }\nspec:\n  rules:\n  - http:\n      paths:\n      - path: /\n        pathType: Prefix\n        backend:\n          serviceName: web\n';
  const errors = async (fieldValidation: 'Warn' | 'Ignore') =>
    (await refused(objects.apply(LOCAL_VIEWER, 'lab', { yaml }, { fieldValidation }))).errors.map(({ line, path }) => [line, path]);
  expect(await errors('Ignore')).toEqual([[10, 'spec.rules[0].http.paths[0].backend']]);
  expect(await errors('Warn')).toEqual([[10, 'spec.rules[0].http.paths[0].backend'], [11, 'spec.rules[0].http.paths[0].backend.serviceName']]);
});

test('each warning is given once', SLOW, async () => {
  const { objects } = await open();
  const spec = { parentRefs: [{ name: 'edge', sectionName: 'http' }, { name: 'edge', sectionName: 'https' }] };
  const { warnings } = await objects.apply(LOCAL_VIEWER, 'lab', {
    json: [{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'shop' }, spec }],
  });
  expect(warnings).toEqual(['HTTPRoute default/shop: there is no Gateway default/edge']);
});

test('podIP and podCIDR can be patched alone, and podIPs and podCIDRs follow', SLOW, async () => {
  const { objects } = await open();
  const { object } = await objects.patch(LOCAL_VIEWER, 'lab', 'pods', 'default', 'here', { status: { podIP: '10.244.0.77' } });
  expect(object['status']).toMatchObject({ podIP: '10.244.0.77', podIPs: [{ ip: '10.244.0.77' }] });
  expect(await paths(objects.patch(LOCAL_VIEWER, 'lab', 'nodes', '', 'node-1', { spec: { podCIDR: '10.244.9.0/24' } }))).toEqual([
    'spec.podCIDRs: Forbidden: node updates may ',
  ]);
});
