/**
 * Facts about a real kernel that a naive simulator gets wrong, by their numbers in the record's README. Each must be visible
 * in the kernel's packets and in the model's. Here they are readable patterns; `recorded.test` compares everything
 * frame by frame. Facts about time, announcements and policies are in `kernel-truth.test`
 * (13, 15, 16, 17, 32 warm); 40 and 42 are about overlays.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { productInMemory } from './live/in-memory.js';
import type { Answers } from './live/answers.js';
import type { Observation } from './live/observation.js';
import { compareRecorded, readRecorded, type Recorded, type RecordedFlow } from './live/recording.js';

interface Fact {
  readonly number: number;
  readonly says: string;
  /** The beginning of a recorded flow's title. */
  readonly flow: string;
  readonly shows?: readonly RegExp[];
  readonly never?: readonly RegExp[];
  readonly in?: keyof Observation;
}

const FACTS: readonly Fact[] = [
  {
    number: 1, says: 'a ClusterIP with an endpoint on the client\'s node is bridged: TTL 64, the client\'s MAC', flow: 'svc-same-node:',
    shows: [/TCP SYN: .*pod:default\/a2\/eth0< \{f4:01:02>f4:01:03 10\.244\.1\.2:\d+ -> 10\.244\.1\.3:8080 ttl=64\}/],
  },
  { number: 1, says: 'a SYN with TTL 1 is delivered', flow: 'svc-ttl1-same-node:', shows: [/TCP SYN: .*a2\/eth0< \{[^}]*ttl=1\}/] },
  { number: 2, says: 'cold, the first packet is seen leaving cbr0 with its MAC', flow: 'svc-same-node:', shows: [/TCP SYN: .*cbr0> \{f4:01:01>f4:01:03 /] },
  { number: 2, says: 'warm, it never appears on cbr0', flow: 'svc-same-node-warm:', shows: [/TCP SYN: /], never: [/cbr0/] },
  { number: 3, says: 'the server pod asks for the client', flow: 'svc-same-node:', shows: [/who-has 10\.244\.1\.2 tell 10\.244\.1\.3/] },
  {
    number: 3, says: 'the answer comes from the server pod\'s MAC, with the ClusterIP as source', flow: 'svc-same-node:',
    shows: [/SYN-ACK: .*a1\/eth0< \{f4:01:03>f4:01:02 10\.96\.0\.101:80 -> /],
  },
  {
    number: 4, says: 'bridged pod traffic has a conntrack entry', flow: 'pod-pod-same-node:', in: 'conntrack',
    shows: [/node:node1 TCP 10\.244\.1\.2:\d+ -> 10\.244\.1\.3:8080 /],
  },
  { number: 5, says: 'DNAT is done before cbr0 sees the packet', flow: 'svc-other-node:', shows: [/TCP SYN: .*node1\/cbr0< \{[^}]* -> 10\.244\.2\.2:8080 /] },
  { number: 5, says: 'with bridge-nf off, cbr0 shows the ClusterIP', flow: 'nobrnf-svc-other-node:', shows: [/TCP SYN: .*node1\/cbr0< \{[^}]* -> 10\.96\.\d+\.\d+:80 /] },
  {
    number: 6, says: 'with bridge-nf off the same-node service is routed at TTL 63, its answer not un-NATed, and reset',
    flow: 'bridge-nf off: pod to Service, internalTrafficPolicy Local',
    shows: [/TCP SYN: .*web-1\/eth0< \{[^}]*ttl=63\}/, /SYN-ACK: .*client\/eth0< \{[^}]*10\.244\.0\.3:8080 -> /, /TCP RST: /],
  },
  { number: 6, says: 'with bridge-nf off remote endpoints still work', flow: 'nobrnf-svc-other-node:', in: 'client', shows: [/^connected$/] },
  { number: 6, says: 'with bridge-nf off hairpin still works', flow: 'nobrnf-hairpin:', in: 'client', shows: [/^connected$/] },
  {
    number: 7, says: 'a hairpin pod hears from its own MAC, as the bridge\'s address, TTL 64', flow: 'svc-hairpin:',
    shows: [/TCP SYN: .*a1\/eth0< \{f4:01:02>f4:01:02 10\.244\.1\.1:\d+ -> 10\.244\.1\.2:8080 ttl=64\}/],
  },
  { number: 7, says: 'with hairpin off it is lost in silence', flow: 'nohairpin-self:', in: 'client', shows: [/^timeout$/] },
  {
    number: 8, says: 'with hairpin on, broadcasts come back to the sender\'s port', flow: 'svc-same-node:',
    shows: [/who-has 10\.244\.1\.1 tell 10\.244\.1\.2: .*a1\/eth0> .*a1\/eth0</],
  },
  { number: 9, says: 'what is bridged past cbr0 is not seen there', flow: 'pod-pod-same-node:', shows: [/TCP SYN: .*a2\/eth0</], never: [/TCP [^\n]*cbr0/] },
  {
    number: 10, says: 'on answers the destination is restored before cbr0, the source on leaving eth0', flow: 'nodeport-internet-local-ep:',
    shows: [/SYN-ACK: .*node1\/cbr0< \{[^}]*10\.244\.1\.3:8080 -> 198\.51\.100\.10:\d+ .*node1\/eth0> \{[^}]*192\.168\.1\.11:30090 -> /],
  },
  {
    number: 11, says: 'a forwarded packet\'s question carries the interface\'s address', flow: 'pod-pod-other-node:',
    shows: [/who-has 10\.244\.2\.2 tell 10\.244\.2\.1/],
  },
  {
    number: 11, says: 'a local source is used as it is', flow: 'node-local-pod-node-address:',
    shows: [/who-has 10\.244\.1\.\d tell 192\.168\.1\.11: node:node1\/cbr0>/],
  },
  { number: 12, says: 'who is asked learns the asker, and answers without a question', flow: 'pod-pod-other-node:', never: [/tell 10\.244\.2\.2/] },
  { number: 14, says: 'no question about pods appears on the node network', flow: 'pod-pod-other-node:', never: [/who-has 10\.244\.\d+\.\d+ [^\n]*fabric\//] },
  {
    number: 18, says: 'MASQUERADE takes the primary address, whatever the route\'s src', flow: 'masquerade-second-address:',
    shows: [/TCP SYN: .*node1\/eth0> \{[^}]*192\.168\.1\.11:\d+ -> /],
  },
  {
    number: 19, says: 'the source port is kept', flow: 'egress-tcp:',
    shows: [/TCP SYN: pod:default\/a1\/eth0> \{[^}]*10\.244\.1\.2:(\d+) -> .*internet:198\.51\.100\.10\/eth0< \{[^}]*203\.0\.113\.1:\1 -> /],
  },
  {
    number: 19, says: 'with --random-fully it is not, and the gateway keeps what the node chose', flow: 'rf-egress:',
    shows: [/TCP SYN: .*node1\/eth0> \{[^}]*192\.168\.1\.11:(p\d) -> .*gateway\/wan0> \{[^}]*203\.0\.113\.1:\1 -> /],
  },
  {
    number: 20, says: 'a node process keeps the address that the first route gave it', flow: 'svc-from-node-local-ep:', in: 'conntrack',
    shows: [/node:node1 TCP 192\.168\.1\.11:\d+ -> 10\.96\./],
  },
  { number: 21, says: '127.0.0.1:nodePort leaves by the bridge or the cable', flow: 'nodeport-localhost-remote:', shows: [/TCP SYN: node:node1\/eth0> /] },
  {
    number: 21, says: '127.0.0.1:nodePort leaves by the bridge for an endpoint of its own',
    flow: 'source: node process to NodePort on localhost, near', shows: [/TCP SYN: node:node-1\/cbr0> \{[^}]*10\.244\.0\.1:/],
  },
  { number: 21, says: 'without route_localnet it times out', flow: 'route_localnet off: node process to its NodePort on localhost', in: 'client', shows: [/^timeout$/] },
  {
    number: 22, says: 'answers are not translated anew: a LAN host without a way back is lost in silence',
    flow: 'pod to a LAN host that knows no way back', in: 'client', shows: [/^timeout$/],
  },
  { number: 23, says: 'a connection whose SYN is dropped leaves no entry', flow: 'internet to LoadBalancer, source ranges', in: 'conntrack', never: [/node:/] },
  { number: 24, says: 'after the reset of a closed port no entry is left', flow: 'pod-closed-tcp-other-node:', in: 'conntrack', never: [/./] },
  {
    number: 25, says: 'errors come from the ClusterIP and quote it', flow: 'svc-udp-closed:',
    shows: [/port-unreachable: .*a1\/eth0< \{[^}]*10\.96\.\d+\.\d+ -> 10\.244\.1\.2 [^}]*quoting [^}]*-> 10\.96\./],
  },
  {
    number: 26, says: 'else they come from the address towards the sender, TTL 64', flow: 'a TTL of 1 that runs out',
    shows: [/ttl-exceeded: node:node-1\/cbr0> \{[^}]*10\.244\.0\.1 -> 10\.244\.0\.2 ttl=64/],
  },
  {
    number: 26, says: 'of a second node its address on the node network', flow: 'a TTL of 2 that runs out',
    shows: [/ttl-exceeded: gateway\/eth0> \{[^}]*192\.168\.1\.1 -> 192\.168\.1\.11 /],
  },
  { number: 27, says: 'no endpoints: ICMP port unreachable, for TCP too', flow: 'svc-no-endpoints:', shows: [/ICMP port-unreachable/] },
  { number: 27, says: 'from a node process it goes over lo', flow: 'node process to Service without endpoints', shows: [/port-unreachable: node:node-1\/lo> /] },
  {
    number: 28, says: 'a LoadBalancer without endpoints: the internet hears of it from a private address',
    flow: 'internet to LoadBalancer without endpoints',
    shows: [/port-unreachable: .*internet:198\.51\.100\.10\/eth0< \{[^}]*192\.168\.1\.11 -> 198\.51\.100\.10 /],
  },
  {
    number: 28, says: 'with a port forward from the gateway', flow: 'internet to NodePort without endpoints by a port forward',
    shows: [/port-unreachable: .*node:node-1\/eth0> \{[^}]*192\.168\.1\.11 -> .*internet:198\.51\.100\.10\/eth0< \{[^}]*203\.0\.113\.1 -> 198\.51\.100\.10 /],
  },
  {
    number: 29, says: 'a wrong port leaves by the default route, masqueraded, and ends as net unreachable', flow: 'svc-wrong-port:',
    shows: [/TCP SYN: .*node1\/eth0> \{[^}]*192\.168\.1\.11:\d+ -> 10\.96\./, /ICMP net-unreachable: isp\//],
  },
  {
    number: 29, says: 'a ping too', flow: 'pod to Service, ping',
    shows: [/echo-request: .*node:node-1\/eth0> \{[^}]*192\.168\.1\.11 -> 10\.96\./, /net-unreachable: isp\//],
  },
  {
    number: 30, says: 'a ping to a LoadBalancer address is masqueraded, sent back, and dropped as martian', flow: 'pod to LoadBalancer, ping',
    shows: [/echo-request: .*gateway\/eth0> .*node:node-1\/eth0< \{[^}]*192\.168\.1\.11 -> 192\.0\.2\.10 [^}]*\}$/m],
    never: [/echo-reply|unreachable|ttl-exceeded/],
  },
  {
    number: 31, says: 'a pod that does not exist: host unreachable, from that node', flow: 'pod to a missing pod of another node',
    shows: [/who-has 10\.244\.1\.99 tell 10\.244\.1\.1/, /host-unreachable: node:node-2\/eth0> /],
  },
  {
    number: 31, says: 'on the own node the client\'s kernel says so over its own lo', flow: 'pod to a missing pod of its own node',
    shows: [/host-unreachable: pod:default\/client\/lo> /],
  },
  {
    number: 32, says: 'a node that is down, cold: host unreachable from the bridge', flow: 'node-down-cold:',
    shows: [/host-unreachable: node:node1\/cbr0> \{[^}]*10\.244\.1\.1 -> /],
  },
  { number: 33, says: 'no redirect for a connection\'s first packet', flow: 'svc-from-lan-remote-ep:', never: [/type 5/] },
  {
    number: 34, says: 'a node that did not see the answer calls what follows INVALID, and KUBE-FORWARD drops it',
    flow: 'LAN host to pod by the wrong node, with data', in: 'rules',
    shows: [/node:node-1 filter -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP \(1\)/],
  },
  { number: 35, says: 'UDP clients ignore TTL exceeded', flow: 'a TTL of 1 that runs out, UDP to a Service', in: 'client', shows: [/^timeout$/] },
  {
    number: 36, says: 'an ipBlock sees the client on the entry node', flow: 'denyWith DROP: ipBlock sees a LAN host on its endpoint', in: 'client',
    shows: [/^timeout$/],
  },
  { number: 36, says: 'and on a second node the entry node\'s address', flow: 'denyWith DROP: ipBlock sees the entry node', in: 'client', shows: [/^connected$/] },
  { number: 37, says: 'the own node\'s processes are always allowed', flow: 'denyWith DROP: ingress lets the own node', in: 'client', shows: [/^connected$/] },
  { number: 37, says: 'another node\'s are an ordinary source', flow: 'denyWith DROP: ingress denies another node', in: 'client', shows: [/^timeout$/] },
  {
    number: 38, says: 'a NodePort that is Local, without a local endpoint, is dropped', flow: 'LAN host to NodePort that has no local endpoint',
    in: 'rules', shows: [/node:node-1 filter -A KUBE-EXTERNAL-SERVICES .*no local endpoints.*-j DROP \(1\)/],
  },
  {
    number: 38, says: 'a LoadBalancer address is, in FORWARD', flow: 'LAN host to an announced LoadBalancer, Local, by a node without endpoint',
    in: 'rules', shows: [/node:node-1 filter -A KUBE-EXTERNAL-SERVICES -d 192\.168\.1\.241\/32 .*no local endpoints.*-j DROP \(1\)/],
  },
  {
    number: 38, says: 'source ranges drop in KUBE-PROXY-FIREWALL, pods included', flow: 'lb-ranges-from-pod:', in: 'rules',
    shows: [/-A KUBE-PROXY-FIREWALL .*-j DROP \(1\)/],
  },
  { number: 38, says: 'the NodePort is not guarded by them', flow: 'LAN host to NodePort of a Service with source ranges', in: 'client', shows: [/^connected$/] },
  { number: 39, says: 'a FORWARD policy of DROP: pod to ClusterIP is lost', flow: 'forward-drop-svc:', in: 'client', shows: [/^timeout$/] },
  { number: 39, says: 'and NodePort is let through', flow: 'FORWARD drops: LAN host to NodePort', in: 'client', shows: [/^connected$/] },
  { number: 41, says: 'rp_filter = 1 does not break a same-node service', flow: 'rp-strict-svc-same-node:', in: 'client', shows: [/^connected$/] },
];

const recorded = readRecorded();
let product: Answers;
const created = new Set<string>();

beforeAll(async () => {
  product = await productInMemory();
});

function find(flow: string): readonly [Recorded, RecordedFlow] {
  for (const each of recorded) for (const candidate of each.flows) if (candidate.flow.title.startsWith(flow)) return [each, candidate];
  throw new Error(`no flow "${flow}" was recorded`);
}

describe('facts of a real kernel', () => {
  test.each(FACTS)('$number: $says', async ({ flow, shows = [], never = [], in: part = 'packets' }) => {
    const [each, candidate] = find(flow);
    if (!created.has(each.name)) await product.create(each.name, each.cluster);
    created.add(each.name);
    const { model, kernel } = await compareRecorded(product, each, candidate);
    for (const observation of [kernel, model]) {
      const text = [observation[part]].flat().join('\n');
      for (const pattern of shows) expect(text).toMatch(pattern);
      for (const pattern of never) expect(text).not.toMatch(pattern);
    }
  });
});
