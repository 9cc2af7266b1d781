/** Services whose endpoints are no pods. */
import type { LabCase } from './compare.js';
import { LAN, NODE, POD, recipe, service, tcp, udp } from './own-cluster.js';

const slice = (name: string, address: string, port: number, protocol = 'TCP'): object => ({
  apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } }, addressType: 'IPv4',
  endpoints: [{ addresses: [address] }], ports: [{ port, protocol }],
});
const outside = (name: string, number: number, spec: object = {}, protocol = 'TCP', port = 80): object =>
  service(name, { type: 'NodePort', clusterIP: `10.96.1.${number}`, ports: [{ port, protocol, nodePort: 30100 + number }], ...spec });

const OUTSIDE: readonly object[] = [
  outside('web-outside', 70), slice('web-outside', '198.51.100.10', 80),
  outside('dns-outside', 71, {}, 'UDP', 53), slice('dns-outside', '198.51.100.10', 53, 'UDP'),
  outside('lan-outside', 72), slice('lan-outside', '192.168.1.50', 80),
  outside('local-outside', 73, { externalTrafficPolicy: 'Local' }), slice('local-outside', '198.51.100.10', 80),
];

export const outsideCases = (): LabCase[] => [
  { name: 'own-outside', cluster: recipe({}, [], OUTSIDE), flows: [
    tcp('pod to a Service whose endpoint is on the internet', POD, '10.96.1.70', 80), udp('pod to a Service whose endpoint is on the internet, UDP', POD, '10.96.1.71', 53),
    tcp('node process to a Service whose endpoint is on the internet', NODE, '10.96.1.70', 80), tcp('LAN host to a node port whose endpoint is on the internet', LAN, '192.168.1.12', 30170),
    tcp('pod to a node port whose endpoint is on the internet, externalTrafficPolicy Local', POD, '192.168.1.12', 30173),
    tcp('pod to a Service whose endpoint is a LAN host', POD, '10.96.1.72', 80), tcp('LAN host to a node port whose endpoint is the LAN host itself', LAN, '192.168.1.11', 30172),
  ] },
];
