/** Flows that use the entries of earlier ones: neighbours, taken ports, recent clients and open connections. */
import type { LabCase, TitledFlow } from './compare.js';
import { LAN, NODE, ping, POD, recipe, ROUTED, tcp, udp } from './own-cluster.js';

const NEIGHBOUR = 'pod:default/web-1';
const long = { payloadBytes: 3000, dontFragment: true };
/** The flows of one case, of which each uses the tables that the ones before have left. */
export const afterOneAnother = (title: string, ...flows: readonly TitledFlow[]): LabCase['flows'] =>
  flows.map((flow, index) => ({ ...flow, title: `${title}: ${index + 1}. ${flow.title}`, state: index === 0 ? 'FRESH' : 'KEPT' }));

/** The same for flows that each name the nodes whose links are down. */
const cables = (title: string, flows: readonly (TitledFlow & { readonly cut: readonly string[] })[]): LabCase['flows'] =>
  afterOneAnother(title, ...flows.map((flow, index) => ({ ...flow, newlyCut: flow.cut.filter((node) => !flows[index - 1]?.cut.includes(node)) })));

export const keptCases = (): LabCase[] => [{
  name: 'own-kept', cluster: recipe(), flows: [
    ...afterOneAnother('caches grow warm',
      udp('pod to pod of another node', POD, '10.244.1.2', 5353), udp('the same once more', POD, '10.244.1.2', 5353), tcp('by TCP', POD, '10.244.1.2', 8080), ping('by ping', POD, '10.244.1.2'),
      tcp('back', 'pod:default/web-2', '10.244.0.3', 8080), tcp('a Service that leads there', POD, '10.96.1.21', 80)),
    ...afterOneAnother('a port that is taken',
      udp('pod to the internet', POD, '198.51.100.10', 53, { sourcePort: 45000 }), udp('another pod from the same port', NEIGHBOUR, '198.51.100.10', 53, { sourcePort: 45000 }),
      udp('the first once more', POD, '198.51.100.10', 53, { sourcePort: 45000 }), udp('the node itself', NODE, '198.51.100.10', 53, { sourcePort: 45001 })),
    ...afterOneAnother('a port that is taken at the gateway',
      udp('pod to the internet', POD, '198.51.100.10', 53, { sourcePort: 45010 }), udp('a pod of another node from the same port', 'pod:default/web-2', '198.51.100.10', 53, { sourcePort: 45010 })),
    ...afterOneAnother('a port that is taken by a pod', udp('pod to the internet', POD, '198.51.100.10', 53, { sourcePort: 45020 }), udp('the node from the same port', NODE, '198.51.100.10', 53, { sourcePort: 45020 })),
    ...afterOneAnother('a port that is taken, TCP',
      tcp('pod to the internet', POD, '198.51.100.10', 80, { sourcePort: 45000 }), tcp('another pod from the same port', NEIGHBOUR, '198.51.100.10', 80, { sourcePort: 45000 }),
      tcp('to a node port from the same port', POD, '192.168.1.12', 30121, { sourcePort: 45030 }), tcp('another pod there', NEIGHBOUR, '192.168.1.12', 30121, { sourcePort: 45030 })),
    ...afterOneAnother('a port that is taken on the way in',
      tcp('pod to a Service of its node', 'pod:default/loopback', '10.96.1.6', 80, { sourcePort: 45060 }), tcp('to the endpoint itself from the same port', 'pod:default/loopback', '192.168.1.12', 9100, { sourcePort: 45060 })),
    ...afterOneAnother('a client that is known',
      tcp('pod to a sticky Service', POD, '10.96.1.8', 80), tcp('again', POD, '10.96.1.8', 80), tcp('again', POD, '10.96.1.8', 80), tcp('another pod', 'pod:default/loopback', '10.96.1.8', 80), tcp('the first again', POD, '10.96.1.8', 80)),
    ...afterOneAnother('a connection that is known',
      udp('pod to Service', POD, '10.96.1.1', 53, { sourcePort: 45040 }), udp('the same once more', POD, '10.96.1.1', 53, { sourcePort: 45040 }), udp('and once more', POD, '10.96.1.1', 53, { sourcePort: 45040 }),
      udp('LAN host to NodePort', LAN, '192.168.1.11', 30053, { sourcePort: 45050 }), udp('the same once more', LAN, '192.168.1.11', 30053, { sourcePort: 45050 })),
  ],
}, {
  name: 'own-path-mtu', cluster: recipe({ cni: { type: 'bridge', mtu: 9000 } }), flows: afterOneAnother('a link that is too narrow is remembered',
    udp('pod to pod of another node', POD, '10.244.1.2', 5353, long), udp('the same once more', POD, '10.244.1.2', 5353, long), udp('one that fits', POD, '10.244.1.2', 5353, { payloadBytes: 1472, dontFragment: true }),
    ping('a ping', POD, '10.244.1.2', long), ping('another pod\'s', NEIGHBOUR, '10.244.1.2', long), ping('and once more', NEIGHBOUR, '10.244.1.2', long), udp('another pod there', POD, '10.244.1.3', 5353, long), udp('a Service that leads there', POD, '10.96.1.1', 53, long)),
}, {
  name: 'own-path-mtu-in', cluster: recipe({ cni: { type: 'bridge', mtu: 1400 } }), flows: afterOneAnother('a link that is too narrow is remembered outside',
    udp('LAN host to pod', ROUTED, '10.244.0.3', 5353, { payloadBytes: 1400, dontFragment: true }), udp('the same once more', ROUTED, '10.244.0.3', 5353, { payloadBytes: 1400, dontFragment: true }), tcp('by TCP', ROUTED, '10.244.0.3', 8080),
    udp('to another pod', ROUTED, '10.244.0.2', 5353, { payloadBytes: 1400, dontFragment: true })),
}, {
  name: 'own-cables', cluster: recipe(), flows: cables('a cable is cut, and mended', [[], ['node-2'], ['node-2'], [], []].map((cut, index) => ({ ...udp(index === 2 ? 'the way back' : 'pod to pod of another node', index === 2 ? 'pod:default/web-2' : POD, index === 2 ? '10.244.0.2' : '10.244.1.2', 5353), cut }))),
}];
