import { describe, expect, test } from 'vitest';
import type { ServiceObject } from '../../../src/controllers/object-shapes.js';
import type { ClusterSettings } from '../../../src/domain/cluster/settings.js';
import { ControlPlane } from '../../support/control-plane.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';
import { serviceObject } from '../../support/manifests.js';

const withLoadBalancers = (loadBalancer: Partial<ClusterSettings['underlay']['loadBalancer']>): Partial<ClusterSettings> =>
  ({ underlay: { ...DEFAULT_SETTINGS.underlay, loadBalancer: { ...DEFAULT_SETTINGS.underlay.loadBalancer, ...loadBalancer } } });

const service = (plane: ControlPlane, name: string): ServiceObject => plane.get<ServiceObject>(`Service default/${name}`);
const nodePorts = (plane: ControlPlane, name: string): readonly (number | undefined)[] => (service(plane, name).spec.ports ?? []).map(({ nodePort }) => nodePort);
const ingress = (plane: ControlPlane, name: string): unknown => service(plane, name).status?.loadBalancer?.ingress;

describe('cluster IPs', () => {
  test('are allocated from the upper band, the lowest free one first', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a'), serviceObject('b'));
    await plane.delete('Service default/a');
    await plane.apply(serviceObject('c'), serviceObject('d'));
    expect(['b', 'c', 'd'].map((name) => service(plane, name).spec.clusterIP)).toEqual(['10.96.1.2', '10.96.1.1', '10.96.1.3']);
  });

  test('are allocated from the lower band if the upper one is full, until the range is full', async () => {
    const plane = await ControlPlane.create(1, { serviceCIDR: '10.96.0.0/27' });
    const names = Array.from({ length: 29 }, (_, index) => `s${index}`);
    const { errors } = await plane.apply(...names.map((name) => serviceObject(name)));
    expect(errors).toEqual([]);
    // .1 is the Service kubernetes, .17 begins the upper band.
    expect(['s0', 's13', 's14', 's28'].map((name) => service(plane, name).spec.clusterIP)).toEqual(['10.96.0.17', '10.96.0.30', '10.96.0.2', '10.96.0.16']);
    const full = await plane.apply(serviceObject('late'));
    expect(full.errors).toEqual([{ path: 'spec.clusterIPs', message: expect.stringContaining('range is full') }]);
  });

  test('that a later document of the request states are not allocated to an earlier one', async () => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(serviceObject('a'), serviceObject('b', { clusterIP: '10.96.1.1' }));
    expect(errors).toEqual([]);
    expect(service(plane, 'a').spec.clusterIP).toBe('10.96.1.2');
  });

  test('are kept by an update that does not contain them', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a'));
    await plane.apply(serviceObject('a', { ports: [{ port: 81 }] }));
    expect(service(plane, 'a').spec).toMatchObject({ clusterIP: '10.96.1.1', clusterIPs: ['10.96.1.1'] });
  });

  test.each([
    { name: 'another service has it', spec: { clusterIP: '10.96.0.1' }, message: 'provided IP is already allocated (to Service default/kubernetes)' },
    { name: 'it is outside the range', spec: { clusterIP: '10.0.0.9' }, message: 'The range of valid IPs is 10.96.0.0/12; the cluster needs the setting serviceCIDR' },
    { name: 'it is the network address', spec: { clusterIP: '10.96.0.0' }, message: 'is not in the valid range' },
  ])('are refused if $name', async ({ spec, message }) => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(serviceObject('a', spec));
    expect(errors).toEqual([{ path: 'spec.clusterIPs', message: expect.stringContaining(message) }]);
  });

  test.each([{ to: '10.96.0.99' }, { to: 'None' }])('may not change to $to', async ({ to }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a'));
    const { errors } = await plane.apply(serviceObject('a', { clusterIP: to }));
    expect(errors).toEqual([{ path: 'spec.clusterIPs[0]', message: expect.stringContaining('may not change once set') }]);
  });

  test('stay None if an update does not contain them, and so exclude the type NodePort', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a', { clusterIP: 'None' }));
    const { errors } = await plane.apply(serviceObject('a', { type: 'NodePort' }));
    expect(errors).toEqual([{ path: 'spec.clusterIPs[0]', message: "Invalid value: \"None\": may not be set to 'None' for NodePort services" }]);
  });

  test('are None for a headless Service, and released by a change to ExternalName', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('headless', { clusterIP: 'None' }), serviceObject('a'));
    await plane.apply(serviceObject('a', { type: 'ExternalName', externalName: 'example.org' }), serviceObject('b'));
    expect(service(plane, 'headless').spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
    expect(service(plane, 'a').spec.clusterIP).toBeUndefined();
    expect(service(plane, 'b').spec.clusterIP).toBe('10.96.1.1');
  });
});

describe('node ports', () => {
  const nodePort = (...ports: readonly object[]): object => ({ type: 'NodePort', ports });

  test.each([
    { name: 'each port has its own', ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }], given: [30086, 30087] },
    { name: 'ports of one number share one across protocols', ports: [{ name: 'a', port: 53, protocol: 'UDP' }, { name: 'b', port: 53 }], given: [30086, 30086] },
    {
      name: 'a stated one is shared with the port of the same number',
      ports: [{ name: 'a', port: 53, protocol: 'UDP' }, { name: 'b', port: 53, nodePort: 30053 }], given: [30053, 30053],
    },
    { name: 'a stated one of the upper band is kept', ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81, nodePort: 30086 }], given: [30087, 30086] },
    {
      name: 'two protocols may state the same',
      ports: [{ name: 'a', port: 53, nodePort: 30053, protocol: 'UDP' }, { name: 'b', port: 53, nodePort: 30053 }], given: [30053, 30053],
    },
  ])('$name', async ({ ports, given }) => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(serviceObject('a', nodePort(...ports)));
    expect(errors).toEqual([]);
    expect(nodePorts(plane, 'a')).toEqual(given);
  });

  test.each([
    {
      name: 'another service has it', port: { port: 81, nodePort: 30500 },
      message: 'Invalid value: 30500: provided port is already allocated (to Service default/taken)',
    },
    { name: 'another service has it for another protocol', port: { port: 81, nodePort: 30500, protocol: 'UDP' }, message: 'provided port is already allocated' },
    { name: 'it is outside the range', port: { port: 81, nodePort: 80 }, message: 'provided port is not in the valid range. The range of valid ports is 30000-32767' },
  ])('are refused if $name', async ({ port, message }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('taken', nodePort({ port: 80, nodePort: 30500 })));
    const { errors } = await plane.apply(serviceObject('a', nodePort(port)));
    expect(errors).toEqual([{ path: 'spec.ports[0].nodePort', message: expect.stringContaining(message) }]);
  });

  test('of two ports with different numbers must differ, even with different protocols', async () => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(
      serviceObject('a', nodePort({ name: 'a', port: 80, nodePort: 30500 }, { name: 'b', port: 81, nodePort: 30500, protocol: 'UDP' })),
    );
    expect(errors).toEqual([{ path: 'spec.ports[1].nodePort', message: expect.stringContaining('provided port is already allocated') }]);
  });

  test('are kept by an update that does not contain them, and released by a change of type', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a', nodePort({ name: 'http', port: 80 })));
    await plane.apply(serviceObject('a', nodePort({ name: 'http', port: 8080 }, { name: 'more', port: 81 })));
    expect(nodePorts(plane, 'a')).toEqual([30086, 30087]);
    await plane.apply(serviceObject('a', { ports: [{ name: 'http', port: 8080 }] }), serviceObject('b', nodePort({ port: 80 })));
    expect(nodePorts(plane, 'a')).toEqual([undefined]);
    expect(nodePorts(plane, 'b')).toEqual([30086]);
  });

  test.each([
    { name: 'each new one has its own, whatever the number', ports: [{ name: 'a', port: 53, protocol: 'UDP' }, { name: 'b', port: 53 }], given: [30086, 30087] },
    {
      name: 'protocols may state the same for two numbers',
      ports: [{ name: 'a', port: 80, nodePort: 30500 }, { name: 'b', port: 81, protocol: 'UDP', nodePort: 30500 }], given: [30500, 30500],
    },
  ])('in an update: $name', async ({ ports, given }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a'));
    expect((await plane.apply(serviceObject('a', nodePort(...ports)))).errors).toEqual([]);
    expect(nodePorts(plane, 'a')).toEqual(given);
  });

  test('that a later document has are not allocated to earlier ones, but to later ones once released, also health check ports', async () => {
    const plane = await ControlPlane.create(1);
    const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', allocateLoadBalancerNodePorts: false };
    await plane.apply(serviceObject('a', local), serviceObject('b', local));
    await plane.apply(serviceObject('c', nodePort({ port: 80 })), serviceObject('a'), serviceObject('d', nodePort({ port: 80 })));
    expect([nodePorts(plane, 'c'), nodePorts(plane, 'd')]).toEqual([[30088], [30086]]);
  });

  test('may be the same for two protocols of one port if allocateLoadBalancerNodePorts is false', async () => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(
      serviceObject('a', {
        type: 'LoadBalancer',
        allocateLoadBalancerNodePorts: false,
        ports: [
          { name: 'a', port: 53, nodePort: 30053 },
          { name: 'b', port: 53, protocol: 'UDP', nodePort: 30053 },
        ],
      }),
    );
    expect(errors).toEqual([]);
  });

  test('are refused if the range is full', async () => {
    const plane = await ControlPlane.create(1, { nodePortRange: '30000-30001' });
    await plane.apply(serviceObject('a', nodePort({ name: 'a', port: 80 }, { name: 'b', port: 81 })));
    const { errors } = await plane.apply(serviceObject('c', nodePort({ port: 80 })));
    expect(errors).toEqual([{ path: 'spec.ports[0].nodePort', message: expect.stringContaining('range is full') }]);
  });

  test('for health checks are allocated with externalTrafficPolicy Local, and cannot be used otherwise', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }));
    expect(service(plane, 'a').spec.healthCheckNodePort).toBe(30087);
    const { errors } = await plane.apply(serviceObject('b', nodePort({ port: 80, nodePort: 30087 })));
    expect(errors).toHaveLength(1);
  });

  test('are not allocated if allocateLoadBalancerNodePorts is false', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }));
    expect(nodePorts(plane, 'a')).toEqual([undefined]);
  });
});

describe('address families', () => {
  const MULTIPLE = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";

  test.each([
    { name: 'one family', specs: [{}], families: ['IPv4'], policy: 'SingleStack' },
    { name: 'one family where two would be better', specs: [{ ipFamilyPolicy: 'PreferDualStack' }], families: ['IPv4'], policy: 'PreferDualStack' },
    { name: 'one family of its pods', specs: [{ clusterIP: 'None', selector: { app: 'web' } }], families: ['IPv4'], policy: 'SingleStack' },
    { name: 'any family where it has neither address nor selector', specs: [{ clusterIP: 'None' }], families: ['IPv4', 'IPv6'], policy: 'RequireDualStack' },
    {
      name: 'the family that it says where it has neither address nor selector',
      specs: [{ clusterIP: 'None', ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' }], families: ['IPv6'], policy: 'SingleStack',
    },
    {
      name: 'two in a dump', specs: [{ clusterIPs: ['10.96.1.9', 'fd00::9'], ipFamilyPolicy: 'RequireDualStack' }], families: ['IPv4', 'IPv6'],
      policy: 'RequireDualStack',
    },
    { name: 'what it had', specs: [{ ipFamilyPolicy: 'PreferDualStack' }, {}], families: ['IPv4'], policy: 'PreferDualStack' },
    {
      name: 'the first of two from now on',
      specs: [{ clusterIPs: ['10.96.1.9', 'fd00::9'], ipFamilyPolicy: 'PreferDualStack' }, { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] }],
      families: ['IPv4'], policy: 'SingleStack',
    },
  ])('$name', async ({ specs, families, policy }) => {
    const plane = await ControlPlane.create(1);
    for (const spec of specs) expect((await plane.apply(serviceObject('a', spec))).errors).toEqual([]);
    expect(service(plane, 'a').spec).toMatchObject({ ipFamilies: families, ipFamilyPolicy: policy });
    if (policy === 'SingleStack') expect(service(plane, 'a').spec.clusterIPs).toHaveLength(1);
  });

  test.each([
    {
      name: 'two demanded', specs: [{ ipFamilyPolicy: 'RequireDualStack' }],
      problem: 'Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    },
    { name: 'two families for one', specs: [{ ipFamilies: ['IPv4', 'IPv6'] }], problem: `Invalid value: "SingleStack": ${MULTIPLE} IP families are specified` },
    { name: 'two addresses for one', specs: [{ clusterIPs: ['10.96.1.9', 'fd00::9'] }], problem: `Invalid value: "SingleStack": ${MULTIPLE} cluster IPs are specified` },
    {
      name: 'a second family without an address', specs: [{ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' }],
      path: 'spec.ipFamilies[1]', problem: 'Invalid value: "IPv6": not configured on this cluster',
    },
    {
      name: 'the second address gone',
      specs: [{ clusterIPs: ['10.96.1.9', 'fd00::9'], ipFamilyPolicy: 'PreferDualStack' }, { clusterIPs: ['10.96.1.9'] }],
      problem: 'Invalid value: "PreferDualStack": must be \'SingleStack\' to release the secondary cluster IP',
    },
  ])('refused: $name', async ({ specs, path = 'spec.ipFamilyPolicy', problem }) => {
    const plane = await ControlPlane.create(1);
    for (const spec of specs.slice(0, -1)) await plane.apply(serviceObject('a', spec));
    expect((await plane.apply(serviceObject('a', specs.at(-1)))).errors).toEqual([{ path, message: problem }]);
  });
});

test('fields without effect cause warnings', async () => {
  const plane = await ControlPlane.create(1);
  const { warnings } = await plane.apply(
    serviceObject('a', { clusterIP: 'None', sessionAffinity: 'ClientIP', externalIPs: ['192.0.2.1'], loadBalancerIP: '192.0.2.1', externalName: 'a.b' }),
    serviceObject('b', { clusterIP: '10.96.001.9', trafficDistribution: 'PreferClose' }),
    serviceObject('c', { type: 'ExternalName', externalName: 'a.b', externalIPs: ['192.0.2.1'] }),
  );
  expect(warnings).toEqual([
    'Service default/a: spec.loadBalancerIP is ignored for headless services',
    'Service default/a: spec.externalIPs is ignored for headless services',
    'Service default/a: spec.SessionAffinity is ignored for headless services',
    'Service default/a: spec.externalName is ignored when spec.type is not "ExternalName"',
    'Service default/b: spec.clusterIPs[0]: non-standard IP address "10.96.001.9" will be considered invalid in a future Kubernetes release: use "10.96.1.9"',
    'Service default/b: spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    'Service default/c: spec.externalIPs is ignored when spec.type is "ExternalName"',
  ]);
});

describe('load balancer addresses', () => {
  test('are the lowest free ones, with the ipMode of the settings', async () => {
    const plane = await ControlPlane.create(1, withLoadBalancers({ ipMode: 'Proxy' }));
    await plane.apply(serviceObject('a', { type: 'LoadBalancer' }), serviceObject('b', { type: 'LoadBalancer' }));
    expect([ingress(plane, 'a'), ingress(plane, 'b')]).toEqual([[{ ip: '192.0.2.1', ipMode: 'Proxy' }], [{ ip: '192.0.2.2', ipMode: 'Proxy' }]]);
  });

  test.each([
    {
      name: 'status', spec: {}, status: { loadBalancer: { ingress: [{ ip: '192.0.2.77', ipMode: 'Proxy' }, { ip: '192.168.1.240' }] } },
      given: [{ ip: '192.0.2.77', ipMode: 'Proxy' }, { ip: '192.168.1.240', ipMode: 'VIP' }],
    },
    { name: 'spec.loadBalancerIP', spec: { loadBalancerIP: '192.0.2.9' }, status: undefined, given: [{ ip: '192.0.2.9', ipMode: 'VIP' }] },
    { name: 'a host name in status', spec: {}, status: { loadBalancer: { ingress: [{ hostname: 'lb.example.org' }] } }, given: [{ hostname: 'lb.example.org' }] },
  ])('stated by $name are kept', async ({ spec, status, given }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a', { type: 'LoadBalancer', ...spec }, status));
    expect(ingress(plane, 'a')).toEqual(given);
  });

  describe('requested by MetalLB\'s annotation', () => {
    const asking = (name: string, address: string, annotation = 'metallb.io/loadBalancerIPs', spec: object = {}): object =>
      ({ ...serviceObject(name, { type: 'LoadBalancer', ...spec }), metadata: { name, annotations: { [annotation]: address } } });

    test.each([
      { name: 'by its name', service: asking('a', '192.0.2.9'), given: '192.0.2.9' },
      { name: 'by its older name', service: asking('a', '192.168.1.240', 'metallb.universe.tf/loadBalancerIPs'), given: '192.168.1.240' },
      { name: 'in a list of both families', service: asking('a', 'fd00::1, 192.0.2.9'), given: '192.0.2.9' },
      { name: 'in vain, because the field asks for one', service: asking('a', '192.0.2.9', undefined, { loadBalancerIP: '192.0.2.8' }), given: '192.0.2.8' },
    ])('$name: it is $given', async ({ service, given }) => {
      const plane = await ControlPlane.create(1);
      expect(await plane.apply(serviceObject('first', { type: 'LoadBalancer' }), service)).toMatchObject({ errors: [], warnings: [] });
      expect(ingress(plane, 'a')).toEqual([{ ip: given, ipMode: 'VIP' }]);
      await plane.apply(asking('a', '192.0.2.10'));
      expect(ingress(plane, 'a')).toEqual([{ ip: '192.0.2.10', ipMode: 'VIP' }]);
      // A patch, or an apply, holds the status that was there.
      await plane.apply({ ...plane.get('Service default/a'), ...asking('a', '192.0.2.11') });
      expect(ingress(plane, 'a')).toEqual([{ ip: '192.0.2.11', ipMode: 'VIP' }]);
    });

    test.each([
      {
        name: 'is not in the range', address: '10.0.20.200',
        said: '"10.0.20.200" is not in the cluster\'s underlay.loadBalancer.cidr 192.0.2.0/24: the cluster needs the setting',
      },
      { name: 'is taken', address: '192.0.2.77', said: '"192.0.2.77" is already the load balancer address of Service default/first for the same port' },
      { name: 'is none', address: 'pool-a', said: '"pool-a" is no IPv4 address' },
    ])('that $name cause a warning, and another address is allocated', async ({ address, said }) => {
      const plane = await ControlPlane.create(1);
      await plane.apply(serviceObject('first', { type: 'LoadBalancer', loadBalancerIP: '192.0.2.77' }));
      const { errors, warnings } = await plane.apply(asking('a', address));
      expect(errors).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining(`Service default/a: annotation metallb.io/loadBalancerIPs: ${said}`)]);
      expect(warnings[0]).toContain('; it has 192.0.2.1 instead');
      expect(ingress(plane, 'a')).toEqual([{ ip: '192.0.2.1', ipMode: 'VIP' }]);
    });

    test('are not allocated to Services that are applied before', async () => {
      const plane = await ControlPlane.create(1);
      await plane.apply(serviceObject('first', { type: 'LoadBalancer' }), asking('a', '192.0.2.1'));
      expect([ingress(plane, 'first'), ingress(plane, 'a')]).toMatchObject([[{ ip: '192.0.2.2' }], [{ ip: '192.0.2.1' }]]);
    });
  });

  test('may be shared by Services with different ports', async () => {
    const plane = await ControlPlane.create(1);
    const at = (port: number): object => ({ type: 'LoadBalancer', loadBalancerIP: '192.0.2.9', ports: [{ port }] });
    expect((await plane.apply(serviceObject('a', at(80)), serviceObject('b', at(81)))).errors).toEqual([]);
    expect((await plane.apply(serviceObject('c', at(80)))).errors).toEqual([{ path: 'spec.loadBalancerIP', message: expect.stringContaining('Service default/a') }]);
  });

  test.each([
    { name: 'by Services of any node', first: {}, second: { selector: { app: 'other' } }, shared: true },
    { name: 'by Services of the same pods\' nodes', first: { externalTrafficPolicy: 'Local' }, second: { externalTrafficPolicy: 'Local' }, shared: true },
    {
      name: 'by Services of other pods\' nodes', first: { externalTrafficPolicy: 'Local' },
      second: { externalTrafficPolicy: 'Local', selector: { app: 'other' } }, shared: false,
    },
    { name: 'by one of any and one of its pods\' nodes', first: {}, second: { externalTrafficPolicy: 'Local' }, shared: false },
  ])('may be shared $name: $shared', async ({ first, second, shared }) => {
    const plane = await ControlPlane.create(1);
    const at = (port: number, spec: object): object => ({ type: 'LoadBalancer', loadBalancerIP: '192.0.2.9', selector: { app: 'web' }, ports: [{ port }], ...spec });
    await plane.apply(serviceObject('a', at(80, first)));
    const { errors } = await plane.apply(serviceObject('b', at(443, second)));
    expect(errors).toEqual(shared ? [] : [{ path: 'spec.loadBalancerIP', message: expect.stringContaining('to share it') }]);
  });

  test('outside of the cluster\'s ranges are refused with the name of the setting', async () => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(serviceObject('a', { type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '34.1.2.3' }] } }));
    expect(errors).toEqual([{ path: 'status.loadBalancer.ingress[0].ip', message: expect.stringContaining('underlay.loadBalancer.cidr') }]);
  });

  test('may be in a further block, but none are allocated from it', async () => {
    const plane = await ControlPlane.create(1, withLoadBalancers({ furtherCIDRs: ['34.0.0.0/8'] }));
    const { errors } = await plane.apply(
      serviceObject('a', { type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '34.1.2.3' }] } }),
      serviceObject('b', { type: 'LoadBalancer' }),
    );
    expect(errors).toEqual([]);
    expect([ingress(plane, 'a'), ingress(plane, 'b')]).toEqual([[{ ip: '34.1.2.3', ipMode: 'VIP' }], [{ ip: '192.0.2.1', ipMode: 'VIP' }]]);
  });

  test('are released by a change of type', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(serviceObject('a', { type: 'LoadBalancer' }));
    await plane.apply(serviceObject('a'), serviceObject('b', { type: 'LoadBalancer' }));
    expect(service(plane, 'a').status).toEqual({ loadBalancer: {} });
    expect(ingress(plane, 'b')).toEqual([{ ip: '192.0.2.1', ipMode: 'VIP' }]);
  });

  describe('with another load balancer\'s loadBalancerClass', () => {
    const ours = (spec: object = {}, status?: object): object => serviceObject('a', { type: 'LoadBalancer', loadBalancerClass: 'example.com/other', ...spec }, status);
    const has = (...ips: readonly string[]): object => ({ loadBalancer: { ingress: ips.map((ip) => ({ ip })) } });

    test.each([
      {
        name: 'nothing',
        spec: {},
        status: undefined,
        given: undefined,
        warnings: [
          'Service default/a: spec.loadBalancerClass "example.com/other" asks for another load balancer than the cluster\'s: it has no address until its status says one',
        ],
      },
      {
        name: 'nothing for the address it asks for',
        spec: { loadBalancerIP: '192.0.2.9' },
        status: undefined,
        given: undefined,
        warnings: [expect.stringContaining('no address')],
      },
      { name: 'what the status says', spec: {}, status: has('192.0.2.77'), given: [{ ip: '192.0.2.77', ipMode: 'VIP' }], warnings: [] },
    ])('are $name', async ({ spec, status, given, warnings }) => {
      const plane = await ControlPlane.create(1, withLoadBalancers({ ipMode: 'Proxy' }));
      expect(await plane.apply(ours(spec, status))).toMatchObject({ errors: [], warnings });
      expect(ingress(plane, 'a')).toEqual(given);
      expect(nodePorts(plane, 'a')).toEqual([30086]);
      await plane.apply(serviceObject('b', { type: 'LoadBalancer' }));
      expect(ingress(plane, 'b')).toEqual([{ ip: '192.0.2.1', ipMode: 'Proxy' }]);
    });

    test('are kept by an update that does not contain them, and removed by an empty list', async () => {
      const plane = await ControlPlane.create(1);
      await plane.apply(ours({}, has('192.0.2.77')));
      await plane.apply(ours({ ports: [{ port: 81 }] }));
      expect(ingress(plane, 'a')).toEqual([{ ip: '192.0.2.77', ipMode: 'VIP' }]);
      await plane.apply(ours({}, has()));
      expect(ingress(plane, 'a')).toBeUndefined();
    });

    test.each([
      { name: 'another', to: { loadBalancerClass: 'example.com/third' }, refused: 'Invalid value: "example.com/third": may not change once set' },
      { name: 'none', to: { loadBalancerClass: undefined }, refused: 'Invalid value: null: may not change once set' },
    ])('may not change the class to $name', async ({ to, refused }) => {
      const plane = await ControlPlane.create(1);
      await plane.apply(ours());
      expect((await plane.apply(ours(to))).errors).toEqual([{ path: 'spec.loadBalancerClass', message: refused }]);
    });

    test('may not be added to a Service that already has an address', async () => {
      const plane = await ControlPlane.create(1);
      await plane.apply(serviceObject('a', { type: 'LoadBalancer' }));
      expect((await plane.apply(ours())).errors).toEqual([{ path: 'spec.loadBalancerClass', message: 'Invalid value: "example.com/other": may not change once set' }]);
      await plane.apply(serviceObject('a'));
      await plane.apply(ours());
      expect(ingress(plane, 'a')).toBeUndefined();
    });
  });
});
