import { describe, expect, test } from 'vitest';

import { compileNetwork } from '../../src/compile/compile-network.js';
import type { CompileOptions } from '../../src/compile/compilation.js';
import type { Interface, Netns, Route } from '../../src/domain/datapath/netns.js';
import { formatCidr } from '../../src/domain/values/cidr.js';
import { formatIpv4, ipv4 } from '../../src/domain/values/ipv4.js';
import { formatMac, type Mac } from '../../src/domain/values/mac.js';
import type { FakeCluster } from '../support/fake-view.js';
import { LAB, LAB_SETTINGS, labView } from '../support/lab-cluster.js';

const parseMac = (text: string): Mac => Number.parseInt(text.replaceAll(':', ''), 16) as Mac;
const lab = (id: string, options: CompileOptions = {}, changes: Partial<FakeCluster> = {}): Netns => {
  const netns = compileNetwork(labView(changes), options).netns(id);
  if (!netns) throw new Error(`no namespace ${id}`);
  return netns;
};

const words = (route: Route | undefined): string =>
  route
    ? [
        formatCidr(route.destination),
        ...(route.via === null ? [] : ['via', formatIpv4(route.via)]),
        'dev',
        route.device,
        ...(route.source === null ? [] : ['src', formatIpv4(route.source)]),
      ].join(' ')
    : 'none';

const changed = (name: string, change: object): Partial<FakeCluster> => ({ nodes: LAB.nodes!.map((node) => (node.name === name ? { ...node, ...change } : node)) });
const WEB_HOST = { internetHost: ipv4('198.51.100.10') };

test.each([
  { id: 'pod:default/a1', to: '10.244.1.3', route: '10.244.1.0/24 dev eth0 src 10.244.1.2' },
  { id: 'pod:default/a1', to: '10.96.0.100', route: '0.0.0.0/0 via 10.244.1.1 dev eth0' },
  { id: 'node:node1', to: '10.244.1.3', route: '10.244.1.0/24 dev cbr0 src 10.244.1.1' },
  { id: 'node:node1', to: '10.244.2.2', route: '10.244.2.0/24 via 192.168.1.12 dev eth0' },
  { id: 'node:node1', to: '10.244.9.9', route: '0.0.0.0/0 via 192.168.1.1 dev eth0' },
  { id: 'node:node1', to: '192.168.1.50', route: '192.168.1.0/24 dev eth0 src 192.168.1.11' },
  { id: 'lan:lanhost', to: '10.96.0.101', route: '10.96.0.0/12 via 192.168.1.11 dev eth0' },
  { id: 'lan:lanhost', to: '8.8.8.8', route: '0.0.0.0/0 via 192.168.1.1 dev eth0' },
  { id: 'gateway', to: '198.51.100.10', route: '0.0.0.0/0 via 203.0.113.254 dev wan0' },
  { id: 'gateway', to: '192.168.1.11', route: '192.168.1.0/24 dev eth0 src 192.168.1.1' },
  { id: 'gateway', to: '192.0.2.100', route: '192.0.2.100/32 via 192.168.1.11 dev eth0' },
  { id: 'gateway', to: '192.0.2.105', route: '192.0.2.105/32 via 192.168.1.12 dev eth0' }, // Local: the first node with an endpoint
  { id: 'gateway', to: '192.0.2.107', route: '192.0.2.107/32 via 192.168.1.11 dev eth0' },
  { id: 'gateway', to: '192.0.2.200', route: '0.0.0.0/0 via 203.0.113.254 dev wan0' }, // no service has it
  { id: 'isp', to: '203.0.113.1', route: '203.0.113.0/24 dev eth0 src 203.0.113.254' },
  { id: 'isp', to: '192.0.2.100', route: '192.0.2.0/24 via 203.0.113.1 dev eth0' },
  { id: 'isp', to: '198.51.100.10', route: '198.51.100.0/24 dev eth1 src 198.51.100.1' },
  { id: 'isp', to: '198.51.100.77', route: '198.51.100.0/24 dev eth1 src 198.51.100.1' },
  { id: 'isp', to: '10.96.0.100', route: 'none' },
  { id: 'isp', to: '192.168.1.11', route: 'none' },
  { id: 'internet:198.51.100.10', to: '203.0.113.1', route: '0.0.0.0/0 via 198.51.100.1 dev eth0' },
])('$id routes $to by $route', ({ id, to, route }) => {
  expect(words(lab(id).lookupRoute(ipv4(to)))).toBe(route);
});

test('the isp\'s eth1 is in the network of the trace\'s internet host; its interfaces to other hosts are named after their addresses', () => {
  const everybody = { settings: { ...LAB_SETTINGS, underlay: { ...LAB_SETTINGS.underlay, internetHosts: 'any' as const } } };
  expect(words(lab('isp', { internetHost: ipv4('198.51.100.1') }, everybody).lookupRoute(ipv4('198.51.100.1')))).toBe('198.51.100.0/24 dev eth1 src 198.51.100.254');
  const isp = lab('isp', { internetHost: ipv4('8.8.8.8') }, everybody);
  expect(words(isp.lookupRoute(ipv4('8.8.8.8')))).toBe('8.8.8.0/24 dev eth1 src 8.8.8.1');
  expect(words(isp.lookupRoute(ipv4('198.51.100.10')))).toBe('198.51.100.10/32 dev ethc633640a');
  expect(isp.interface('ethc633640a')?.peer).toEqual({ netns: 'internet:198.51.100.10', name: 'eth0' });
  const host = lab('internet:198.51.100.10', { internetHost: ipv4('8.8.8.8') }, everybody);
  expect(host.interface('eth0')?.peer).toEqual({ netns: 'isp', name: 'ethc633640a' });
});

test('if the settings list the internet hosts, another address of a listed host\'s network leads to that host', () => {
  expect(lab('isp', { internetHost: ipv4('198.51.100.77') }).interface('eth1')?.peer).toEqual({ netns: 'internet:198.51.100.10', name: 'eth0' });
});

test('a configured route of a LAN host replaces its default route', () => {
  const host = lab(
    'lan:lanhost',
    {},
    {
      settings: {
        ...LAB_SETTINGS,
        underlay: {
          ...LAB_SETTINGS.underlay,
          lanHosts: LAB_SETTINGS.underlay.lanHosts.map((each) => ({ ...each, routes: [{ to: '0.0.0.0/0', via: '192.168.1.11' }] })),
        },
      },
    },
  );
  expect(words(host.lookupRoute(ipv4('8.8.8.8')))).toBe('0.0.0.0/0 via 192.168.1.11 dev eth0');
  expect([...host.allRoutes()].map(words)).toEqual(['0.0.0.0/0 via 192.168.1.11 dev eth0', '192.168.1.0/24 dev eth0 src 192.168.1.50']);
});

test('blanks around a LAN host\'s listening port are ignored', () => {
  const listening = {
    settings: {
      ...LAB_SETTINGS,
      underlay: { ...LAB_SETTINGS.underlay, lanHosts: LAB_SETTINGS.underlay.lanHosts.map((each) => ({ ...each, listen: [' 80/tcp '] })) },
    },
  };
  expect(lab('lan:lanhost', {}, listening).lookupSocket('TCP', ipv4('192.168.1.50'), 80)).toMatchObject({ protocol: 'TCP', port: 80 });
});

test('a configured route of a node replaces the route to a podCIDR', () => {
  const node = lab(
    'node:node1',
    {},
    changed('node1', { wiring: { addresses: ['192.168.1.111'], routes: [{ to: '10.244.2.0/24', via: '192.168.1.12', src: '192.168.1.111' }] } }),
  );
  expect(words(node.lookupRoute(ipv4('10.244.2.2')))).toBe('10.244.2.0/24 via 192.168.1.12 dev eth0 src 192.168.1.111');
  expect([...node.allRoutes()].map(words)).toEqual([
    '0.0.0.0/0 via 192.168.1.1 dev eth0', '192.168.1.0/24 dev eth0 src 192.168.1.11', '10.244.1.0/24 dev cbr0 src 10.244.1.1',
    '10.244.3.0/24 via 192.168.1.13 dev eth0', '10.244.2.0/24 via 192.168.1.12 dev eth0 src 192.168.1.111',
  ]);
  expect(node.localInterface(ipv4('192.168.1.111'))).toBe('eth0');
});

test.each([
  { id: 'pod:default/a1', device: 'eth0', mac: '0a:58:0a:f4:01:02', address: '10.244.1.2/24', peer: /^node:node1 veth[0-9a-f]{8}$/ },
  { id: 'node:node1', device: 'eth0', mac: '02:00:c0:a8:01:0b', address: '192.168.1.11/24', peer: /^fabric p-node1$/ },
  { id: 'node:node1', device: 'cbr0', mac: '0a:58:0a:f4:01:01', address: '10.244.1.1/24', peer: /^none$/ },
  { id: 'gateway', device: 'eth0', mac: '02:00:c0:a8:01:01', address: '192.168.1.1/24', peer: /^fabric p-gateway$/ },
  { id: 'gateway', device: 'wan0', mac: '02:00:cb:00:71:01', address: '203.0.113.1/24', peer: /^isp eth0$/ },
  { id: 'isp', device: 'eth0', mac: '02:00:cb:00:71:fe', address: '203.0.113.254/24', peer: /^gateway wan0$/ },
  { id: 'isp', device: 'eth1', mac: '02:00:c6:33:64:01', address: '198.51.100.1/24', peer: /^internet:198.51.100.10 eth0$/ },
  { id: 'internet:198.51.100.10', device: 'eth0', mac: '02:00:c6:33:64:0a', address: '198.51.100.10/24', peer: /^isp eth1$/ },
  { id: 'lan:lanhost', device: 'eth0', mac: '02:00:c0:a8:01:32', address: '192.168.1.50/24', peer: /^fabric p-lanhost$/ },
])('$id $device has MAC $mac and address $address', ({ id, device, mac, address, peer }) => {
  const found = lab(id, WEB_HOST).interface(device)!;
  expect(formatMac(found.mac)).toBe(mac);
  expect(found.addresses.map((own) => `${formatIpv4(own.address)}/${own.prefix}`)).toEqual([address]);
  expect(found.peer ? `${found.peer.netns} ${found.peer.name}` : 'none').toMatch(peer);
});

test.each(['pod:default/a1', 'node:node1', 'node:node2', 'gateway', 'isp', 'internet:198.51.100.10', 'lan:lanhost', 'fabric'])('both ends of every link of %s name each other', (id) => {
  const network = compileNetwork(labView(), WEB_HOST);
  const cabled = [...network.netns(id)!.allInterfaces()].filter(({ peer }) => peer);
  expect(cabled.length).toBeGreaterThan(0);
  for (const { name, peer } of cabled) expect(network.netns(peer!.netns)!.interface(peer!.name)!.peer).toEqual({ netns: id, name });
});

test.each([
  'node:none',
  'pod:default/none',
  'pod:default/agent',
  'lan:none',
  'internet:10.0.0.1',
  'internet:198.51.100.11',
  'internet:x',
  'cloud-lb',
  'nonsense',
  'pod:',
])('the network has no namespace %s', (id) => {
  expect(compileNetwork(labView()).netns(id)).toBeUndefined();
});

test('the same namespace is the same object', () => {
  const network = compileNetwork(labView());
  expect(network.netns('node:node1')).toBe(network.netns('node:node1'));
});

describe('the bridge of a node', () => {
  const node = lab('node:node1');
  const bridge = node.bridge('cbr0')!;
  const vethOf = (pod: string): string => lab(`pod:default/${pod}`).interface('eth0')!.peer!.name;

  test('has a port for each pod on the node, in order of creation', () => {
    expect([...bridge.allPorts()].map(({ name }) => name)).toEqual([vethOf('a1'), vethOf('a2')]);
  });
  test.each([
    { mac: '0a:58:0a:f4:01:03', port: vethOf('a2') },
    { mac: '0a:58:0a:f4:02:02', port: null }, // another node's pod
    { mac: '02:00:c0:a8:01:0b', port: null },
  ])('finds MAC $mac behind port $port', ({ mac, port }) => {
    expect(bridge.portOfMac(parseMac(mac))).toBe(port);
  });
  test('lists the ports that answer ARP for an address', () => {
    expect(bridge.portsAnsweringFor(ipv4('10.244.1.2'))).toEqual([vethOf('a1')]);
    expect(bridge.portsAnsweringFor(ipv4('10.244.1.99'))).toEqual([]);
  });
  test('finds a port by its name, with its peer and MAC', () => {
    const port = lab('node:node1').interface(vethOf('a1')) as Interface;
    expect(port).toMatchObject({ master: 'cbr0', hairpin: true, peer: { netns: 'pod:default/a1', name: 'eth0' } });
    expect(formatMac(port.mac).replaceAll(':', '')).toBe(`0201${vethOf('a1').slice(4)}`);
    expect(lab('node:node2').interface(vethOf('a1'))).toBeUndefined();
  });
  test('does not exist without a podCIDR', () => {
    const bare = lab('node:node1', {}, changed('node1', { podCIDR: null }));
    expect(bare.bridge('cbr0')).toBeUndefined();
    expect([...bare.allInterfaces()].map(({ name }) => name)).toEqual(['lo', 'eth0']);
  });
});

describe('the switch', () => {
  const bridge = (options?: CompileOptions, changes?: Partial<FakeCluster>) => lab('fabric', options, changes).bridge('br-lan')!;

  test('has a port for each machine', () => {
    expect([...bridge().allPorts()].map(({ name }) => name)).toEqual(['p-gateway', 'p-lanhost', 'p-node1', 'p-node2', 'p-node3']);
  });
  test.each([
    { address: '192.168.1.1', ports: ['p-gateway'] },
    { address: '203.0.113.1', ports: ['p-gateway'] }, // Linux answers for every address of the machine
    { address: '192.168.1.12', ports: ['p-node2'] },
    { address: '10.244.2.1', ports: ['p-node2'] },
    { address: '10.244.2.2', ports: [] },
    { address: '192.168.1.50', ports: ['p-lanhost'] },
    { address: '192.168.1.240', ports: ['p-node1'] },
    { address: '192.168.1.99', ports: [] },
  ])('lists $ports as the ports that answer ARP for $address', ({ address, ports }) => {
    expect(bridge().portsAnsweringFor(ipv4(address))).toEqual(ports);
  });
  test.each([
    { mac: '02:00:c0:a8:01:0c', port: 'p-node2' }, { mac: '02:00:c0:a8:01:01', port: 'p-gateway' }, { mac: '02:00:c0:a8:01:32', port: 'p-lanhost' },
    { mac: '0a:58:0a:f4:02:02', port: null }, { mac: '02:00:c0:a8:01:fe', port: null },
  ])('finds MAC $mac behind port $port', ({ mac, port }) => {
    expect(bridge().portOfMac(parseMac(mac))).toBe(port);
  });
  test('a cut link is down at both ends, and no MAC or address is found behind it', () => {
    const cut = changed('node2', { linkUp: false });
    const network = compileNetwork(labView(cut));
    expect([network.netns('node:node2')!.interface('eth0')!.up, network.netns('fabric')!.interface('p-node2')!.up]).toEqual([false, false]);
    expect(bridge({}, cut).portsAnsweringFor(ipv4('192.168.1.12'))).toEqual([]);
    expect(bridge({}, cut).portOfMac(parseMac('02:00:c0:a8:01:0c'))).toBeNull();
    expect(bridge({ linksUp: true }, cut).portsAnsweringFor(ipv4('192.168.1.12'))).toEqual(['p-node2']);
  });
});

describe('the cloud load balancer', () => {
  const EXCLUDED = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
  const choice = (address: string, options?: CompileOptions, changes?: Partial<FakeCluster>) =>
    lab('gateway', options, changes).lookupRoute(ipv4(address))!.loadBalancer!;

  test('lists the nodes that pass the health check, and why others do not', () => {
    expect(choice('192.0.2.105')).toMatchObject({ service: 'default/etp-local', chosen: 'node2' });
    expect(choice('192.0.2.105').candidates).toEqual([
      { node: 'node1', healthy: false, why: 'NO_READY_LOCAL_ENDPOINT' }, { node: 'node2', healthy: true, why: 'READY' },
      { node: 'node3', healthy: false, why: 'NO_READY_LOCAL_ENDPOINT' },
    ]);
  });
  test('with externalTrafficPolicy Local passes over a node whose only endpoint is not ready', () => {
    const services = LAB.services!.map((service) => ({
      ...service, externalTrafficPolicy: 'Local' as const,
      endpoints: [{ ip: '10.244.1.2', port: 80, node: 'node1', ready: false, serving: true, terminating: true }, { ip: '10.244.2.2', port: 80, node: 'node2' }],
    }));
    expect(choice('192.0.2.105', {}, { services }).chosen).toBe('node2');
  });
  test('sends to the first node with an intact link if no node passes the health check', () => {
    const services = LAB.services!.map((service) => ({ ...service, endpoints: [] }));
    expect(choice('192.0.2.105', {}, { services, ...changed('node1', { linkUp: false }) }).chosen).toBe('node2');
  });
  test('sends to the node that the request names', () => {
    expect(choice('192.0.2.100', { loadBalancerNode: () => 'node3' }).chosen).toBe('node3');
  });
  test.each([
    { name: 'a cut cable', change: { linkUp: false }, why: 'LINK_DOWN' }, { name: 'a node that is not ready', change: { ready: 'False' }, why: 'NODE_NOT_READY' },
    { name: 'a node that is labelled to be left out', change: { labels: EXCLUDED }, why: 'EXCLUDED_BY_LABEL' },
    { name: 'a node that is about to be deleted', change: { toBeDeleted: true } as const, why: 'NODE_TO_BE_DELETED' },
  ])('passes over $name', ({ change, why }) => {
    const found = choice('192.0.2.100', {}, changed('node1', change));
    expect(found.chosen).toBe('node2');
    expect(found.candidates[0]).toEqual({ node: 'node1', healthy: false, why });
  });
  test('with externalTrafficPolicy Local also sends to a node that is about to be deleted', () => {
    expect(choice('192.0.2.105', {}, changed('node2', { toBeDeleted: true })).chosen).toBe('node2');
  });
  test('if no node passes the health check, still sends to none that is excluded by a label', () => {
    const services = LAB.services!.map((service) => ({ ...service, endpoints: [] }));
    expect(choice('192.0.2.105', {}, { services }).chosen).toBe('node1');
    expect(choice('192.0.2.105', {}, { services, ...changed('node1', { labels: EXCLUDED }) }).chosen).toBe('node2');
  });

  const proxied: Partial<FakeCluster> = { services: LAB.services!.map((service) => ({ ...service, ipMode: 'Proxy' as const })) };
  test('in ipMode Proxy is a machine with the last address of the node network', () => {
    const proxy = lab('cloud-lb', {}, proxied);
    expect(proxy.localInterface(ipv4('192.168.1.254'))).toBe('eth0');
    expect(proxy.localInterface(ipv4('192.0.2.100'))).toBe('eth0');
    expect(proxy.localInterface(ipv4('192.0.2.200'))).toBeNull();
    expect(proxy.lookupSocket('TCP', ipv4('192.0.2.100'), 80)?.owner).toBe('Service default/web');
    expect(proxy.lookupSocket('TCP', ipv4('192.0.2.100'), 81)).toBeUndefined();
    expect(words(lab('gateway', {}, proxied).lookupRoute(ipv4('192.0.2.100')))).toBe('192.0.2.100/32 via 192.168.1.254 dev eth0');
    expect(lab('fabric', {}, proxied).bridge('br-lan')!.portsAnsweringFor(ipv4('192.168.1.254'))).toEqual(['p-cloud-lb']);
  });
});

describe('sockets', () => {
  test.each([
    { id: 'pod:default/a1', protocol: 'TCP', to: '10.244.1.2', port: 8080, owner: 'app' },
    { id: 'pod:default/a1', protocol: 'UDP', to: '10.244.1.2', port: 8080, owner: undefined },
    { id: 'node:node1', protocol: 'TCP', to: '192.168.1.11', port: 9100, owner: 'app' },
    { id: 'node:node1', protocol: 'TCP', to: '192.168.1.11', port: 32000, owner: 'kube-proxy' },
    { id: 'node:node2', protocol: 'TCP', to: '192.168.1.12', port: 9100, owner: undefined },
    { id: 'lan:lanhost', protocol: 'TCP', to: '192.168.1.50', port: 80, owner: null },
    { id: 'internet:198.51.100.10', protocol: 'TCP', to: '198.51.100.10', port: 81, owner: undefined },
  ] as const)('$id $protocol $to:$port has the socket of $owner', ({ id, protocol, to, port, owner }) => {
    expect(lab(id).lookupSocket(protocol, ipv4(to), port)?.owner).toBe(owner);
  });
  const HEALTH_CHECK = 32_000;
  const ofMesh = { services: LAB.services!.map((service) => ({ ...service, proxyName: 'mesh' })) };
  const at = (...nodePortAddresses: readonly string[]): Partial<FakeCluster> => ({
    settings: { ...LAB_SETTINGS, kubeProxy: { ...LAB_SETTINGS.kubeProxy, nodePortAddresses } },
  });
  test.each<{ name: string; changes: Partial<FakeCluster>; listens: readonly string[] }>([
    { name: 'on all addresses', changes: {}, listens: ['0.0.0.0'] },
    { name: 'on none for a Service of another proxy', changes: ofMesh, listens: [] },
    {
      name: 'on none for the policy Cluster',
      changes: { services: LAB.services!.map((service) => ({ ...service, externalTrafficPolicy: 'Cluster' as const })) }, listens: [],
    },
    { name: 'on the primary address', changes: at('primary'), listens: ['192.168.1.11'] },
    { name: 'where node ports are', changes: at('127.0.0.0/8', '10.244.0.0/16'), listens: ['127.0.0.1', '10.244.1.1'] },
    { name: 'on none of another node\'s', changes: at('192.168.1.12/32'), listens: [] },
  ])('kube-proxy listens for health checks $name', ({ changes, listens }) => {
    const node = lab('node:node1', {}, changes);
    expect([...node.allSockets()].filter(({ owner }) => owner === 'kube-proxy').map(({ address, port }) => [formatIpv4(address), port])).toEqual(
      listens.map((address) => [address, HEALTH_CHECK]),
    );
    for (const address of ['127.0.0.1', '192.168.1.11', '10.244.1.1']) {
      expect(node.lookupSocket('TCP', ipv4(address), HEALTH_CHECK) !== undefined).toBe(listens.includes(address) || listens.includes('0.0.0.0'));
    }
  });
  test('of two containers with the same port only the first has a socket', () => {
    const port = { name: null, containerPort: 80, protocol: 'TCP' as const, hostPort: null };
    const pod = lab(
      'pod:default/two',
      {},
      {
        pods: [
          {
            name: 'two',
            node: 'node1',
            ip: '10.244.1.9',
            containers: [
              { name: 'first', ports: [port] },
              { name: 'second', ports: [port] },
            ],
          },
        ],
      },
    );
    expect([...pod.allSockets()].map(({ owner }) => owner)).toEqual(['first']);
  });
  test.each([
    { name: 'all addresses, then one', first: '0.0.0.0', second: '127.0.0.1', owners: ['first'] },
    { name: 'one, then all', first: '127.0.0.1', second: '0.0.0.0', owners: ['first'] },
    { name: 'one each', first: '127.0.0.1', second: '127.0.0.2', owners: ['first', 'second'] },
  ])('if two hostNetwork pods listen on one port at $name, only $owners get a socket', ({ first, second, owners }) => {
    const program = (name: string, address: string) => ({
      name,
      node: 'node1',
      ip: '192.168.1.11',
      hostNetwork: true,
      containers: [{ name, ports: [] }],
      listen: [{ address: ipv4(address), port: 9000, protocol: 'TCP' as const }],
    });
    const node = lab('node:node1', {}, { pods: [program('first', first), program('second', second)] });
    expect([...node.allSockets()].filter(({ port }) => port === 9000).map(({ owner }) => owner)).toEqual(owners);
  });
  test('the listen annotation replaces the container ports, and names the address', () => {
    const pod = lab(
      'pod:default/shy',
      {},
      { pods: [{ name: 'shy', node: 'node1', ip: '10.244.1.9', ports: [80], listen: [{ address: ipv4('127.0.0.1'), port: 9000, protocol: 'TCP' }] }] },
    );
    expect(pod.lookupSocket('TCP', ipv4('127.0.0.1'), 9000)).toBeDefined();
    expect(pod.lookupSocket('TCP', ipv4('10.244.1.9'), 9000)).toBeUndefined();
    expect(pod.lookupSocket('TCP', ipv4('10.244.1.9'), 80)).toBeUndefined();
  });
  test('with internetHosts "any", an internet host listens on every port', () => {
    const settings = { ...LAB_SETTINGS, underlay: { ...LAB_SETTINGS.underlay, internetHosts: 'any' as const } };
    expect(lab('internet:9.9.9.9', {}, { settings }).lookupSocket('UDP', ipv4('9.9.9.9'), 53)).toBeDefined();
  });
});
