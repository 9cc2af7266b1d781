/** The rules of policies in the datapath have the same outcome as the evaluation of the policies. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileNetwork } from '../../src/compile/compile-network.js';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import { evaluatePolicies } from '../../src/domain/cluster/policy/evaluate-policies.js';
import type { Direction } from '../../src/domain/cluster/policy/policy.js';
import type { KubeObject } from '../../src/domain/cluster/objects.js';
import type { ClusterView, PodView } from '../../src/domain/cluster/view.js';
import type { MatchContext, Rule } from '../../src/domain/datapath/netfilter/rules.js';
import type { Packet, Protocol } from '../../src/domain/packet/packet.js';
import { formatIpv4, type Ipv4 } from '../../src/domain/values/ipv4.js';
import { Host } from '../../src/domain/walk/host.js';
import { matchesRule } from '../../src/domain/walk/match-rule.js';
import { ruleText } from '../../src/render/iptables/rule-text.js';
import { parseTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../src/services/traces/run-trace.js';
import { policyView } from '../support/policy-view.js';
import { POLICY_WORLD, randomPolicies } from '../support/random-policies.js';

const podName = fc.tuple(fc.constantFrom(...Object.keys(POLICY_WORLD.namespaces)), fc.constantFrom('a', 'b')).map(([namespace, name]) => `${namespace}/${name}`);
const source = fc.oneof(
  { weight: 5, arbitrary: podName.map((pod) => ({ pod })) }, { weight: 1, arbitrary: fc.constantFrom({ node: 'node-0' }, { node: 'node-1' }) }, { weight: 1, arbitrary: fc.constantFrom({ ip: '198.51.100.10', at: 'node-0' }, { ip: '198.51.100.10', at: 'node-1' }) },
);
const protocol = fc.constantFrom<Protocol[]>('TCP', 'UDP', 'SCTP', 'ICMP');
const port = fc.constantFrom(...POLICY_WORLD.ports);
const denyWith = fc.constantFrom<('DROP' | 'REJECT')[]>('DROP', 'REJECT');

const podNamed = (view: ClusterView, text: string): PodView => view.pod(...(text.split('/') as [string, string]))!;

/** The outcome of the evaluation at a pod's interface, for a packet from one address to another. */
function allows(
  view: ClusterView,
  direction: Direction,
  subject: PodView,
  address: Ipv4,
  of: { readonly protocol: Protocol; readonly port: number },
  sender: PodView | null,
): boolean {
  const pod = view.podByAddress(address) ?? null;
  // A node's own programs reach its pods from the address of its bridge.
  const node =
    view.nodeByAddress(address) ?? (sender === null ? [...view.allNodes()].find(({ podCIDR }) => podCIDR && address === podCIDR.base + 1) : undefined) ?? null;
  return evaluatePolicies(view.policies, { direction, subject, peer: { address, pod, node }, ...of, port: of.protocol === 'ICMP' ? 0 : of.port }).allowed;
}

test('a trace is allowed or denied as the evaluation of both pods\' policies says', () => {
  let denied = 0;
  fc.assert(fc.property(randomPolicies, denyWith, source, podName, protocol, port, (objects, how, from, to, over, number) => {
    const view = policyView(objects, how);
    const trace = runTrace(view as ClusterState, parseTraceRequest({ from, to: { pod: to, ...(over === 'ICMP' ? {} : { port: number }) }, protocol: over }));
    const [path] = trace.paths;
    const sender = 'pod' in from ? podNamed(view, from.pod) : null;
    const receiver = podNamed(view, to);
    const sent = path!.connections[0]!.forward.steps[0]!.packet!;
    const what = { protocol: over, port: number };
    const isSame = sender?.ip === receiver.ip;
    const out = sender === null || isSame || allows(view, 'EGRESS', sender, receiver.ip!, what, sender);
    const into = isSame || allows(view, 'INGRESS', receiver, sent.source, what, sender);
    const code = path!.reason?.code ?? null;
    const expected = !out ? 'NETWORK_POLICY_EGRESS' : !into ? 'NETWORK_POLICY_INGRESS' : null;
    if (expected !== null) denied += 1;
    expect({ objects, code: code?.startsWith('NETWORK_POLICY') ? code : null }).toEqual({ objects, code: expected });
    if (expected !== null) expect(path!.disposition).toBe(how === 'DROP' ? 'DROPPED' : 'REJECTED');
    const policySteps = path!.connections.flatMap(({ forward }) => forward.steps).filter((step) => step.kind === 'POLICY');
    expect(policySteps.some((step) => step.kind === 'POLICY' && step.verdict === 'DENY')).toBe(expected !== null);
  }), { numRuns: 600, seed: 5 });
  expect(denied).toBeGreaterThan(100);
}, 60_000);

test('the lookup in a policy\'s chain finds the same rules as a search of the whole chain', () => {
  let found = 0;
  fc.assert(fc.property(randomPolicies, podName, fc.oneof(podName, fc.constant(null)), protocol, port, (objects, from, to, over, number) => {
    const view = policyView(objects, 'DROP');
    const network = compileNetwork(view);
    const peer = to === null ? ({ ip: 0xc6336400 + 10 } as PodView) : podNamed(view, to);
    const packet = {
      source: podNamed(view, from).ip,
      destination: peer.ip,
      protocol: over,
      sourcePort: 40000,
      destinationPort: over === 'ICMP' ? 0 : number,
      icmp: null,
    } as Packet;
    for (const name of ['node-0', 'node-1']) {
      const netns = network.netns(`node:${name}`)!;
      const host = new Host(netns);
      for (const one of [packet, { ...packet, source: packet.destination, destination: packet.source }]) {
        const context: MatchContext = { packet: one, mark: 0, inInterface: 'cbr0', outInterface: 'cbr0', state: 'NEW', destinationNat: false };
        const entered = new Set<string>(['KUBE-ROUTER-FORWARD']);
        for (const chain of entered) {
          const rules = netns.netfilter!.chain('filter', chain);
          if (!rules) continue;
          const matching = (list: Iterable<Rule>): string[] =>
            [...list]
              .filter(({ target }) => target.kind !== 'RETURN')
              .filter((rule) => matchesRule(rule, context, host))
              .map((rule) => ruleText(chain, rule));
          const all = matching(rules.allRules());
          expect(matching(rules.rulesFor(context))).toEqual(all);
          found += all.length;
          for (const { target } of rules.rulesFor(context)) if (target.kind === 'JUMP') entered.add(target.chain);
        }
      }
    }
  }), { numRuns: 200, seed: 6 });
  expect(found).toBeGreaterThan(500);
}, 60_000);

test('the export has all chains that rules jump to, and all addresses that policies match', () => {
  fc.assert(fc.property(randomPolicies, (objects) => {
    const netfilter = compileNetwork(policyView(objects, 'REJECT')).netns('node:node-0')!.netfilter!;
    const chains = [...netfilter.allChains('filter')];
    const names = chains.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const chain of chains) {
      expect(chain.name.length).toBeLessThanOrEqual(28);
      for (const { target } of chain.allRules()) if (target.kind === 'JUMP') expect(names).toContain(target.chain);
    }
  }), { numRuns: 50, seed: 7 });
});

test('the exported chains of a selected pod', () => {
  const policy: KubeObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web', namespace: 'x' },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { team: 'b' } } }, { ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.128/25'] } }],
          ports: [{ port: 'http' }, { port: 80, endPort: 90 }],
        },
      ],
    },
  };
  const netfilter = compileNetwork(policyView([policy], 'REJECT')).netns('node:node-0')!.netfilter!;
  const lines = [...netfilter.allChains('filter')]
    .filter(({ name }) => /ROUTER|POD-FW|PLCY/.test(name))
    .flatMap((chain) => [...chain.allRules()].map((rule) => ruleText(chain.name, rule)));
  expect(lines.map((line) => line.replaceAll(/-[A-Z2-7]{16}/g, '-#'))).toMatchInlineSnapshot(`
    [
      "-A KUBE-NWPLCY-# -s 10.244.1.4/32 -d 10.244.0.2/32 -p tcp -m comment --comment "allowed by NetworkPolicy x/web spec.ingress[0] from[0] ports[0]" -m tcp --dport 8080 -j MARK --set-xmark 0x10000/0x10000",
      "-A KUBE-NWPLCY-# -s 10.244.1.4/32 -p tcp -m comment --comment "allowed by NetworkPolicy x/web spec.ingress[0] from[0] ports[1]" -m tcp --dport 80:90 -j MARK --set-xmark 0x10000/0x10000",
      "-A KUBE-NWPLCY-# -s 10.244.0.5/32 -d 10.244.0.2/32 -p tcp -m comment --comment "allowed by NetworkPolicy x/web spec.ingress[0] from[0] ports[0]" -m tcp --dport 8080 -j MARK --set-xmark 0x10000/0x10000",
      "-A KUBE-NWPLCY-# -s 10.244.0.5/32 -p tcp -m comment --comment "allowed by NetworkPolicy x/web spec.ingress[0] from[0] ports[1]" -m tcp --dport 80:90 -j MARK --set-xmark 0x10000/0x10000",
      "-A KUBE-NWPLCY-# -s 198.51.100.0/25 -d 10.244.0.2/32 -p tcp -m comment --comment "allowed by NetworkPolicy x/web spec.ingress[0] from[1] ports[0]" -m tcp --dport 8080 -j MARK --set-xmark 0x10000/0x10000",
      "-A KUBE-NWPLCY-# -s 198.51.100.0/25 -p tcp -m comment --comment "allowed by NetworkPolicy x/web spec.ingress[0] from[1] ports[1]" -m tcp --dport 80:90 -j MARK --set-xmark 0x10000/0x10000",
      "-A KUBE-NWPLCY-# -m mark --mark 0x10000/0x10000 -j RETURN",
      "-A KUBE-POD-FW-# -m comment --comment "rule for stateful firewall for pod x/a" -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
      "-A KUBE-POD-FW-# -m comment --comment "rule to permit the traffic to pods when source is the pod\\'s local node" -m addrtype --src-type LOCAL -j RETURN",
      "-A KUBE-POD-FW-# -s 10.244.0.2/32 -m comment --comment "a pod can not block access to itself" -j RETURN",
      "-A KUBE-POD-FW-# -m comment --comment "run through NetworkPolicy x/web" -m mark ! --mark 0x10000/0x10000 -j KUBE-NWPLCY-#",
      "-A KUBE-POD-FW-# -m comment --comment "rule to REJECT traffic destined for POD name:a namespace: x that no NetworkPolicy allows" -m mark ! --mark 0x10000/0x10000 -j REJECT --reject-with icmp-port-unreachable",
      "-A KUBE-POD-FW-# -m mark ! --mark 0x0/0x30000 -j MARK --set-xmark 0x0/0x30000",
      "-A KUBE-ROUTER-FORWARD -d 10.244.0.2/32 -m comment --comment "rule to jump traffic destined to POD name:a namespace: x to chain KUBE-POD-FW-#" -j KUBE-POD-FW-#",
      "-A KUBE-ROUTER-OUTPUT -d 10.244.0.2/32 -m comment --comment "rule to jump traffic destined to POD name:a namespace: x to chain KUBE-POD-FW-#" -j KUBE-POD-FW-#",
    ]
  `);
  expect(formatIpv4(policyView([], 'DROP').pod('x', 'a')!.ip!)).toBe('10.244.0.2');
});
