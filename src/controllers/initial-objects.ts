/** The objects of a new cluster. @source kubeadm (CoreDNS, kube-dns), kube-apiserver (default/kubernetes) */
import { nodeFromSeed, type NodeSeed } from '../domain/cluster/node-seed.js';
import { SERVICE_NAME_LABEL } from '../domain/cluster/extract/endpoint-slice-facts.js';
import { FIRST_NODE_OFFSET } from '../domain/cluster/node-network.js';
import type { KubeObject } from '../domain/cluster/objects.js';
import type { ClusterSettings } from '../domain/cluster/settings.js';
import { DNS_ADDRESS_OFFSET } from '../domain/dns/cluster-dns.js';
import { addressAt, cidr, lastHostOf } from '../domain/values/cidr.js';
import { formatIpv4, parseIpv4, toIpv4 } from '../domain/values/ipv4.js';
import { underlayConflict } from './nodes/node-addresses.js';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const API_SERVER_PORT = 6443;

/**
 * The objects in the order in which they must be admitted. They are valid, but have no defaults and no allocated values.
 *
 * @param seeds with names and addresses that have been checked
 */
export function initialObjects(settings: ClusterSettings, seeds: readonly NodeSeed[]): readonly KubeObject[] {
  const addresses = nodeAddresses(settings, seeds);
  const nodes = seeds.map((seed, index) => nodeFromSeed({ ...seed, internalIP: addresses[index] ?? null }));
  const first = seeds[0];
  return [
    ...NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...nodes,
    apiService(settings),
    ...(first ? [apiServerPod(first.name)] : []),
    apiEndpoints(first?.name, addresses[0] ?? undefined),
    ...(settings.dns.replicas > 0 ? [coreDns(settings), kubeDns(settings)] : []),
  ];
}

/** The stated address of each node, else the lowest free one; `null` if none is left. */
function nodeAddresses({ underlay }: ClusterSettings, seeds: readonly NodeSeed[]): readonly (string | null)[] {
  const block = cidr(underlay.nodeCIDR);
  const last = lastHostOf(block);
  const taken = new Set<number>(seeds.flatMap(({ internalIP, wiring }) => [internalIP ?? '', ...wiring.addresses].map((text) => parseIpv4(text) ?? -1)));
  let candidate = block.base + FIRST_NODE_OFFSET;
  return seeds.map(({ internalIP }) => {
    if (internalIP !== null) return internalIP;
    while (candidate <= last && (taken.has(candidate) || underlayConflict(underlay, toIpv4(candidate)) !== undefined)) candidate += 1;
    if (candidate > last) return null;
    candidate += 1;
    return formatIpv4(toIpv4(candidate - 1));
  });
}

/** The address at `offset` in the service CIDR: the first is the API server's, the tenth the cluster DNS's. */
const serviceAddress = ({ serviceCIDR }: ClusterSettings, offset: number): string => formatIpv4(addressAt(cidr(serviceCIDR), offset));

const apiService = (settings: ClusterSettings): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: { type: 'ClusterIP', clusterIP: serviceAddress(settings, 1), ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: API_SERVER_PORT }] },
});

/** The Service has no selector, since the API server maintains its own endpoints. */
const apiEndpoints = (node: string | undefined, address: string | undefined): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { [SERVICE_NAME_LABEL]: 'kubernetes' } },
  addressType: 'IPv4',
  endpoints:
    node === undefined || address === undefined
      ? []
      : [{ addresses: [address], conditions: { ready: true, serving: true, terminating: false }, nodeName: node }],
  ports: [{ name: 'https', protocol: 'TCP', port: API_SERVER_PORT }],
});

const apiServerPod = (node: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `kube-apiserver-${node}`, namespace: 'kube-system', labels: { component: 'kube-apiserver', tier: 'control-plane' },
    // A static pod of the kubelet, which a drain of the node ignores.
    annotations: { 'kubernetes.io/config.mirror': 'kube-apiserver', 'kubernetes.io/config.source': 'file' },
  },
  spec: {
    nodeName: node,
    hostNetwork: true,
    containers: [
      {
        name: 'kube-apiserver',
        image: 'registry.k8s.io/kube-apiserver:v1.34.0',
        ports: [{ name: 'https', containerPort: API_SERVER_PORT, protocol: 'TCP' }],
      },
    ],
    tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
  },
});

const coreDns = ({ dns }: ClusterSettings): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'coredns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  spec: {
    replicas: dns.replicas,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    template: {
      metadata: { labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        dnsPolicy: 'Default',
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
        containers: [{
          name: 'coredns',
          image: 'registry.k8s.io/coredns/coredns:v1.12.1',
          ports: [
            { name: 'dns', containerPort: 53, protocol: 'UDP' }, { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
            { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
          ],
        }],
      },
    },
  },
});

const kubeDns = (settings: ClusterSettings): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'kube-dns',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
  },
  spec: {
    type: 'ClusterIP',
    clusterIP: serviceAddress(settings, DNS_ADDRESS_OFFSET),
    selector: { 'k8s-app': 'kube-dns' },
    ports: [
      { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 }, { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
      { name: 'metrics', protocol: 'TCP', port: 9153, targetPort: 9153 },
    ],
  },
});
