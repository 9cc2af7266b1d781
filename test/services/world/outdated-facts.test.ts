import { expect, test } from 'vitest';
import { extractFacts } from '../../../src/domain/cluster/extract-facts.js';
import type { IngressFacts, OtherFacts } from '../../../src/domain/cluster/facts.js';
import { refKey, type KubeObject } from '../../../src/domain/cluster/objects.js';
import { NO_NGINX_SETTINGS } from '../../../src/domain/http/nginx-settings.js';
import { refreshOutdatedFacts } from '../../../src/services/world/outdated-facts.js';

const stored = (group: string, objectKind: string, name: string): OtherFacts => ({
  kind: 'Other',
  group,
  objectKind,
  namespace: 'default',
  name,
  uid: 'u',
  podSelector: null,
  corefile: null,
  ordinal: 7,
});
const ingress: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'shop', namespace: 'default', uid: 'u' },
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
};

test('facts stored before their kind was modelled are extracted again', async () => {
  const facts = [stored('', 'ConfigMap', 'c'), stored('networking.k8s.io', 'Ingress', 'shop'), stored('networking.k8s.io', 'Ingress', 'broken')];
  const bodies = new Map(
    [ingress, { ...ingress, metadata: { name: 'broken', namespace: 'default' }, spec: { rules: [null] } }].map((body) => [
      refKey({ group: 'networking.k8s.io', kind: 'Ingress', namespace: 'default', name: body.metadata.name }),
      body,
    ]),
  );
  const read = await refreshOutdatedFacts(facts, () => Promise.resolve(bodies));
  expect(read).toMatchObject([
    { kind: 'Other', objectKind: 'ConfigMap' },
    { kind: 'Ingress', name: 'shop', defaultBackend: { service: 'web', port: 80 }, ordinal: 7 },
    { kind: 'Other', name: 'broken' },
  ]);
});

test('facts stored before their kind was known to decide about traffic are extracted again', async () => {
  const policy: KubeObject = { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'none', namespace: 'istio-system' }, spec: {} };
  const route: KubeObject = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'TCPRoute',
    metadata: { name: 'db', namespace: 'default' },
    spec: { parentRefs: [{ name: 'edge' }] },
  };
  const facts = [{ ...stored('security.istio.io', 'AuthorizationPolicy', 'none'), namespace: 'istio-system' }, stored('gateway.networking.k8s.io', 'TCPRoute', 'db')];
  const bodies = new Map(
    [policy, route].map((body) => [
      refKey({ group: body.apiVersion.split('/')[0]!, kind: body.kind, namespace: body.metadata.namespace!, name: body.metadata.name }),
      body,
    ]),
  );
  expect(await refreshOutdatedFacts(facts, () => Promise.resolve(bodies))).toMatchObject([
    { podSelector: {}, meshWide: true, ordinal: 7 },
    { routes: { parents: [{ kind: 'Gateway', namespace: 'default', name: 'edge' }] }, ordinal: 7 },
  ]);
});

test('facts of an Ingress stored without its ingress-nginx settings are extracted again', async () => {
  const object: KubeObject = {
    ...ingress,
    metadata: { ...ingress.metadata, creationTimestamp: '2026-01-01T00:00:00Z', annotations: { 'nginx.ingress.kubernetes.io/use-regex': 'true' } },
  };
  const { createdAt: _createdAt, nginx: _nginx, ...before } = extractFacts(object, 7) as IngressFacts;
  const read = (body: KubeObject) =>
    refreshOutdatedFacts([before as IngressFacts], () =>
      Promise.resolve(new Map([[refKey({ group: 'networking.k8s.io', kind: 'Ingress', namespace: 'default', name: 'shop' }), body]])),
    );
  expect(await read(object)).toMatchObject([{ kind: 'Ingress', name: 'shop', createdAt: '2026-01-01T00:00:00Z', nginx: { useRegex: true }, ordinal: 7 }]);
  expect(await read({ ...object, spec: { rules: [null] } })).toEqual([{ ...before, createdAt: '', nginx: NO_NGINX_SETTINGS }]);
});

test('so are those stored without a setting that came later', async () => {
  const object: KubeObject = {
    ...ingress,
    metadata: {
      ...ingress.metadata,
      annotations: { 'nginx.ingress.kubernetes.io/use-regex': 'true', 'nginx.ingress.kubernetes.io/server-alias': 'a.example' },
    },
  };
  const facts = extractFacts(object, 7) as IngressFacts;
  const { aliases: _aliases, ...nginx } = facts.nginx;
  const read = (body: KubeObject) =>
    refreshOutdatedFacts([{ ...facts, nginx } as unknown as IngressFacts], () =>
      Promise.resolve(new Map([[refKey({ group: 'networking.k8s.io', kind: 'Ingress', namespace: 'default', name: 'shop' }), body]])),
    );
  expect(await read(object)).toEqual([facts]);
  expect(await read({ ...object, spec: { rules: [null] } })).toMatchObject([{ nginx: { useRegex: true, aliases: [] } }]);
});

test('so is the ConfigMap of ingress-nginx, if it was stored before it was read', async () => {
  const body: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'nginx-configuration', namespace: 'default', uid: 'u' },
    data: { 'ssl-redirect': 'false' },
  };
  const read = await refreshOutdatedFacts([stored('', 'ConfigMap', 'nginx-configuration')], () =>
    Promise.resolve(new Map([[refKey({ group: '', kind: 'ConfigMap', namespace: 'default', name: 'nginx-configuration' }), body]])),
  );
  expect(read).toMatchObject([{ kind: 'Other', nginx: { 'ssl-redirect': 'false' } }]);
});

test('no objects are read if no facts are outdated', async () => {
  expect(await refreshOutdatedFacts([stored('', 'ConfigMap', 'c')], () => Promise.reject(new Error('read')))).toHaveLength(1);
});
