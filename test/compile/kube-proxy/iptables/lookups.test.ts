import { describe, expect, test } from 'vitest';

import { compileNetwork } from '../../../../src/compile/compile-network.js';
import type { MatchContext, Netfilter, Rule } from '../../../../src/domain/datapath/netfilter/rules.js';
import type { Packet, Protocol } from '../../../../src/domain/packet/packet.js';
import { ServiceChoice } from '../../../../src/compile/kube-proxy/service-choice.js';
import { ipv4 } from '../../../../src/domain/values/ipv4.js';
import { ruleText } from '../../../../src/render/iptables/rule-text.js';
import { DEFAULT_SETTINGS, type FakeCluster } from '../../../support/fake-view.js';
import { LAB, labView } from '../../../support/lab-cluster.js';

const netfilterOf = (node = 'node1', changes: Partial<FakeCluster> = {}): Netfilter => compileNetwork(labView(changes)).netns(`node:${node}`)!.netfilter!;

const packet = (to: string, port: number, protocol: Protocol = 'TCP'): MatchContext => ({
  packet: { source: ipv4('10.244.1.2'), destination: ipv4(to), protocol, sourcePort: 40000, destinationPort: port } as Packet,
  mark: 0, inInterface: 'cbr0', outInterface: null, state: 'NEW', destinationNat: false,
});

const text = (rules: Iterable<Rule>): string[] => [...rules].map((rule) => ruleText('X', rule));

/** The rules whose protocol, destination and port match the packet. */
const candidates = (rules: Iterable<Rule>, { packet: { destination, destinationPort, protocol } }: MatchContext): Rule[] =>
  [...rules].filter((rule) =>
    (rule.protocol === undefined || rule.protocol === protocol) &&
    (rule.destination === undefined || rule.destination.value.base === destination) &&
    rule.matches.every((match) => match.kind !== 'destinationPort' || match.port.from === destinationPort));

describe('the lookup in an indexed chain finds the same rules as a search of the whole chain', () => {
  const chains = [
    ['nat', 'KUBE-SERVICES'],
    ['nat', 'KUBE-NODEPORTS'],
    ['filter', 'KUBE-SERVICES'],
    ['filter', 'KUBE-EXTERNAL-SERVICES'],
    ['filter', 'KUBE-NODEPORTS'],
    ['filter', 'KUBE-PROXY-FIREWALL'],
  ] as const;
  const flows = [
    ['10.96.0.100', 80], ['10.96.0.100', 81], ['192.0.2.100', 80], ['192.0.2.105', 80], ['10.96.0.106', 80], ['10.96.0.107', 80], ['192.0.2.107', 80],
    ['192.0.2.108', 80], ['10.244.2.2', 8080], ['192.168.1.11', 30080], ['192.168.1.11', 30081], ['192.168.1.11', 30082], ['192.168.1.11', 32000], ['192.168.1.11', 31999],
  ] as const;
  test.each(chains.flatMap(([table, chain]) => flows.map(([to, port]) => ({ table, chain, to, port }))))('$table $chain, to $to:$port', ({ table, chain, to, port }) => {
    for (const node of ['node1', 'node2']) {
      const found = netfilterOf(node).chain(table, chain)!;
      const context = packet(to, port);
      expect(text(found.rulesFor(context))).toEqual(text(candidates(found.allRules(), context)));
    }
  });
});

test('a rule that drops or rejects carries the reason and the Service', () => {
  const cause = (table: 'nat' | 'filter', chain: string, to: string, port: number): unknown => netfilterOf().chain(table, chain)!.rulesFor(packet(to, port))[0]?.cause;
  expect(cause('filter', 'KUBE-SERVICES', '10.96.0.107', 80)).toEqual({ code: 'SERVICE_NO_ENDPOINTS', subject: 'Service default/no-ep' });
  expect(cause('filter', 'KUBE-SERVICES', '10.96.0.106', 80)).toEqual({ code: 'SERVICE_NO_LOCAL_ENDPOINTS', subject: 'Service default/itp-local' });
  expect(cause('filter', 'KUBE-EXTERNAL-SERVICES', '192.0.2.105', 80)).toEqual({ code: 'SERVICE_NO_LOCAL_ENDPOINTS', subject: 'Service default/etp-local' });
  expect(cause('filter', 'KUBE-PROXY-FIREWALL', '192.0.2.108', 80)).toEqual({ code: 'LOAD_BALANCER_SOURCE_RANGES', subject: 'Service default/fw' });
});

test('a Service with another proxy\'s label has no rules', () => {
  const count = (proxyName: string | null): number => {
    const netfilter = netfilterOf('node1', { services: LAB.services!.map((service) => ({ ...service, proxyName })) });
    return (
      netfilter.chain('nat', 'KUBE-SERVICES')!.rulesFor(packet('10.96.0.100', 80)).length +
      netfilter.chain('nat', 'KUBE-NODEPORTS')!.rulesFor(packet('192.168.1.11', 30080)).length
    );
  };
  expect(count(null)).toBeGreaterThan(count('mesh'));
  expect(
    text(
      netfilterOf('node1', { services: LAB.services!.map((service) => ({ ...service, proxyName: '' })) })
        .chain('nat', 'KUBE-SERVICES')!
        .allRules(),
    ),
  ).toHaveLength(1);
});

test('a service chain carries the choice among its endpoints', () => {
  const netfilter = netfilterOf();
  const [rule] = netfilter.chain('nat', 'KUBE-SERVICES')!.rulesFor(packet('10.96.0.100', 80));
  const chain = netfilter.chain('nat', (rule!.target as { chain: string }).chain)!;
  const choice = chain.choice as ServiceChoice;
  expect(choice).toBeInstanceOf(ServiceChoice);
  expect(choice.candidates.map(({ pod }) => pod)).toEqual(['default/a2', 'default/b1']);
  expect(choice.notTaken).toEqual([]);
});

test('the rules of a service chain are sorted by the text of their endpoints', () => {
  const [web] = LAB.services!;
  const netfilter = netfilterOf('node1', { services: [{ ...web!, sessionAffinitySeconds: 60, endpoints: ['10.244.2.9:8080', '10.244.2.10:8080', '10.244.1.3:8080'] }] });
  const led = text(netfilter.chain('nat', 'KUBE-SVC-LOLE4ISW44XBNF3G')!.allRules()).flatMap((rule) => / -> ([\d.]+):/.exec(rule)?.[1] ?? []);
  expect(led).toEqual(['10.244.1.3', '10.244.2.10', '10.244.2.9', '10.244.1.3', '10.244.2.10', '10.244.2.9']);
});

test.each([
  { count: 1000, comments: 1 },
  { count: 1001, comments: 0 },
])('with $count endpoints, the rules for endpoints have $comments comment', ({ count, comments }) => {
  const [web] = LAB.services!;
  const endpoints = Array.from({ length: count }, (_, index) => `10.244.${index >> 8}.${index & 255}:8080`);
  const netfilter = netfilterOf('node1', { services: [{ ...web!, sessionAffinitySeconds: 60, endpoints }] });
  const branches = text(netfilter.chain('nat', 'KUBE-SVC-LOLE4ISW44XBNF3G')!.allRules()).filter((rule) => rule.includes('-j KUBE-SEP-'));
  expect(branches).toHaveLength(2 * count);
  const endpoint = netfilter.chain('nat', /KUBE-SEP-\w+$/.exec(branches.at(-1)!)![0])!;
  for (const rule of [branches[0]!, branches[count]!, ...text(endpoint.allRules())]) expect(rule.match(/ -m comment /g) ?? []).toHaveLength(comments);
  expect(text(netfilter.chain('nat', 'KUBE-SERVICES')!.allRules())[0]).toContain('-m comment --comment "default/web cluster IP"');
});

test('a chain can be looked up by name even if no rule has led to it yet', () => {
  const led = netfilterOf();
  for (const chain of led.allChains('nat')) {
    expect(text(netfilterOf().chain('nat', chain.name)?.allRules() ?? [])).toEqual(
      ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].includes(chain.name) ? [] : text(chain.allRules()),
    );
  }
  expect(led.chain('nat', 'KUBE-SVC-AAAAAAAAAAAAAAAA')).toBeUndefined();
  expect(led.chain('filter', 'KUBE-SVC-LOLE4ISW44XBNF3G')).toBeUndefined();
});

/** @source Kubernetes `pkg/kubelet/kubelet_network_linux.go`, `pkg/util/iptables` `Monitor` */
test('the mangle table has only the empty chains that mark a node of Kubernetes', () => {
  const chains = [...netfilterOf().allChains('mangle')].filter(({ name }) => name.startsWith('KUBE-'));
  expect(chains.map(({ name }) => name)).toEqual(['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY']);
  expect(chains.flatMap((chain) => [...chain.allRules()])).toEqual([]);
});

test('hasRecentList finds the chain with the rule that keeps the list', () => {
  const netfilter = netfilterOf();
  const chains = [...netfilter.allChains('nat')];
  const kept = chains.flatMap((chain) => [...chain.allRules()]).flatMap(({ matches }) => matches.flatMap((match) => (match.kind === 'recentSet' ? [match.name] : [])));
  expect(kept.length).toBeGreaterThan(1);
  expect(chains.map(({ name }) => name).filter((name) => netfilterOf().hasRecentList(name))).toEqual(kept);
});

/** Without comments; hashes as `*`. */
const plain = (rules: Iterable<Rule>): string[] =>
  text(rules).map((rule) =>
    rule
      .replace(/^-A X /, '')
      .replace(/-m comment --comment "[^"]*" ?/, '')
      .replace(/-[A-Z0-9]{16}$/, '-*'),
  );

test.each([
  { node: 'node1', rules: ['-s 10.244.0.0/16 -j KUBE-SVC-*', '-m addrtype --src-type LOCAL -j KUBE-MARK-MASQ', '-m addrtype --src-type LOCAL -j KUBE-SVC-*'] },
  {
    node: 'node2',
    rules: ['-s 10.244.0.0/16 -j KUBE-SVC-*', '-m addrtype --src-type LOCAL -j KUBE-MARK-MASQ', '-m addrtype --src-type LOCAL -j KUBE-SVC-*', '-j KUBE-SVL-*'],
  },
])('with externalTrafficPolicy Local, traffic from inside on $node goes to any endpoint, and other traffic only to local ones', ({ node, rules }) => {
  const netfilter = netfilterOf(node);
  const [rule] = netfilter.chain('nat', 'KUBE-SERVICES')!.rulesFor(packet('192.0.2.105', 80));
  expect(plain(netfilter.chain('nat', (rule!.target as { chain: string }).chain)!.allRules())).toEqual(rules);
});

test.each([
  { sourceRanges: ['198.51.100.128/25'], rules: ['-s 198.51.100.128/25 -j KUBE-EXT-*', ''] },
  { sourceRanges: ['192.168.1.0/24'], rules: ['-s 192.168.1.0/24 -j KUBE-EXT-*', '-s 192.0.2.108/32 -j KUBE-EXT-*', ''] }, // a node that has the address itself
])('the firewall chain of a load balancer accepts $sourceRanges', ({ sourceRanges, rules }) => {
  const netfilter = netfilterOf('node1', { services: LAB.services!.map((service) => (service.name === 'fw' ? { ...service, sourceRanges } : service)) });
  expect(plain([...netfilter.allChains('nat')].find(({ name }) => name.startsWith('KUBE-FW-'))!.allRules())).toEqual(rules);
});

const LAST = '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain"';
test.each([
  { name: 'everywhere', kubeProxy: {}, rules: [`-A X ${LAST} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`] },
  { name: 'not at localhost', kubeProxy: { localhostNodePorts: false }, rules: [`-A X ! -d 127.0.0.0/8 ${LAST} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`] },
  { name: 'at the primary address', kubeProxy: { nodePortAddresses: ['primary'] }, rules: [`-A X -d 192.168.1.11/32 ${LAST} -j KUBE-NODEPORTS`] },
  {
    name: 'in two blocks', kubeProxy: { nodePortAddresses: ['127.0.0.0/8', '10.244.0.0/16'] },
    rules: [`-A X -d 127.0.0.1/32 ${LAST} -j KUBE-NODEPORTS`, `-A X -d 10.244.1.1/32 ${LAST} -j KUBE-NODEPORTS`],
  },
  {
    name: 'in two blocks, but not at localhost', kubeProxy: { localhostNodePorts: false, nodePortAddresses: ['127.0.0.0/8', '10.244.0.0/16'] },
    rules: [`-A X -d 10.244.1.1/32 ${LAST} -j KUBE-NODEPORTS`],
  },
])('node ports are open $name', ({ kubeProxy, rules }) => {
  const settings = { ...DEFAULT_SETTINGS, kubeProxy: { ...DEFAULT_SETTINGS.kubeProxy, ...kubeProxy } };
  expect(text(netfilterOf('node1', { settings }).chain('nat', 'KUBE-SERVICES')!.rulesFor(packet('192.168.1.11', 30080)))).toEqual(rules);
});

test.each([
  {
    name: 'ClusterCIDR', kubeProxy: {},
    rule: '-A X ! -s 10.244.0.0/16 -d 10.96.0.100/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
  },
  {
    name: 'NodeCIDR', kubeProxy: { detectLocalMode: 'NodeCIDR' as const },
    rule: '-A X ! -s 10.244.1.0/24 -d 10.96.0.100/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
  },
  { name: 'None', kubeProxy: { detectLocalMode: 'None' as const }, rule: undefined },
  {
    name: 'masqueradeAll', kubeProxy: { masqueradeAll: true },
    rule: '-A X -d 10.96.0.100/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
  },
])('the masquerade rule for a clusterIP: $name', ({ kubeProxy, rule }) => {
  const settings = { ...DEFAULT_SETTINGS, kubeProxy: { ...DEFAULT_SETTINGS.kubeProxy, ...kubeProxy } };
  const rules = text(netfilterOf('node1', { settings }).chain('nat', 'KUBE-SVC-LOLE4ISW44XBNF3G')!.allRules());
  expect(rules.find((line) => line.endsWith('KUBE-MARK-MASQ'))).toBe(rule);
  expect(rules.filter((line) => line.includes('KUBE-SEP-'))).toHaveLength(2);
});
