import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractFacts } from '../../../../src/domain/cluster/extract-facts.js';
import type { PolicyFacts } from '../../../../src/domain/cluster/facts.js';
import type { KubeObject } from '../../../../src/domain/cluster/objects.js';
import { validateObject } from '../../../../src/domain/cluster/validate-object.js';
import { evaluatePolicies } from '../../../../src/domain/cluster/policy/evaluate-policies.js';
import { policyTitle, type Direction } from '../../../../src/domain/cluster/policy/policy.js';
import type { PolicyEnd, PolicyPod } from '../../../../src/domain/cluster/policy/question.js';
import { ipv4 } from '../../../../src/domain/values/ipv4.js';
import type { Protocol } from '../../../../src/domain/packet/packet.js';
import { naivelyAllowed, type NaiveEnd, type NaivePod, type NaiveWorld } from '../../../oracle/naive-policies.js';
import { fakePolicies } from '../../../support/fake-view.js';
import { POLICY_WORLD, randomPolicies } from '../../../support/random-policies.js';

const policiesOf = (objects: readonly KubeObject[], namespaces: Readonly<Record<string, Readonly<Record<string, string>>>> = POLICY_WORLD.namespaces) =>
  fakePolicies(objects.map((object, ordinal) => extractFacts(object, ordinal) as PolicyFacts), namespaces);

const podOf = ({ namespace, name, labels, node, ports }: NaivePod): PolicyPod => ({
  namespace, name, labels, node, hostNetwork: false, finished: false,
  containers: ports.map((text, index) => {
    const [, portName = '', containerPort = '', protocol = ''] = /^(.*):(\d+)\/(.*)$/.exec(text)!;
    return { name: `c${index}`, ports: [{ name: portName, containerPort: Number(containerPort), protocol: protocol as 'TCP', hostPort: null }] };
  }),
});
const endOf = ({ ip, pod, node }: NaiveEnd): PolicyEnd => ({ address: ipv4(ip), pod: pod ? podOf(pod) : null, node: node ?? null });

const web: NaivePod = { namespace: 'x', name: 'web', labels: { app: 'web' }, ip: '10.244.0.2', node: 'node-1', ports: ['http:8080/TCP', 'dns:53/UDP'] };
const db: NaivePod = { namespace: 'y', name: 'db', labels: { app: 'db' }, ip: '10.244.1.2', node: 'node-2', ports: ['http:80/TCP'] };
const outside: NaiveEnd = { ip: '198.51.100.10' };
const ownNode: NaiveEnd = { ip: '192.168.1.11', node: { name: 'node-1', labels: { zone: 'a' } } };
const otherNode: NaiveEnd = { ip: '192.168.1.12', node: { name: 'node-2', labels: {} } };
const podEnd = (pod: NaivePod): NaiveEnd => ({ ip: pod.ip, pod });

const netpol = (spec: object, name = 'p', namespace = 'x'): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});
const anp = (priority: number, rules: object, name = `anp-${priority}`): KubeObject =>
  ({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name }, spec: { priority, subject: { namespaces: {} }, ...rules } });
const banp = (rules: object): KubeObject => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'BaselineAdminNetworkPolicy',
  metadata: { name: 'default' },
  spec: { subject: { namespaces: {} }, ...rules },
});
const everybody = [{ namespaces: {} }];

interface Row {
  readonly name: string;
  readonly policies: readonly KubeObject[];
  readonly direction?: Direction;
  readonly subject?: NaivePod;
  readonly peer?: NaiveEnd;
  readonly protocol?: Protocol;
  readonly port?: number;
  /** `allowed` or `denied`, the basis, and what each policy said. */
  readonly says: string;
}

const rows: readonly Row[] = [
  { name: 'no policy', policies: [], says: 'allowed NOT_SELECTED' },
  { name: 'a policy for other pods', policies: [netpol({ podSelector: { matchLabels: { app: 'other' } } })], says: 'allowed NOT_SELECTED' },
  { name: 'a policy of another namespace', policies: [netpol({ podSelector: {} }, 'p', 'y')], says: 'allowed NOT_SELECTED' },
  { name: 'selected, no rules: nothing comes in', policies: [netpol({ podSelector: {} })], says: 'denied ISOLATED p:NO_RULES' },
  { name: 'an ingress policy says nothing about egress', policies: [netpol({ podSelector: {} })], direction: 'EGRESS', says: 'allowed NOT_SELECTED' },
  {
    name: 'egress rules make it an egress policy too', policies: [netpol({ podSelector: {}, egress: [{ ports: [{ port: 80 }] }] })],
    direction: 'EGRESS', port: 81, says: 'denied ISOLATED p:NO_PORT@0',
  },
  { name: 'policyTypes Egress leaves ingress alone', policies: [netpol({ podSelector: {}, policyTypes: ['Egress'] })], says: 'allowed NOT_SELECTED' },
  { name: 'an empty rule lets everybody in', policies: [netpol({ podSelector: {}, ingress: [{}] })], says: 'allowed RULE p:ALLOWED@0' },
  {
    name: 'an empty list of peers is everybody', policies: [netpol({ podSelector: {}, ingress: [{ from: [], ports: [] }] })], peer: outside,
    says: 'allowed RULE p:ALLOWED@0',
  },
  {
    name: 'a podSelector means the own namespace', policies: [netpol({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })],
    says: 'denied ISOLATED p:NO_PEER',
  },
  {
    name: 'a namespaceSelector means all of its pods',
    policies: [netpol({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: { matchLabels: { team: 'b' } } }] }] })],
    says: 'allowed RULE p:ALLOWED@0/1',
  },
  {
    name: 'every namespace has its name as label',
    policies: [netpol({ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'y' } } }] }] })],
    says: 'allowed RULE p:ALLOWED@0/0',
  },
  {
    name: 'both selectors in one peer must hold',
    policies: [netpol({ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'b' } }, podSelector: { matchLabels: { app: 'web' } } }] }] })],
    says: 'denied ISOLATED p:NO_PEER',
  },
  {
    name: 'a block', policies: [netpol({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }] })], peer: outside,
    says: 'allowed RULE p:ALLOWED@0/0',
  },
  {
    name: 'an exception of a block',
    policies: [netpol({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.8/29'] } }] }] })],
    peer: outside, says: 'denied ISOLATED p:NO_PEER',
  },
  {
    name: 'a block holds pods too', policies: [netpol({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.244.1.0/24' } }] }] })],
    says: 'allowed RULE p:ALLOWED@0/0',
  },
  {
    name: 'a port without a protocol is TCP', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] })], protocol: 'UDP',
    says: 'denied ISOLATED p:NO_PORT@0',
  },
  {
    name: 'a protocol without a port is all of its ports', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ protocol: 'SCTP' }] }] })],
    protocol: 'SCTP', port: 7, says: 'allowed RULE p:ALLOWED@0',
  },
  { name: 'a range', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] })], port: 90, says: 'allowed RULE p:ALLOWED@0' },
  { name: 'beyond a range', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] })], port: 91, says: 'denied ISOLATED p:NO_PORT@0' },
  {
    name: 'a named port is the receiver\'s on the way in', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ port: 'http' }] }] })],
    port: 8080, says: 'allowed RULE p:ALLOWED@0',
  },
  {
    name: 'and of the protocol that is asked for', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ port: 'dns' }] }] })], port: 53,
    says: 'denied ISOLATED p:NO_PORT@0',
  },
  {
    name: 'a named port is one of its protocol', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ port: 'dns' }] }] })], protocol: 'UDP',
    port: 53, says: 'denied ISOLATED p:NO_PORT@0',
  },
  {
    name: 'and of that it is one', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ port: 'dns', protocol: 'UDP' }] }] })], protocol: 'UDP',
    port: 53, says: 'allowed RULE p:ALLOWED@0',
  },
  {
    name: 'a named port is the peer\'s on the way out',
    policies: [netpol({ podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] })], direction: 'EGRESS', port: 80,
    says: 'allowed RULE p:ALLOWED@0',
  },
  {
    name: 'a machine outside names no ports',
    policies: [netpol({ podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] })], direction: 'EGRESS', peer: outside,
    port: 80, says: 'denied ISOLATED p:NO_PORT@0',
  },
  { name: 'ICMP passes rules without ports', policies: [netpol({ podSelector: {}, ingress: [{}] })], protocol: 'ICMP', port: 0, says: 'allowed RULE p:ALLOWED@0' },
  {
    name: 'and none with ports', policies: [netpol({ podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP' }] }] })], protocol: 'ICMP', port: 0,
    says: 'denied ISOLATED p:NO_PORT@0',
  },
  {
    name: 'policies add up',
    policies: [netpol({ podSelector: {} }, 'deny'), netpol({ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }, 'allow')],
    says: 'allowed RULE deny:NO_RULES allow:ALLOWED@0',
  },
  { name: 'the own node always reaches its pods', policies: [netpol({ podSelector: {} })], peer: ownNode, says: 'allowed OWN_NODE' },
  { name: 'another node is an ordinary source', policies: [netpol({ podSelector: {} })], peer: otherNode, says: 'denied ISOLATED p:NO_RULES' },
  { name: 'no pod can block access to itself', policies: [netpol({ podSelector: {} })], peer: podEnd(web), says: 'allowed ITSELF' },
  {
    name: 'an admin policy denies what a NetworkPolicy allows',
    policies: [netpol({ podSelector: {}, ingress: [{}] }), anp(1, { ingress: [{ action: 'Deny', from: everybody }] })],
    says: 'denied RULE anp-1:DENIED@0/0',
  },
  {
    name: 'an admin policy allows what a NetworkPolicy denies',
    policies: [netpol({ podSelector: {} }), anp(1, { ingress: [{ action: 'Allow', from: everybody }] })], says: 'allowed RULE anp-1:ALLOWED@0/0',
  },
  {
    name: 'an admin policy passes on to NetworkPolicies',
    policies: [netpol({ podSelector: {} }), anp(1, { ingress: [{ action: 'Pass', from: everybody }] }), anp(2, { ingress: [{ action: 'Allow', from: everybody }] })],
    says: 'denied ISOLATED anp-1:PASSED@0/0 p:NO_RULES',
  },
  {
    name: 'the lower priority is asked first',
    policies: [anp(9, { ingress: [{ action: 'Allow', from: everybody }] }), anp(2, { ingress: [{ action: 'Deny', from: everybody }] })],
    says: 'denied RULE anp-2:DENIED@0/0',
  },
  {
    name: 'the first rule that matches decides',
    policies: [anp(1, { ingress: [{ action: 'Deny', from: everybody, ports: [{ portNumber: { port: 81 } }] }, { action: 'Allow', from: everybody }, { action: 'Deny', from: everybody }] })],
    says: 'allowed RULE anp-1:ALLOWED@1/0',
  },
  {
    name: 'the baseline decides where no NetworkPolicy selects', policies: [banp({ ingress: [{ action: 'Deny', from: everybody }] })],
    says: 'denied RULE default:DENIED@0/0',
  },
  {
    name: 'and is not asked where one does',
    policies: [netpol({ podSelector: {}, ingress: [{}] }), banp({ ingress: [{ action: 'Deny', from: everybody }] })],
    says: 'allowed RULE p:ALLOWED@0',
  },
  {
    name: 'a passed packet may meet the baseline',
    policies: [anp(1, { ingress: [{ action: 'Pass', from: everybody }] }), banp({ ingress: [{ action: 'Deny', from: everybody }] })],
    says: 'denied RULE anp-1:PASSED@0/0 default:DENIED@0/0',
  },
  {
    name: 'a baseline that says nothing',
    policies: [banp({ egress: [{ action: 'Deny', to: everybody }], ingress: [{ action: 'Deny', from: [{ namespaces: { matchLabels: { team: 'a' } } }] }] })],
    says: 'allowed NO_RULE_APPLIES default:NO_PEER',
  },
  { name: 'an admin policy without rules for a direction', policies: [anp(1, { egress: [{ action: 'Deny', to: everybody }] })], says: 'allowed NOT_SELECTED' },
  {
    name: 'networks hold pods and machines outside', policies: [anp(1, { egress: [{ action: 'Deny', to: [{ networks: ['198.51.100.0/24'] }] }] })],
    direction: 'EGRESS', peer: outside, says: 'denied RULE anp-1:DENIED@0/0',
  },
  {
    name: 'nodes by their labels', policies: [anp(1, { egress: [{ action: 'Deny', to: [{ nodes: { matchLabels: { zone: 'a' } } }] }] })],
    direction: 'EGRESS', peer: ownNode, says: 'denied RULE anp-1:DENIED@0/0',
  },
  {
    name: 'a pod is no node', policies: [anp(1, { egress: [{ action: 'Deny', to: [{ nodes: {} }] }] })], direction: 'EGRESS',
    says: 'allowed NO_RULE_APPLIES anp-1:NO_PEER',
  },
  {
    name: 'a range of ports', policies: [anp(1, { ingress: [{ action: 'Deny', from: everybody, ports: [{ portRange: { start: 80, end: 81 } }] }] })],
    port: 81, says: 'denied RULE anp-1:DENIED@0/0',
  },
  {
    name: 'a named port of any protocol', policies: [anp(1, { ingress: [{ action: 'Deny', from: everybody, ports: [{ namedPort: 'dns' }] }] })],
    protocol: 'UDP', port: 53, says: 'denied RULE anp-1:DENIED@0/0',
  },
  {
    name: 'namespaces with the same label value',
    policies: [anp(1, { ingress: [{ action: 'Deny', from: [{ namespaces: { sameLabels: ['team'] } }] }] })],
    says: 'allowed NO_RULE_APPLIES anp-1:NO_PEER',
  },
  {
    name: 'namespaces with another label value',
    policies: [anp(1, { ingress: [{ action: 'Deny', from: [{ namespaces: { notSameLabels: ['team'] } }] }] })], says: 'denied RULE anp-1:DENIED@0/0',
  },
  {
    name: 'an unknown peer does not allow',
    policies: [anp(1, { egress: [{ action: 'Allow', to: [{ domainNames: ['example.com'] }] }, { action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }] })],
    direction: 'EGRESS', peer: outside, says: 'denied RULE anp-1:DENIED@1/0',
  },
  {
    name: 'an unknown peer denies everything', policies: [anp(1, { egress: [{ action: 'Pass', to: [{ domainNames: ['example.com'] }] }] })],
    direction: 'EGRESS', peer: outside, says: 'denied RULE anp-1:DENIED@0',
  },
];

test.each(rows)('$name: $says', ({ policies, direction = 'INGRESS', subject = web, peer = podEnd(db), protocol = 'TCP', port = 80, says }) => {
  for (const policy of policies) expect(validateObject(policy).errors).toEqual([]);
  const decision = evaluatePolicies(policiesOf(policies), { direction, subject: podOf(subject), peer: endOf(peer), protocol, port });
  const considered = decision.considered.map((one) => {
    const place = 'peer' in one && one.peer !== null ? `@${one.rule}/${one.peer}` : 'rule' in one ? `@${one.rule}` : '';
    return `${one.policy.name}:${one.outcome}${place}`;
  });
  expect([decision.allowed ? 'allowed' : 'denied', decision.basis, ...considered].join(' ')).toBe(says);
});

test('a hostNetwork pod or a finished pod is never selected', () => {
  const policies = policiesOf([netpol({ podSelector: {} }), anp(1, { ingress: [{ action: 'Deny', from: everybody }] })]);
  for (const change of [{ hostNetwork: true }, { finished: true }]) {
    expect(
      evaluatePolicies(policies, { direction: 'INGRESS', subject: { ...podOf(web), ...change }, peer: endOf(outside), protocol: 'TCP', port: 80 }).basis,
    ).toBe('NOT_SELECTED');
  }
});

test('policyTitle contains kind, namespace and name', () => {
  expect([netpol({ podSelector: {} }), anp(1, {})].map((object) => policyTitle(extractFacts(object, 0) as PolicyFacts))).toEqual([
    'NetworkPolicy x/p',
    'AdminNetworkPolicy anp-1',
  ]);
});

describe('evaluatePolicies agrees with the naive oracle', () => {
  const naivePod = fc.record({
    namespace: fc.constantFrom('x', 'y', 'z'),
    name: fc.constantFrom('a', 'b'),
    labels: fc.constantFrom<Readonly<Record<string, string>>[]>(...POLICY_WORLD.labels),
    ip: fc.constantFrom('10.244.0.2', '10.244.0.3', '10.244.1.2'),
    node: fc.constantFrom('node-1', 'node-2'),
    ports: fc.subarray(['http:8080/TCP', 'http:80/TCP', 'dns:53/UDP', 'dns:53/TCP']),
  });
  const end: fc.Arbitrary<NaiveEnd> = fc.oneof({ weight: 4, arbitrary: naivePod.map(podEnd) }, { weight: 1, arbitrary: fc.constantFrom(outside, ownNode, otherNode) });

  test('on random policies, pods and ports, in both directions', () => {
    fc.assert(fc.property(
      randomPolicies, naivePod, end, fc.constantFrom<Protocol[]>('TCP', 'UDP', 'SCTP', 'ICMP'), fc.constantFrom(...POLICY_WORLD.ports, 9000), fc.constantFrom<Direction[]>('INGRESS', 'EGRESS'),
      (objects, subject, peer, protocol, port, direction) => {
        for (const object of objects) expect(validateObject(object).errors).toEqual([]);
        const decision = evaluatePolicies(policiesOf(objects), { direction, subject: podOf(subject), peer: endOf(peer), protocol, port: protocol === 'ICMP' ? 0 : port });
        const world = { namespaces: POLICY_WORLD.namespaces, policies: objects } as unknown as NaiveWorld;
        expect(decision.allowed).toBe(naivelyAllowed(world, direction === 'INGRESS' ? 'ingress' : 'egress', subject, peer, protocol, protocol === 'ICMP' ? 0 : port));
      },
    ), { numRuns: 2_000 });
  });
});
