import { expect, test } from 'vitest';

import type { ServicePortView, ServiceView } from '../../../../src/domain/cluster/view.js';
import { endpointChainName, servicePortNames } from '../../../../src/compile/kube-proxy/iptables/chain-names.js';
import { ipv4 } from '../../../../src/domain/values/ipv4.js';

const names = (namespace: string, name: string, port: string, protocol: string): ReturnType<typeof servicePortNames> =>
  servicePortNames({ namespace, name } as ServiceView, { name: port, protocol } as ServicePortView);

test.each([ // as seen on every kubeadm cluster
  { namespace: 'default', name: 'kubernetes', port: 'https', protocol: 'TCP', chain: 'KUBE-SVC-NPX46M4PTMTKRN6Y' },
  { namespace: 'kube-system', name: 'kube-dns', port: 'dns', protocol: 'UDP', chain: 'KUBE-SVC-TCOU7JCQXEZGVUNU' },
  { namespace: 'kube-system', name: 'kube-dns', port: 'dns-tcp', protocol: 'TCP', chain: 'KUBE-SVC-ERIFXISQEP7F7OF4' },
  { namespace: 'kube-system', name: 'kube-dns', port: 'metrics', protocol: 'TCP', chain: 'KUBE-SVC-JD5MR3NA4I4DYORP' },
])('port $port/$protocol of Service $namespace/$name has the chain $chain', ({ namespace, name, port, protocol, chain }) => {
  expect(names(namespace, name, port, protocol).clusterChain).toBe(chain);
});

test('the four chains of a service port end in the same hash', () => {
  const { hash, clusterChain, localChain, externalChain, firewallChain } = names('default', 'web', '', 'TCP');
  expect([clusterChain, localChain, externalChain, firewallChain]).toEqual([`KUBE-SVC-${hash}`, `KUBE-SVL-${hash}`, `KUBE-EXT-${hash}`, `KUBE-FW-${hash}`]);
});

test.each([ // Kubernetes pkg/proxy/iptables/proxier_test.go: ns1/svc1:p80, TCP
  { namespace: 'ns1', name: 'svc1', port: 'p80', ip: '10.180.0.1', endpointPort: 80, service: 'KUBE-SVC-XPGD46QRK7WJZT7O', endpoint: 'KUBE-SEP-SXIVWICOYRO3J4NJ' },
  { namespace: 'ns2', name: 'svc2', port: 'p80', ip: '10.180.0.2', endpointPort: 80, service: 'KUBE-SVC-GNZBNJ2PO5MGZ6GT', endpoint: 'KUBE-SEP-RS4RBKLTHTF2IUXJ' },
])('the endpoint $ip:$endpointPort of $namespace/$name:$port has the chain $endpoint', ({ namespace, name, port, ip, endpointPort, service, endpoint }) => {
  const servicePort = names(namespace, name, port, 'TCP');
  expect(servicePort.clusterChain).toBe(service);
  expect(endpointChainName(servicePort, { protocol: 'TCP' } as ServicePortView, ipv4(ip), endpointPort)).toBe(endpoint);
});
