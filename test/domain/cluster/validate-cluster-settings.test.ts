import { describe, expect, test } from 'vitest';
import { validateClusterSettings } from '../../../src/domain/cluster/validate-cluster-settings.js';

const settingsOf = (input: object): unknown => validateClusterSettings({ name: 'demo', ...input }).settings;
const problemsOf = (input: unknown): readonly string[] => validateClusterSettings(input).errors.map(({ category, path, message }) => `${category} ${path}: ${message}`);

test('every field except the name has a default', () => {
  const { settings, nodes, errors } = validateClusterSettings({ name: 'demo' });
  expect(errors).toEqual([]);
  expect(nodes.map(({ name }) => name)).toEqual(['node-1', 'node-2']);
  expect(settings).toEqual({
    name: 'demo', podCIDR: '10.244.0.0/16', nodeCIDRMaskSize: 24, serviceCIDR: '10.96.0.0/12', nodePortRange: '30000-32767', clusterDomain: 'cluster.local',
    dns: { replicas: 2 }, cni: { type: 'bridge', mtu: 1500 },
    kubeProxy: { mode: 'iptables', masqueradeAll: false, nodePortAddresses: [], localhostNodePorts: true, detectLocalMode: 'ClusterCIDR', randomFully: false },
    masquerade: { nonMasqueradeCIDRs: ['10.244.0.0/16', '192.168.1.0/24'] }, ingress: { controller: 'nginx' }, gateway: { controller: 'packetwalk' }, networkPolicy: { denyWith: 'DROP' },
    underlay: {
      nodeCIDR: '192.168.1.0/24', gateway: { internalIP: '192.168.1.1', externalIP: '203.0.113.1/24', portForwards: [] }, isp: { ip: '203.0.113.254' },
      internetHosts: 'any', lanHosts: [], loadBalancer: { cidr: '192.0.2.0/24', ipMode: 'VIP' },
    },
    sysctls: { 'bridge-nf-call-iptables': 1, ip_forward: 1, rp_filter: 0, route_localnet: 1 }, hairpin: true,
  });
});

describe('defaults that depend on other fields', () => {
  test.each([
    {
      name: 'what is not masqueraded', input: { podCIDR: '10.0.0.0/11', underlay: { nodeCIDR: '192.168.0.0/18' } },
      settings: { masquerade: { nonMasqueradeCIDRs: ['10.0.0.0/11', '192.168.0.0/18'] } },
    },
    { name: 'the gateway', input: { underlay: { nodeCIDR: '172.20.0.0/16' } }, settings: { underlay: { gateway: { internalIP: '172.20.0.1' } } } },
    { name: 'the ISP', input: { underlay: { gateway: { externalIP: '198.18.0.1/30' } } }, settings: { underlay: { isp: { ip: '198.18.0.2' } } } },
    {
      name: 'the ISP beside a gateway that has the last address', input: { underlay: { gateway: { externalIP: '198.18.0.2/30' } } },
      settings: { underlay: { isp: { ip: '198.18.0.1' } } },
    },
    {
      name: 'not where something is said', input: { masquerade: { nonMasqueradeCIDRs: [] }, underlay: { isp: { ip: '203.0.113.9' } } },
      settings: { masquerade: { nonMasqueradeCIDRs: [] }, underlay: { isp: { ip: '203.0.113.9' } } },
    },
  ])('$name', ({ input, settings }) => {
    expect(settingsOf(input)).toMatchObject(settings);
    expect(problemsOf({ name: 'demo', ...input })).toEqual([]);
  });
});

describe('nodes', () => {
  test.each([
    { nodes: 0, names: [] }, { nodes: 3, names: ['node-1', 'node-2', 'node-3'] }, { nodes: [{ name: 'node1' }, { name: 'db.example' }], names: ['node1', 'db.example'] }, { nodes: [], names: [] },
  ])('nodes: $nodes creates $names', ({ nodes, names }) => {
    const result = validateClusterSettings({ name: 'demo', nodes });
    expect(result.errors).toEqual([]);
    expect(result.nodes.map(({ name }) => name)).toEqual(names);
  });

  test('keep their stated fields', () => {
    const seed = {
      name: 'a',
      internalIP: '192.168.1.20',
      podCIDR: '10.244.9.0/24',
      labels: { zone: 'z' },
      addresses: ['192.168.1.99'],
      routes: [{ to: '0.0.0.0/0', via: '192.168.1.1', src: '192.168.1.99' }],
      forwardPolicy: 'DROP',
      announces: ['192.168.1.240'],
    };
    const { name, internalIP, podCIDR, labels, ...wiring } = seed;
    expect(validateClusterSettings({ name: 'demo', nodes: [seed] })).toMatchObject({ errors: [], nodes: [{ name, internalIP, podCIDR, labels, wiring }] });
  });

  test('can be 5,000 if the ranges are large enough', () => {
    expect(problemsOf({ name: 'large', podCIDR: '10.0.0.0/11', underlay: { nodeCIDR: '192.168.0.0/18' }, nodes: 5000 })).toEqual([]);
  });
});

describe('refused', () => {
  test.each([
    { name: 'no object', input: 'demo', problems: ['shape : expected the settings of a cluster, got a string ("demo")'] },
    { name: 'no name', input: {}, problems: ['shape name: Required value'] },
    { name: 'a field of a wrong type', input: { name: 'a', hairpin: 'yes' }, problems: ['shape hairpin: expected a boolean (true or false), got a string ("yes")'] },
    { name: 'an unknown field', input: { name: 'a', podCidr: 'x' }, problems: ['value podCidr: unknown field "podCidr"; did you mean "podCIDR"?'] },
    {
      name: 'pods among services', input: { name: 'a', podCIDR: '10.96.0.0/16' },
      problems: ['value serviceCIDR: Invalid value: "10.96.0.0/12": overlaps podCIDR 10.96.0.0/16'],
    },
    {
      name: 'nodes among pods', input: { name: 'a', underlay: { nodeCIDR: '10.244.7.0/24' } },
      problems: ['value underlay.nodeCIDR: Invalid value: "10.244.7.0/24": overlaps podCIDR 10.244.0.0/16'],
    },
    {
      name: 'load balancers among nodes', input: { name: 'a', underlay: { loadBalancer: { cidr: '192.168.1.240/28' } } },
      problems: ['value underlay.loadBalancer.cidr: Invalid value: "192.168.1.240/28": overlaps underlay.nodeCIDR 192.168.1.0/24'],
    },
    {
      name: 'further load balancers among pods', input: { name: 'a', underlay: { loadBalancer: { furtherCIDRs: ['34.0.0.0/8', '10.244.0.0/24'] } } },
      problems: ['value underlay.loadBalancer.furtherCIDRs[1]: Invalid value: "10.244.0.0/24": overlaps podCIDR 10.244.0.0/16'],
    },
    {
      name: 'a block that is none', input: { name: 'a', podCIDR: '10.244.0.0' },
      problems: ['value podCIDR: Invalid value: "10.244.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
    },
    {
      name: 'a block with host bits', input: { name: 'a', podCIDR: '10.244.1.0/16' },
      problems: ['value podCIDR: Invalid value: "10.244.1.0/16": has bits set beyond its prefix: use 10.244.0.0/16'],
    },
    {
      name: 'node blocks larger than the whole', input: { name: 'a', nodeCIDRMaskSize: 8, nodes: 0 },
      problems: ['value nodeCIDRMaskSize: Invalid value: 8: must be at least 16, the prefix of podCIDR 10.244.0.0/16'],
    },
    {
      name: 'more nodes than blocks', input: { name: 'a', nodeCIDRMaskSize: 17, nodes: 3 },
      problems: ['value nodes: Invalid value: 3: podCIDR 10.244.0.0/16 has room for 2 nodes with a /17 each: use a shorter prefix, or a larger nodeCIDRMaskSize'],
    },
    {
      name: 'more nodes than addresses: the last is the cloud load balancer\'s',
      input: { name: 'a', nodes: 4, underlay: { nodeCIDR: '192.168.1.0/28' } },
      problems: ['value nodes: Invalid value: 4: underlay.nodeCIDR 192.168.1.0/28 has addresses for 3 nodes: use a shorter prefix'],
    },
    {
      name: 'more nodes than addresses that others leave',
      input: {
        name: 'a', nodes: [{ name: 'a', internalIP: '192.168.1.12' }, { name: 'b', internalIP: '192.168.1.2' }, { name: 'c' }, { name: 'd' }],
        underlay: { nodeCIDR: '192.168.1.0/28', lanHosts: [{ name: 'nas', ip: '192.168.1.11' }] },
      },
      problems: ['value nodes: Invalid value: 2: underlay.nodeCIDR 192.168.1.0/28 has addresses for 1 nodes: use a shorter prefix'],
    },
    { name: 'more nodes than there may be', input: { name: 'a', nodes: 5001 }, problems: ['value nodes: Invalid value: 5001: must be between 0 and 5000, inclusive'] },
    {
      name: 'a port range upside down', input: { name: 'a', nodePortRange: '32767-30000' },
      problems: ['value nodePortRange: Invalid value: "32767-30000": must be two ports between 1 and 65535, the lower one first, e.g. 30000-32767'],
    },
    {
      name: 'a proxy mode that is not there', input: { name: 'a', kubeProxy: { mode: 'ipvs' } },
      problems: ['value kubeProxy.mode: Unsupported value: "ipvs": supported values: "iptables"'],
    },
    {
      name: 'node ports on the primary address and on others', input: { name: 'a', kubeProxy: { nodePortAddresses: ['127.0.0.1/32', 'primary'] } },
      problems: [`value kubeProxy.nodePortAddresses[1]: Invalid value: "primary": can't use both 'primary' and CIDRs`],
    },
    {
      name: 'a CNI that is not there', input: { name: 'a', cni: { type: 'vxlan' } },
      problems: ['value cni.type: Unsupported value: "vxlan": supported values: "bridge"'],
    },
    {
      name: 'a gateway elsewhere', input: { name: 'a', underlay: { gateway: { internalIP: '10.0.0.1' } } },
      problems: ['value underlay.gateway.internalIP: Invalid value: "10.0.0.1": must lie in underlay.nodeCIDR 192.168.1.0/24'],
    },
    {
      name: 'an ISP elsewhere', input: { name: 'a', underlay: { isp: { ip: '198.51.100.1' } } },
      problems: ['value underlay.isp.ip: Invalid value: "198.51.100.1": must lie in the network of underlay.gateway.externalIP 203.0.113.0/24'],
    },
    {
      name: 'a sysctl of another value', input: { name: 'a', sysctls: { 'bridge-nf-call-iptables': 2 } },
      problems: ['value sysctls.bridge-nf-call-iptables: Unsupported value: 2: supported values: 0, 1'],
    },
    { name: 'LAN hosts in each other’s place', input: { name: 'a', underlay: { lanHosts: [{ name: 'x', ip: '192.168.1.50' }, { name: 'x', ip: '192.168.1.50', listen: ['80'] }] } }, problems: [
      'value underlay.lanHosts[1].name: Duplicate value: "x"',
      'value underlay.lanHosts[1].ip: Invalid value: "192.168.1.50": is already the address of lanHost x',
      'value underlay.lanHosts[1].listen[0]: Invalid value: "80": must be port/protocol, e.g. 80/tcp, with one of tcp, udp, sctp',
    ] },
    { name: 'nodes in each other’s place', input: { name: 'a', nodes: [{ name: 'x', internalIP: '192.168.1.11', podCIDR: '10.244.0.0/23' }, { name: 'x', internalIP: '192.168.1.11', podCIDR: '10.244.1.0/24' }] }, problems: [
      'value nodes[1].name: Duplicate value: "x"',
      'value nodes[1].internalIP: Invalid value: "192.168.1.11": is already the address of node x',
      'value nodes[1].podCIDR: Invalid value: "10.244.1.0/24": overlaps nodes[0].podCIDR 10.244.0.0/23',
    ] },
    { name: 'routes that a kernel would refuse', input: { name: 'a', nodes: [{ name: 'x', addresses: ['10.9.9.9'], routes: [
      { to: '198.51.100.0/24', via: '8.8.8.8' }, { to: '198.51.100.0/24', via: '192.168.1.1', src: '10.9.9.8' }, { to: '10.9.0.0/16', via: '10.244.0.7', src: '10.9.9.9' },
    ] }] }, problems: [
      'value nodes[0].routes[0].via: Invalid value: "8.8.8.8": must be on a link of the machine: in underlay.nodeCIDR 192.168.1.0/24 or podCIDR 10.244.0.0/16 or its address 10.9.9.9/32',
      'value nodes[0].routes[1].to: Duplicate value: "198.51.100.0/24"',
      'value nodes[0].routes[1].src: Invalid value: "10.9.9.8": must be an address of the machine: in underlay.nodeCIDR 192.168.1.0/24 or podCIDR 10.244.0.0/16 or its address 10.9.9.9/32',
    ] },
    { name: 'a LAN host’s next hop elsewhere', input: { name: 'a', underlay: { lanHosts: [{ name: 'l', ip: '192.168.1.50', routes: [{ to: '10.244.0.0/16', via: '10.244.0.1' }] }] } }, problems: [
      'value underlay.lanHosts[0].routes[0].via: Invalid value: "10.244.0.1": must be on a link of the machine: in underlay.nodeCIDR 192.168.1.0/24',
    ] },
    {
      name: 'a node without a name, and what is wrong with the next', input: { name: 'a', nodes: [{}, { name: 'B' }] },
      problems: ['shape nodes[0].name: Required value', expect.stringContaining('value nodes[1].name: Invalid value: "B"')],
    },
    {
      name: 'an internet host inside', input: { name: 'a', underlay: { internetHosts: [{ ip: '10.244.0.9' }] } },
      problems: ['value underlay.internetHosts[0].ip: Invalid value: "10.244.0.9": lies in podCIDR: an internet host has an address outside of the cluster'],
    },
    { name: 'a forward to nowhere', input: { name: 'a', underlay: { gateway: { portForwards: [{ port: 80, to: '192.168.1.11' }, { port: 80, to: '192.168.1.11:0' }] } } }, problems: [
      'value underlay.gateway.portForwards[0].to: Invalid value: "192.168.1.11": the port must be between 1 and 65535, inclusive',
      'value underlay.gateway.portForwards[1]: Duplicate value: {"protocol":"TCP","port":80}',
      'value underlay.gateway.portForwards[1].to: Invalid value: "192.168.1.11:0": the port must be between 1 and 65535, inclusive',
    ] },
  ])('$name', ({ input, problems }) => {
    expect(problemsOf(input)).toEqual(problems);
  });

  test('problems of all kinds are reported at once', () => {
    const { errors } = validateClusterSettings({
      name: 'A',
      cni: { mtu: 'x', type: 'calico' },
      clusterDomain: '-',
      underlay: { lanHosts: [{ name: 'l' }, { name: 'l', ip: 'y' }] },
    });
    expect(errors.map(({ category, path }) => `${category} ${path}`).toSorted()).toEqual([
      'shape cni.mtu',
      'shape underlay.lanHosts[0].ip',
      'value clusterDomain',
      'value cni.type',
      'value name',
      'value underlay.lanHosts[1].ip',
      'value underlay.lanHosts[1].name',
    ]);
  });
});
