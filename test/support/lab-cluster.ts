import type { ClusterSettings } from '../../src/domain/cluster/settings.js';
import { DEFAULT_SETTINGS, fakeView, lanHost, type FakeCluster } from './fake-view.js';

/** The settings of the recorded laboratory cluster. */
export const LAB_SETTINGS: ClusterSettings = {
  ...DEFAULT_SETTINGS,
  underlay: {
    ...DEFAULT_SETTINGS.underlay,
    gateway: {
      ...DEFAULT_SETTINGS.underlay.gateway,
      portForwards: [{ protocol: 'TCP', port: 30080, to: '192.168.1.11:30080' }, { protocol: 'TCP', port: 40081, to: '192.168.1.12:30081' }],
    },
    internetHosts: [{ ip: '198.51.100.10', listen: ['80/tcp'] }],
    lanHosts: [lanHost('lanhost', '192.168.1.50', ['80/tcp'], [{ to: '10.96.0.0/12', via: '192.168.1.11' }])],
  },
};

/** A small cluster with three nodes, five pods and a Service of every type. */
export const LAB: FakeCluster = {
  settings: LAB_SETTINGS,
  nodes: [
    { name: 'node1', ip: '192.168.1.11', podCIDR: '10.244.1.0/24', wiring: { announces: ['192.168.1.240'] } },
    { name: 'node2', ip: '192.168.1.12', podCIDR: '10.244.2.0/24' },
    { name: 'node3', ip: '192.168.1.13', podCIDR: '10.244.3.0/24' },
  ],
  pods: [
    { name: 'a1', node: 'node1', ip: '10.244.1.2', ports: [8080] },
    { name: 'a2', node: 'node1', ip: '10.244.1.3', ports: [8080] },
    { name: 'agent', node: 'node1', ip: '192.168.1.11', ports: [9100], hostNetwork: true },
    { name: 'b1', node: 'node2', ip: '10.244.2.2', ports: [8080] },
    { name: 'b2', node: 'node2', ip: '10.244.2.3', ports: ['53/udp', '53/tcp'] },
    { name: 'c1', node: 'node3', ip: '10.244.3.2', ports: ['53/udp'] },
  ],
  services: [
    {
      name: 'web', clusterIP: '10.96.0.100', ports: [{ port: 80, nodePort: 30080 }], loadBalancerIPs: ['192.0.2.100'],
      endpoints: ['10.244.1.3:8080', '10.244.2.2:8080'],
    },
    { name: 'sticky', clusterIP: '10.96.0.104', ports: [{ port: 80 }], sessionAffinitySeconds: 10800, endpoints: ['10.244.1.3:8080', '10.244.2.2:8080'] },
    {
      name: 'etp-local', clusterIP: '10.96.0.105', ports: [{ port: 80, nodePort: 30081 }], externalTrafficPolicy: 'Local', healthCheckNodePort: 32000,
      loadBalancerIPs: ['192.0.2.105'], endpoints: ['10.244.2.2:8080'],
    },
    { name: 'itp-local', clusterIP: '10.96.0.106', ports: [{ port: 80 }], internalTrafficPolicy: 'Local', endpoints: ['10.244.2.2:8080'] },
    { name: 'no-ep', clusterIP: '10.96.0.107', ports: [{ port: 80, nodePort: 30082 }], loadBalancerIPs: ['192.0.2.107'] },
    {
      name: 'fw', clusterIP: '10.96.0.108', ports: [{ port: 80, nodePort: 30084 }], loadBalancerIPs: ['192.0.2.108'], sourceRanges: ['198.51.100.128/25'],
      endpoints: ['10.244.2.2:8080'],
    },
    { name: 'headless', clusterIP: null, ports: [{ port: 80 }], endpoints: ['10.244.2.2:8080'] },
    { namespace: 'kube-system', name: 'kube-dns', clusterIP: '10.96.0.10', ports: [{ name: 'dns', port: 53, protocol: 'UDP' }], endpoints: ['10.244.2.3:53'] },
  ],
};

export const labView = (changes: Partial<FakeCluster> = {}): ReturnType<typeof fakeView> => fakeView({ ...LAB, ...changes });
