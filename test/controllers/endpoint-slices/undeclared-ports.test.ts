import { expect, test } from 'vitest';
import { ControlPlane } from '../../support/control-plane.js';
import { podObject, serviceObject } from '../../support/manifests.js';

const web = (name: string, ports: readonly object[], annotations = {}): object =>
  podObject(name, { labels: { app: 'web' }, metadata: { annotations }, spec: { containers: [{ name: 'app', image: 'app', ports }] } });
const service = (...ports: readonly object[]): object => serviceObject('web', { selector: { app: 'web' }, ports });
const HTTP = { port: 80, targetPort: 8080 };
const says = (declares: string, wanted: string, how: string): string =>
  `Service default/web: no pod that it selects (such as a, which declares ${declares}) declares its targetPort ${wanted}, so nothing is known to listen there; declare it as a containerPort${how}`;
const ANY_WAY = ', or by the annotation packetwalk.dev/listen on the pod';

test.each([
  { name: 'no port at all', pods: [web('a', []), web('b', [])], ports: [HTTP], warnings: [says('no port', '8080/TCP', ANY_WAY)] },
  { name: 'another port', pods: [web('a', [{ containerPort: 80 }])], ports: [HTTP], warnings: [says('80/TCP', '8080/TCP', ANY_WAY)] },
  {
    name: 'another protocol, of two ports', pods: [web('a', [{ containerPort: 53 }])],
    ports: [{ name: 'd', port: 53, protocol: 'UDP' }, { name: 'x', port: 1 }], warnings: [says('53/TCP', '53/UDP, 1/TCP', ANY_WAY)],
  },
  {
    name: 'none of two ports with one target', pods: [web('a', [])],
    ports: [{ name: 'a', port: 80, targetPort: 8080 }, { name: 'b', port: 81, targetPort: 8080 }], warnings: [says('no port', '8080/TCP', ANY_WAY)],
  },
  {
    name: 'a name that no port has', pods: [web('a', [{ name: 'web', containerPort: 80 }])], ports: [{ port: 80, targetPort: 'http' }],
    warnings: [says('80/TCP', 'named http (TCP)', '')],
  },
  { name: 'it in one pod of two', pods: [web('a', []), web('b', [{ containerPort: 8080 }])], ports: [HTTP], warnings: [] },
  {
    name: 'it in one pod of two, the other another', pods: [web('a', [{ containerPort: 8080 }]), web('b', [{ containerPort: 3306 }])], ports: [HTTP],
    warnings: ['Service default/web: of the pods that it selects, b declares 3306/TCP, but not its targetPort 8080/TCP, as others do; connections that get this pod are refused, unless it listens there undeclared'],
  },
  {
    name: 'the name in one pod of two, so that the other is no endpoint',
    pods: [web('a', [{ name: 'http', containerPort: 80 }]), web('b', [{ containerPort: 3306 }])], ports: [{ port: 80, targetPort: 'http' }],
    warnings: [],
  },
  { name: 'it by annotation', pods: [web('a', [], { 'packetwalk.dev/listen': '0.0.0.0:8080/tcp' })], ports: [HTTP], warnings: [] },
  { name: 'the name', pods: [web('a', [{ name: 'http', containerPort: 80 }])], ports: [{ port: 80, targetPort: 'http' }], warnings: [] },
])('the warning about undeclared target ports, for pods that declare $name', async ({ pods, ports, warnings }) => {
  const plane = await ControlPlane.create(1);
  expect((await plane.apply(...pods, service(...ports))).warnings).toEqual(warnings);
});

test('a request is warned about undeclared ports only if it creates the pod or the Service', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(service(HTTP));
  expect((await plane.apply(web('a', []))).warnings).toHaveLength(1);
  expect((await plane.apply(podObject('a', { labels: { app: 'web', tier: 'front' }, spec: { containers: [{ name: 'app', image: 'app' }] } }))).warnings).toEqual([]);
});

test('of many Services with undeclared ports, five get a warning of their own and the others share one', async () => {
  const plane = await ControlPlane.create(1);
  const services = Array.from({ length: 11 }, (_, index) => serviceObject(`s${String(index).padStart(2, '0')}`, { selector: { app: 'web' }, ports: [HTTP] }));
  const { warnings } = await plane.apply(web('a', []), ...services);
  expect(warnings).toHaveLength(6);
  expect(warnings[4]).toMatch(/^Service default\/s04: no pod that it selects/);
  expect(warnings[5]).toBe(
    'Service default/s05, default/s06, default/s07, default/s08, default/s09 and 1 more: the same holds, no pod that it selects declares its targetPort',
  );
});
