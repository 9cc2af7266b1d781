/** Which connections kube-proxy deletes. @source Kubernetes `pkg/proxy/conntrack/cleanup_test.go` */
import { expect, test } from 'vitest';
import { isStaleConnection } from '../../../src/compile/kube-proxy/stale-connections.js';
import type { Tuple } from '../../../src/domain/datapath/conntrack.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { fakeView, type FakeEndpoint, type FakeService } from '../../support/fake-view.js';

const HERE: FakeEndpoint = { ip: '10.244.0.2', port: 5353 };
const ELSEWHERE: FakeEndpoint = { ip: '10.244.0.3', port: 5353 };
const dns = (endpoints: FakeService['endpoints'] & object, more: Partial<FakeService> = {}): FakeService =>
  ({ name: 'dns', clusterIP: '10.96.0.10', ports: [{ port: 53, protocol: 'UDP', nodePort: 30053 }], loadBalancerIPs: ['192.0.2.1'], endpoints, ...more });
const TWO_PORTS = [{ name: 'tcp', port: 53, protocol: 'TCP' as const }, { name: 'udp', port: 53, protocol: 'UDP' as const }];

test.each<{ name: string; service: FakeService; protocol?: Tuple['protocol']; to?: string; port?: number; stale: boolean }>([
  { name: 'to an endpoint that serves', service: dns([HERE]), stale: false },
  { name: 'to one that is gone', service: dns([ELSEWHERE]), stale: true },
  { name: 'to one that serves at another port', service: dns([{ ...HERE, port: 53 }]), stale: true },
  { name: 'to one that terminates and serves', service: dns([{ ...HERE, ready: false, serving: true, terminating: true }, ELSEWHERE]), stale: false },
  { name: 'to one that serves no more', service: dns([{ ...HERE, ready: false, serving: false }, ELSEWHERE]), stale: true },
  { name: 'of a Service without endpoints', service: dns([]), stale: false },
  { name: 'by TCP', service: dns([ELSEWHERE], { ports: TWO_PORTS }), protocol: 'TCP', stale: false },
  { name: 'by UDP, where the endpoints of TCP are others', service: dns({ tcp: [ELSEWHERE], udp: [HERE] }, { ports: TWO_PORTS }), stale: false },
  { name: 'to a node port', service: dns([ELSEWHERE]), to: '192.168.1.11', port: 30053, stale: true },
  { name: 'to a load balancer\'s address', service: dns([ELSEWHERE]), to: '192.0.2.1', stale: true },
  { name: 'to one that never comes to a node', service: dns([ELSEWHERE], { ipMode: 'Proxy' }), to: '192.0.2.1', stale: false },
  { name: 'of a Service of another proxy', service: dns([ELSEWHERE], { proxyName: 'mesh' }), stale: false },
])('a connection $name is stale: $stale', ({ service, protocol = 'UDP', to = '10.96.0.10', port = 53, stale }) => {
  const original: Tuple = { protocol, source: ipv4('10.244.0.9'), sourcePort: 40000, destination: ipv4(to), destinationPort: port };
  const reply: Tuple = { protocol, source: ipv4(HERE.ip), sourcePort: HERE.port, destination: original.source, destinationPort: 40000 };
  expect(isStaleConnection(fakeView({ services: [service] }), { original, reply, destinationNat: true, sourceNat: false, confirmed: true, replied: true })).toBe(stale);
});
