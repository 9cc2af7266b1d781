/** Proxies of known controllers are found by the Services that these controllers create, without an annotation. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const object = (apiVersion: string, kind: string, metadata: object, spec: object = {}) => ({ apiVersion, kind, metadata, spec });
const pod = (namespace: string, name: string, labels: object, ports: readonly object[]) =>
  object('v1', 'Pod', { namespace, name, labels }, { containers: [{ name: 'app', ports }] });
const proxy = (place: string, ports: readonly object[], containerPort: number) => {
  const [namespace = '', name = ''] = place.split('/');
  return [
    pod(namespace, name, { app: name }, [{ name: 'web', containerPort }]),
    object('v1', 'Service', { namespace, name }, { type: 'LoadBalancer', selector: { app: name }, ports }),
  ];
};
const gatewayClass = (controllerName: string) => object('gateway.networking.k8s.io/v1', 'GatewayClass', { name: 'other' }, { controllerName });
const gateway = (port: number, name = 'edge') =>
  object(
    'gateway.networking.k8s.io/v1',
    'Gateway',
    { namespace: 'infra', name },
    { gatewayClassName: 'other', listeners: [{ name: 'http', port, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }] },
  );
const route = object(
  'gateway.networking.k8s.io/v1',
  'HTTPRoute',
  { name: 'shop' },
  { hostnames: ['shop.example'], parentRefs: [{ namespace: 'infra', name: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] },
);
const ingressClass = (controller: string) => object('networking.k8s.io/v1', 'IngressClass', { name: 'other' }, { controller });
const ingress = object(
  'networking.k8s.io/v1',
  'Ingress',
  { name: 'plain' },
  {
    ingressClassName: 'other',
    rules: [{ host: 'plain.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
  },
);
const http = [{ port: 80, targetPort: 'web' }];

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

test.each<{ name: string; objects: readonly object[]; url?: string; met: string }>([
  {
    name: 'Envoy Gateway',
    objects: [gatewayClass('gateway.envoyproxy.io/gatewayclass-controller'), gateway(80), route, ...proxy('envoy-gateway-system/envoy-infra-edge-e138d4a8', http, 10080)],
    met: 'Gateway infra/edge',
  },
  {
    name: 'Envoy Gateway in the namespace of the Gateway',
    objects: [gatewayClass('gateway.envoyproxy.io/gatewayclass-controller'), gateway(80), route, ...proxy('infra/edge', http, 10080)],
    met: 'Gateway infra/edge',
  },
  {
    name: "Contour's provisioner",
    objects: [gatewayClass('projectcontour.io/gateway-controller'), gateway(80), route, ...proxy('infra/envoy-edge', http, 8080)],
    met: 'Gateway infra/edge',
  },
  {
    name: 'Traefik, whose listeners have ports of the pod',
    objects: [gatewayClass('traefik.io/gateway-controller'), gateway(8000), route, ...proxy('traefik/traefik', http, 8000)],
    met: 'Gateway infra/edge',
  },
  {
    name: 'Contour, one proxy for several Gateways',
    objects: [gatewayClass('projectcontour.io/gateway-controller'), gateway(80, 'another'), gateway(80), route, ...proxy('projectcontour/envoy', http, 8080)],
    met: 'Gateway infra/edge',
  },
  {
    name: 'Contour, one proxy for Gateways and Ingresses',
    objects: [
      gatewayClass('projectcontour.io/gateway-controller'), gateway(80), route, ingressClass('projectcontour.io/ingress-controller'), ingress,
      ...proxy('projectcontour/envoy', http, 8080),
    ],
    url: 'http://plain.example/', met: 'Ingress default/plain',
  },
  {
    name: "Istio's ingress gateway",
    objects: [ingressClass('istio.io/ingress-controller'), ingress, ...proxy('istio-system/istio-ingressgateway', http, 8080)],
    url: 'http://plain.example/', met: 'Ingress default/plain',
  },
])('$name', async ({ objects, url = 'http://shop.example/', met }) => {
  const { clusters, objects: store, traces } = server.services;
  await clusters.create(LOCAL_VIEWER, { name: 'lab', nodes: 1, dns: { replicas: 0 } });
  const namespaces = ['infra', 'envoy-gateway-system', 'traefik', 'projectcontour', 'istio-system'].map((name) => object('v1', 'Namespace', { name }));
  const web = [
    pod('default', 'web', { app: 'web' }, [{ containerPort: 80 }]),
    object('v1', 'Service', { name: 'web' }, { selector: { app: 'web' }, ports: [{ port: 80 }] }),
  ];
  const { warnings } = await store.apply(LOCAL_VIEWER, 'lab', { json: [...namespaces, ...web, ...objects] });
  const { paths } = presentTrace(await traces.run(LOCAL_VIEWER, 'lab', { from: { internet: '198.51.100.10' }, to: { url }, record: false }));
  await clusters.delete(LOCAL_VIEWER, 'lab');
  const { http: answer, disposition, backend } = paths[0]!;
  expect({ disposition, warnings, pod: backend?.pod, status: answer?.status, met: answer?.gateway ? `Gateway ${answer.gateway}` : `Ingress ${answer?.ingress ?? ''}` })
    .toEqual({ disposition: 'ACCEPTED', warnings: [], pod: 'default/web', status: 200, met });
});
