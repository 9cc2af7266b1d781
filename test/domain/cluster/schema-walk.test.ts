import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterSettingsSchema } from '../../../src/domain/cluster/cluster-settings-schema.js';
import { deploymentSchema } from '../../../src/domain/cluster/kinds/deployment.js';
import { endpointSliceSchema } from '../../../src/domain/cluster/kinds/endpoint-slice.js';
import { podSchema } from '../../../src/domain/cluster/kinds/pod.js';
import { serviceSchema } from '../../../src/domain/cluster/kinds/service.js';
import { walkSchema } from '../../../src/domain/cluster/schema-walk.js';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', labels: { app: 'a' } },
  spec: { hostNetwork: false, containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
};

const KINDS = [
  { kind: 'Pod', schema: podSchema, object: pod },
  {
    kind: 'Service', schema: serviceSchema,
    object: {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' },
      spec: { type: 'NodePort', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30080 }] },
    },
  },
  {
    kind: 'EndpointSlice', schema: endpointSliceSchema,
    object: {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'a' }, addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }], ports: [{ port: 80 }],
    },
  },
  {
    kind: 'Deployment', schema: deploymentSchema,
    object: {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec: pod.spec } },
    },
  },
  {
    kind: 'Cluster', schema: clusterSettingsSchema,
    object: {
      name: 'a', nodes: [{ name: 'b', routes: [{ to: '0.0.0.0/0', via: '10.0.0.1' }] }], dns: { replicas: 0 },
      underlay: { internetHosts: 'any', gateway: { portForwards: [{ port: 1, to: 'x' }] } },
    },
  },
];

/** Every place of a value, as the way to it. */
function placesOf(value: unknown): readonly (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner).map((place) => [key, ...place]))];
}

function put(value: unknown, [key, ...rest]: readonly PropertyKey[], what: unknown): unknown {
  if (key === undefined) return what;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<PropertyKey, unknown>;
  copy[key] = put(copy[key], rest, what);
  return copy;
}

const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, 0, 1, 80, 70_000, 1.5, -1, '', 'TCP', 'x', [], {}, [{}], [null], { a: 1 }, { name: 'x' }),
  fc.jsonValue(),
);

// The list of nodes has a limit, which only the schema knows.
test.each(KINDS.filter(({ kind }) => kind !== 'Cluster'))('$kind: a complete object is sound and returned unchanged', ({ schema, object }) => {
  expect(walkSchema(schema, object)).toEqual({ kept: object, unknown: [], sound: true });
});

test.each(KINDS)('$kind: the walk finds an object sound exactly if the schema accepts it (of Cluster, only if)', ({ kind, schema, object }) => {
  const changes = fc.array(fc.tuple(fc.constantFrom(...placesOf(object).slice(1)), anything), { minLength: 1, maxLength: 2 });
  fc.assert(fc.property(changes, (all) => {
    const [[place, what], second] = [all[0] ?? [[], undefined], all[1]];
    const once = put(object, place, what);
    const twice = second && placesOf(once).some((other) => JSON.stringify(other) === JSON.stringify(second[0])) ? put(once, second[0], second[1]) : once;
    const { kept, sound } = walkSchema(schema, twice as object);
    const accepted = schema.safeParse(kept).success;
    expect(accepted).toBe(kind === 'Cluster' ? sound || accepted : sound);
  }), { numRuns: 400, seed: 5 });
});

test('finds unknown fields and removes them, and null, at any depth', () => {
  const { kept, unknown } = walkSchema(clusterSettingsSchema, {
    name: 'a',
    x: 1,
    dns: { replica: 1 },
    nodes: [{ name: 'b', podCidr: 'x', labels: null }],
    underlay: { lanHosts: [{ name: 'c', ip: 'd', mac: 'e' }] },
  });
  expect(unknown.map(({ path }) => path)).toEqual(['x', 'dns.replica', 'nodes[0].podCidr', 'underlay.lanHosts[0].mac']);
  expect(kept).toEqual({ name: 'a', dns: {}, nodes: [{ name: 'b' }], underlay: { lanHosts: [{ name: 'c', ip: 'd' }] } });
});
