import { expect, test } from 'vitest';

import { compileNetwork } from '../../../src/compile/compile-network.js';
import type { Match, Rule } from '../../../src/domain/datapath/netfilter/rules.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { ruleText } from '../../../src/render/iptables/rule-text.js';
import { tableText } from '../../../src/render/iptables/save-text.js';
import { fakeView } from '../../support/fake-view.js';

const accept = (...matches: Match[]): Rule => ({ matches, target: { kind: 'ACCEPT' } });

test.each<{ rule: Rule; text: string }>([
  { rule: accept(), text: '-j ACCEPT' },
  {
    rule: { ...accept(), source: { value: cidr('10.0.0.0/8'), negate: true }, destination: { value: cidr('10.96.0.1/32'), negate: false } },
    text: '! -s 10.0.0.0/8 -d 10.96.0.1/32 -j ACCEPT',
  },
  { rule: { ...accept(), source: { value: cidr('0.0.0.0/0'), negate: false }, destination: { value: cidr('0.0.0.0/0'), negate: false } }, text: '-j ACCEPT' },
  { rule: { ...accept(), inInterface: { value: 'veth+', negate: false }, outInterface: { value: 'eth0', negate: true } }, text: '-i veth+ ! -o eth0 -j ACCEPT' },
  { rule: accept({ kind: 'comment', text: 'plain' }), text: '-m comment --comment plain -j ACCEPT' },
  { rule: accept({ kind: 'comment', text: 'a "quoted" word' }), text: '-m comment --comment "a \\"quoted\\" word" -j ACCEPT' },
  { rule: { ...accept({ kind: 'destinationPort', port: { from: 53, to: 53 } }), protocol: 'UDP' }, text: '-p udp -m udp --dport 53 -j ACCEPT' },
  { rule: { ...accept({ kind: 'destinationPort', port: { from: 0, to: 65535 } }), protocol: 'TCP' }, text: '-p tcp -m tcp -j ACCEPT' },
  { rule: accept({ kind: 'addressType', side: 'source', type: 'LOCAL', negate: true }), text: '-m addrtype ! --src-type LOCAL -j ACCEPT' },
  { rule: accept({ kind: 'conntrackState', states: ['ESTABLISHED', 'RELATED'], negate: true }), text: '-m conntrack ! --ctstate RELATED,ESTABLISHED -j ACCEPT' },
  { rule: accept({ kind: 'mark', value: 0x4000, mask: 0x4000, negate: false }), text: '-m mark --mark 0x4000/0x4000 -j ACCEPT' },
  { rule: accept({ kind: 'statistic', outOf: 2 }), text: '-m statistic --mode random --probability 0.50000000000 -j ACCEPT' },
  { rule: accept({ kind: 'statistic', outOf: 3 }), text: '-m statistic --mode random --probability 0.33333333349 -j ACCEPT' },
  { rule: { matches: [], target: { kind: 'REJECT', with: 'icmp-port-unreachable' } }, text: '-j REJECT --reject-with icmp-port-unreachable' },
  { rule: { matches: [], target: { kind: 'GOTO', chain: 'THERE' } }, text: '-g THERE' },
  { rule: { matches: [], target: { kind: 'SNAT', address: ipv4('10.0.0.1') } }, text: '-j SNAT --to-source 10.0.0.1' },
  { rule: { matches: [], target: { kind: 'DNAT', address: ipv4('10.0.0.1'), port: null } }, text: '-j DNAT --to-destination 10.0.0.1' },
  { rule: { matches: [], target: { kind: 'MASQUERADE', randomFully: true } }, text: '-j MASQUERADE --random-fully' },
  { rule: { matches: [{ kind: 'comment', text: 'goes on' }], target: { kind: 'CONTINUE' } }, text: '-m comment --comment "goes on"' },
])('$text', ({ rule, text }) => {
  expect(ruleText('CHAIN', rule)).toBe(`-A CHAIN ${text}`);
});

const netfilter = compileNetwork(fakeView({
  nodes: [{ name: 'node-1', ip: '192.168.1.11', podCIDR: '10.244.0.0/24', wiring: { forwardPolicy: 'DROP' } }],
  services: [{
    name: 'kubernetes', clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443 }], sessionAffinitySeconds: 10800, endpoints: ['192.168.1.11:6443'],
  }],
})).netns('node:node-1')!.netfilter!;

test('the filter table of a small node', () => {
  expect(tableText(netfilter, 'filter')).toBe(`*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-KUBELET-CANARY - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-PROXY-CANARY - [0:0]
:KUBE-PROXY-FIREWALL - [0:0]
:KUBE-SERVICES - [0:0]
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-A INPUT -j KUBE-FIREWALL
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -j KUBE-FIREWALL
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
`);
});

test('the nat table of a small node', () => {
  const [service, endpoint] = ['KUBE-SVC-NPX46M4PTMTKRN6Y', [...netfilter.allChains('nat')].map(({ name }) => name).find((name) => name.startsWith('KUBE-SEP-'))!];
  expect(endpoint).toMatch(/^KUBE-SEP-[A-Z2-7]{16}$/);
  expect(tableText(netfilter, 'nat')).toBe(`*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:IP-MASQ-AGENT - [0:0]
:KUBE-KUBELET-CANARY - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-PROXY-CANARY - [0:0]
:${endpoint} - [0:0]
:KUBE-SERVICES - [0:0]
:${service} - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A POSTROUTING -m comment --comment "ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain" -m addrtype ! --dst-type LOCAL -j IP-MASQ-AGENT
-A IP-MASQ-AGENT -d 10.244.0.0/16 -m comment --comment "ip-masq-agent: local traffic is not subject to MASQUERADE" -j RETURN
-A IP-MASQ-AGENT -d 192.168.1.0/24 -m comment --comment "ip-masq-agent: local traffic is not subject to MASQUERADE" -j RETURN
-A IP-MASQ-AGENT -m comment --comment "ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)" -j MASQUERADE
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE
-A ${endpoint} -s 192.168.1.11/32 -m comment --comment "default/kubernetes:https" -j KUBE-MARK-MASQ
-A ${endpoint} -p tcp -m comment --comment "default/kubernetes:https" -m recent --set --name ${endpoint} --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 192.168.1.11:6443
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j ${service}
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A ${service} ! -s 10.244.0.0/16 -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-MARK-MASQ
-A ${service} -m comment --comment "default/kubernetes:https -> 192.168.1.11:6443" -m recent --rcheck --seconds 10800 --reap --name ${endpoint} --mask 255.255.255.255 --rsource -j ${endpoint}
-A ${service} -m comment --comment "default/kubernetes:https -> 192.168.1.11:6443" -j ${endpoint}
COMMIT
`);
});
