/** Packets that arrive from outside, with plausible and with impossible source addresses. */
import type { LabCase, TitledFlow } from './compare.js';
import { NODE, ping, recipe, tcp, udp } from './own-cluster.js';

const arriving = (source: string, flow: TitledFlow): TitledFlow => ({ ...flow, arrives: source });
const STRANGER = '203.0.113.9';

export const arrivalCases = (): LabCase[] => [
  { name: 'own-arrivals', cluster: recipe(), flows: [
    arriving(STRANGER, tcp('from a stranger to a NodePort', NODE, '192.168.1.11', 30120)), arriving(STRANGER, tcp('from a stranger to a NodePort, externalTrafficPolicy Local', NODE, '192.168.1.11', 30122)),
    arriving(STRANGER, tcp('from a stranger to a ClusterIP whose endpoint is on another node', NODE, '10.96.1.21', 80)), arriving(STRANGER, tcp('from a stranger to a pod', NODE, '10.244.0.3', 8080)),
    arriving(STRANGER, udp('from a stranger to a closed port', NODE, '192.168.1.11', 9)), arriving(STRANGER, ping('from a stranger, a ping to a pod', NODE, '10.244.0.3', { ttl: 1 })),
    arriving('10.244.1.77', tcp('from a pod of another node that does not exist, to a pod', NODE, '10.244.0.3', 8080)), arriving('10.244.0.2', tcp('from a pod of the node itself, to another', NODE, '10.244.0.3', 8080)),
    ...['192.168.1.11', '10.244.0.1', '127.0.0.1', '0.0.0.0', '224.0.0.5', '255.255.255.255'].map((source) => arriving(source, udp(`from ${source}, which can't be, to a pod`, NODE, '10.244.0.3', 5353))),
    arriving(STRANGER, tcp('from a stranger to no address', NODE, '0.0.0.0', 9100)), arriving(STRANGER, ping('from a stranger, a ping to no address', NODE, '0.0.0.0')),
    arriving('192.168.1.77', tcp('from an address of the node network that nobody has, to a NodePort', NODE, '192.168.1.11', 30121)), arriving('10.96.1.1', tcp('from a ClusterIP to a NodePort', NODE, '192.168.1.11', 30120)),
  ] },
  { name: 'own-arrivals-strict', cluster: recipe({ sysctls: { 'bridge-nf-call-iptables': 1, ip_forward: 1, rp_filter: 1, route_localnet: 1 } }), flows:
    [STRANGER, '10.244.1.77', '10.244.0.2', '192.168.1.77'].map((source) => arriving(source, tcp(`rp_filter strict: from ${source} to a pod`, NODE, '10.244.0.3', 8080))) },
];
