/** The golden example: default/client on node-1 connects to Service default/web, whose pod runs on node-2. */
import { at, connection, entry, frame, ip, isAt, leg, mac, path, record, route, rule, tcp, whoHas, type BuiltRecord } from './trace-builder.js';
import type { Hit } from '../../src/domain/trace/step.js';
import type { CapturedFrame } from '../../src/domain/trace/trace.js';

const CLIENT = '10.244.1.5:40000', VIP = '10.96.0.12:80', WEB = '10.244.2.8:8080';
const POD = 'pod:default/client', NODE_1 = 'node:node-1', NODE_2 = 'node:node-2', SERVER = 'pod:default/web-1';
const VETH_1 = 'vethaaaa0001', VETH_2 = 'vethbbbb0002';

const asked = tcp(CLIENT, VIP);
const translated = { ...asked, destination: ip('10.244.2.8'), destinationPort: 8080 };
const hop1 = { ...translated, ttl: 63 };
const hop2 = { ...translated, ttl: 62 };
const answer = tcp(WEB, CLIENT, { id: 2, flags: 'SYN-ACK' });
const answer1 = { ...answer, ttl: 63 };
const answer2 = { ...answer, ttl: 62 };
const restored = { ...answer2, source: ip('10.96.0.12'), sourcePort: 80 };
const tracked = entry(asked, answer);

const comment = (text: string) => ({ kind: 'comment', text }) as const;
const toServices = rule({ kind: 'JUMP', chain: 'KUBE-SERVICES' }, { matches: [comment('kubernetes service portals')] });
const toService = rule({ kind: 'JUMP', chain: 'KUBE-SVC-LOLE4ISW44XBNF3G' }, {
  destination: { value: { base: ip('10.96.0.12'), prefix: 32 }, negate: false }, protocol: 'TCP',
  matches: [comment('default/web:http cluster IP'), { kind: 'destinationPort', port: { from: 80, to: 80 } }],
});
const toEndpoints = ['KUBE-SEP-HIPBF5UYFKS4DCEX', 'KUBE-SEP-YIL6JZP7A3QYXJU2'].map((chain, index) => rule({ kind: 'JUMP', chain }, {
  matches: [comment(`default/web:http -> ${index === 0 ? WEB : '10.244.1.9:8080'}`), ...(index === 0 ? [{ kind: 'statistic', outOf: 2 } as const] : [])],
}));
const toPod = rule({ kind: 'DNAT', address: ip('10.244.2.8'), port: 8080 }, { protocol: 'TCP', matches: [comment('default/web:http')] });
const hits: readonly Hit[] = [
  { chain: 'PREROUTING', rule: toServices }, { chain: 'KUBE-SERVICES', rule: toService },
  { chain: 'KUBE-SVC-LOLE4ISW44XBNF3G', rule: toEndpoints[0]! }, { chain: 'KUBE-SEP-HIPBF5UYFKS4DCEX', rule: toPod },
];
const endpoint = (address: string, node: string, pod: string, ready = true) => ({
  ip: ip(address), port: 8080, node, ready, serving: ready, terminating: false, zone: null, zoneHints: [], nodeHints: [], hostname: null, pod,
});
const choice = {
  service: { namespace: 'default', name: 'web' }, port: { name: 'http', port: 80 },
  candidates: [endpoint('10.244.2.8', 'node-2', 'default/web-1'), endpoint('10.244.1.9', 'node-1', 'default/web-2')],
  notTaken: [{ endpoint: endpoint('10.244.3.4', 'node-3', 'default/web-3', false), why: 'NOT_READY' }],
};
const exempt = rule({ kind: 'RETURN' }, { matches: [], destination: { value: { base: ip('10.244.0.0'), prefix: 16 }, negate: false } });

const gatewayMac = mac.pod('10.244.1.1'), clientMac = mac.pod('10.244.1.5'), node1Mac = mac.host('192.168.1.11'), node2Mac = mac.host('192.168.1.12');
const bridge2Mac = mac.pod('10.244.2.1'), serverMac = mac.pod('10.244.2.8');
const podDefault = route('0.0.0.0/0', 'eth0', { via: ip('10.244.1.1') });
const toNode2 = route('10.244.2.0/24', 'eth0', { via: ip('192.168.1.12'), origin: 'the podCIDR of node-2' });
const onBridge2 = route('10.244.2.0/24', 'cbr0', { source: ip('10.244.2.1'), protocol: 'kernel' });
const web = { protocol: 'TCP', address: ip('0.0.0.0'), port: 8080, owner: 'web' } as const;

const question = whoHas(ip('10.244.1.1'), ip('10.244.1.5'), clientMac);
const found = isAt(ip('10.244.1.1'), gatewayMac, ip('10.244.1.5'), clientMac);
const sent = frame(clientMac, gatewayMac, asked), crossing = frame(node1Mac, node2Mac, hop1), last = frame(bridge2Mac, serverMac, hop2);

const forward = leg('ACCEPTED',
  at(POD, 'eth0', asked,
    { kind: 'ORIGINATE', container: 'app', what: 'request' },
    { kind: 'ROUTE_LOOKUP', purpose: 'output', destination: asked.destination, route: podDefault, pickedSource: asked.source, failure: null },
    { kind: 'NEIGHBOUR_LOOKUP', nextHop: ip('10.244.1.1'), answer: 'INCOMPLETE', entry: null, state: null },
    { kind: 'ARP_REQUEST', packet: null, frame: question, attempts: 1, answeredBy: { netns: NODE_1, name: 'cbr0' } }),
  at(NODE_1, 'cbr0', null,
    { kind: 'BRIDGE_FLOOD', frame: question, bridge: 'cbr0', reason: 'BROADCAST', ingress: VETH_1 },
    { kind: 'ARP_REPLY', frame: found, fromUserSpace: false }),
  at(POD, 'eth0', asked, { kind: 'TRANSMIT', frame: sent, peer: { netns: NODE_1, name: VETH_1 } }),
  at(NODE_1, VETH_1, asked,
    { kind: 'RECEIVE', frame: sent, peer: { netns: POD, name: 'eth0' } },
    { kind: 'BRIDGE_FORWARD', frame: sent, mac: gatewayMac, bridge: 'cbr0', port: 'local', learned: true },
    { kind: 'CONNTRACK', hook: 'PREROUTING', action: 'NEW', entry: { ...tracked, confirmed: false } },
    {
      kind: 'SERVICE_CHOICE', hook: 'PREROUTING', table: 'nat', chain: 'KUBE-SVC-LOLE4ISW44XBNF3G',
      branches: toEndpoints.map((each, index) => ({ rule: each, chosen: index === 0 })), choice,
    },
    {
      kind: 'NETFILTER', hook: 'PREROUTING', table: 'nat', chain: 'PREROUTING', hits, verdict: 'ACCEPT', byPolicy: false, bridged: false,
      inInterface: 'cbr0', outInterface: null, markBefore: 0, markAfter: 0,
    },
    { kind: 'DNAT', before: asked, packet: translated, hook: 'PREROUTING', table: 'nat', chain: 'KUBE-SEP-HIPBF5UYFKS4DCEX', rule: toPod, applied: true, skipped: null, entry: tracked }),
  at(NODE_1, 'cbr0', translated,
    { kind: 'ROUTE_LOOKUP', purpose: 'input', destination: translated.destination, route: toNode2, pickedSource: null, failure: null },
    { kind: 'FORWARD_CHECK', before: translated, packet: hop1, outInterface: 'eth0', outcome: 'FORWARDED', mtu: 1500 }),
  at(NODE_1, 'eth0', hop1,
    { kind: 'SNAT', hook: 'POSTROUTING', table: 'nat', chain: 'IP-MASQ', rule: exempt, applied: false, skipped: 'DESTINATION_IN_NON_MASQUERADE_CIDR', entry: null },
    { kind: 'CONNTRACK', hook: 'POSTROUTING', action: 'CONFIRM', entry: tracked },
    {
      kind: 'NEIGHBOUR_LOOKUP', nextHop: ip('192.168.1.12'), answer: 'CACHED',
      entry: { address: ip('192.168.1.12'), device: 'eth0', mac: node2Mac, state: 'reachable' }, state: 'reachable',
    },
    { kind: 'TRANSMIT', frame: crossing, peer: { netns: 'fabric', name: 'p-node-1' } }),
  at('fabric', 'p-node-1', hop1,
    { kind: 'RECEIVE', frame: crossing, peer: { netns: NODE_1, name: 'eth0' } },
    { kind: 'BRIDGE_FLOOD', frame: crossing, bridge: 'br-lan', reason: 'UNKNOWN_UNICAST', ingress: 'p-node-1' },
    { kind: 'TRANSMIT', frame: crossing, peer: { netns: NODE_2, name: 'eth0' } }),
  at(NODE_2, 'eth0', hop1,
    { kind: 'RECEIVE', frame: crossing, peer: { netns: 'fabric', name: 'p-node-2' } },
    { kind: 'ROUTE_LOOKUP', purpose: 'input', destination: hop1.destination, route: onBridge2, pickedSource: null, failure: null },
    { kind: 'FORWARD_CHECK', before: hop1, packet: hop2, outInterface: 'cbr0', outcome: 'FORWARDED', mtu: 1500 }),
  at(NODE_2, VETH_2, hop2, { kind: 'TRANSMIT', frame: last, peer: { netns: SERVER, name: 'eth0' } }),
  at(SERVER, 'eth0', hop2,
    { kind: 'RECEIVE', frame: last, peer: { netns: NODE_2, name: VETH_2 } },
    { kind: 'SOCKET_LOOKUP', protocol: 'TCP', address: hop2.destination, port: 8080, socket: web, purpose: 'listener' },
    { kind: 'DELIVER', socket: web, to: 'server' }));

const home = frame(gatewayMac, clientMac, restored);
const back = leg('ACCEPTED',
  at(SERVER, 'eth0', answer, { kind: 'ORIGINATE', container: 'web', what: 'answer' }),
  at(NODE_1, 'eth0', answer1,
    { kind: 'CONNTRACK', hook: 'PREROUTING', action: 'REPLY', entry: { ...tracked, replied: true, tcp: 'SYN_RECV' } },
    { kind: 'FORWARD_CHECK', before: answer1, packet: answer2, outInterface: 'cbr0', outcome: 'FORWARDED', mtu: 1500 },
    { kind: 'UN_NAT', before: answer2, packet: restored, hook: 'POSTROUTING', undoes: 'DNAT', entry: { ...tracked, replied: true, tcp: 'SYN_RECV' } }),
  at(NODE_1, VETH_1, restored, { kind: 'TRANSMIT', frame: home, peer: { netns: POD, name: 'eth0' } }),
  at(POD, 'eth0', restored,
    { kind: 'RECEIVE', frame: home, peer: { netns: NODE_1, name: VETH_1 } },
    { kind: 'SOCKET_LOOKUP', protocol: 'TCP', address: restored.destination, port: 40000, socket: null, purpose: 'client' },
    { kind: 'DELIVER', socket: null, to: 'client' }));

const captured = (packet: number, netns: string, device: string, direction: 'tx' | 'rx', each: CapturedFrame['frame'], flooded = false): CapturedFrame =>
  ({ packet, netns, interface: device, direction, frame: each, flooded });

export const serviceRecord: BuiltRecord = record([path([connection(forward, back, {
  translations: [{ type: 'DNAT', netns: NODE_1, hook: 'PREROUTING', before: VIP, after: WEB, step: 12 }],
  conntrack: [{ netns: NODE_1, entry: { ...tracked, replied: true } }],
  neighboursLearned: [{ netns: POD, entry: { address: ip('10.244.1.1'), device: 'eth0', mac: gatewayMac, state: 'reachable' } }],
  fdbLearned: [{ netns: NODE_1, bridge: 'cbr0', entry: { mac: clientMac, port: VETH_1 } }],
})], {
  weight: '1/2', backend: { ip: ip('10.244.2.8'), port: 8080, pod: 'default/web-1', node: 'node-2' },
  clientSees: { outcome: 'connected', from: VIP, afterSeconds: 0 }, seenByServer: { source: CLIENT, destination: WEB }, seenByClient: { peer: VIP },
  frames: [
    captured(2, POD, 'eth0', 'tx', question), captured(2, NODE_1, 'vethcccc0003', 'tx', question, true), captured(1, POD, 'eth0', 'tx', sent),
    captured(1, NODE_1, VETH_1, 'rx', sent),
  ],
})], { totalPaths: 2 });
