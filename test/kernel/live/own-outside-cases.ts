/** Services whose endpoints are not pods, and an internet with more than one network. */
import type { LabCase } from './compare.js';
import { afterOneAnother } from './own-kept-cases.js';
import { INTERNET, LAN, NODE, ping, POD, recipe, service, tcp, udp } from './own-cluster.js';

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

const OTHER = '100.1.2.3';
const hosts = { internetHosts: ['198.51.100.10', OTHER].map((ip) => ({ ip, listen: ['80/tcp', '53/udp'] })) };

export const outsideCases = (): LabCase[] => [
  { name: 'own-outside', cluster: recipe({}, [], OUTSIDE), flows: [
    tcp('pod to a Service whose endpoint is on the internet', POD, '10.96.1.70', 80), udp('pod to a Service whose endpoint is on the internet, UDP', POD, '10.96.1.71', 53),
    tcp('node process to a Service whose endpoint is on the internet', NODE, '10.96.1.70', 80), tcp('LAN host to a node port whose endpoint is on the internet', LAN, '192.168.1.12', 30170),
    tcp('pod to a node port whose endpoint is on the internet, externalTrafficPolicy Local', POD, '192.168.1.12', 30173),
    tcp('pod to a Service whose endpoint is a LAN host', POD, '10.96.1.72', 80), tcp('LAN host to a node port whose endpoint is the LAN host itself', LAN, '192.168.1.11', 30172),
  ] },
  { name: 'own-internet', cluster: recipe({ underlay: { ...(recipe().settings['underlay'] as object), ...hosts } }, [], [outside('other-outside', 74), slice('other-outside', OTHER, 80)]), flows: [
    tcp('one host of the internet to another', INTERNET, OTHER, 80), ping('one host of the internet to nobody in the network of another', INTERNET, '100.1.2.77'), udp('back', `internet:${OTHER}`, '198.51.100.77', 53),
    tcp('pod to nobody in the network of the second host', POD, '100.1.2.77', 80), tcp('pod to a Service whose endpoint is the second host', POD, '10.96.1.74', 80), tcp('the first host to a load balancer', INTERNET, '192.0.2.21', 80), tcp('the second host to it', `internet:${OTHER}`, '192.0.2.21', 80),
    ping('the second host to the router\'s address for the first', `internet:${OTHER}`, '198.51.100.1'), tcp('pod to the router\'s address for the second host', POD, '100.1.2.1', 80),
    ...afterOneAnother('the internet has one host at a time', udp('the second host to the first', `internet:${OTHER}`, '198.51.100.10', 53), udp('the first to nobody', INTERNET, '172.31.1.1', 9), udp('back', INTERNET, OTHER, 53), udp('pod to the first', POD, '198.51.100.10', 53)),
  ] },
];
