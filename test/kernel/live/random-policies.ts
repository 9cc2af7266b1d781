/** Random policies as objects of the API. */
import type { Random } from './random.js';

type Json = Readonly<Record<string, unknown>>;
type Kind = 'NetworkPolicy' | 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy';

export interface PolicySpec {
  readonly kind: Kind;
  readonly name: string;
  /** `''` for a kind without namespaces. */
  readonly namespace: string;
  /** The fields that select pods and, in an AdminNetworkPolicy, the priority. */
  readonly head: Json;
  /** `null` if the policy does not apply to this direction. */
  readonly ingress: readonly Json[] | null;
  readonly egress: readonly Json[] | null;
}

const BLOCKS: readonly Json[] = [
  { cidr: '10.244.0.0/16' }, { cidr: '10.244.0.0/16', except: ['10.244.0.0/24'] }, { cidr: '10.244.1.0/24' }, { cidr: '192.168.1.0/24' }, { cidr: '192.168.1.12/32' },
  { cidr: '192.168.1.0/24', except: ['192.168.1.11/32', '192.168.1.50/32'] }, { cidr: '198.51.100.0/24' }, { cidr: '0.0.0.0/0', except: ['10.244.0.0/16', '198.51.100.0/25'] }, { cidr: '0.0.0.0/0' },
  { cidr: '10.244.0.2/32' }, { cidr: '10.244.0.0/16', except: ['10.244.0.0/30', '10.244.1.1/32', '10.244.1.3/32'] }, { cidr: '10.96.0.0/12' }, { cidr: '192.0.2.0/24' }, { cidr: '10.244.1.1/32' }, { cidr: '192.168.1.50/32' },
];

const apps = (random: Random): Json => (random.once(4)
  ? { matchExpressions: [{ key: 'app', operator: random.pick(['In', 'NotIn']), values: [`a${random.below(3)}`, `a${random.below(3)}`] }] }
  : { matchLabels: { app: `a${random.below(3)}` } });
const teams = (random: Random): Json =>
  random.pick<Json>([{}, { matchLabels: { team: 'other' } }, { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['other'] }] }]);

/** A port of a rule. Pods and programs listen on 8080, and 9999 is closed. */
function port(random: Random): Json {
  const protocol = random.once(4) ? 'UDP' : 'TCP';
  return random.pick<Json>([
    { protocol, port: 8080 },
    { protocol, port: 8080 },
    { protocol, port: 8000, endPort: 9000 },
    { protocol: 'TCP', port: 'web' },
    { protocol: 'UDP', port: 'dns' },
    { protocol },
    { protocol, port: 80 },
    { protocol, port: 8081 },
    { protocol, port: 8080, endPort: 8080 },
    { protocol: 'SCTP', port: 8080 },
  ]);
}

function peer(random: Random): Json {
  switch (random.below(4)) {
    case 0: return { podSelector: random.once(4) ? {} : apps(random) };
    case 1: return { namespaceSelector: teams(random) };
    case 2: return { namespaceSelector: teams(random), podSelector: apps(random) };
    default: return { ipBlock: random.pick(BLOCKS) };
  }
}

function networkRule(random: Random, peers: 'from' | 'to'): Json {
  return { ...(!random.once(5) && { [peers]: random.many(2, () => peer(random), 1) }), ...(random.once(2) && { ports: random.many(2, () => port(random), 1) }) };
}

function adminPort(random: Random): Json {
  const protocol = random.once(4) ? 'UDP' : 'TCP';
  return random.pick<Json>([{ portNumber: { protocol, port: 8080 } }, { portRange: { protocol, start: 8000, end: 9000 } }, { namedPort: 'web' }, { namedPort: 'dns' }]);
}

function adminPeer(random: Random, isEgress: boolean): Json {
  switch (random.below(isEgress ? 4 : 2)) {
    case 0: return { namespaces: teams(random) };
    case 1: return { pods: { namespaceSelector: teams(random), podSelector: apps(random) } };
    case 2: return { networks: [random.pick(BLOCKS)['cidr']] };
    default: return { nodes: random.pick<Json>([{}, { matchLabels: { 'kubernetes.io/hostname': 'node-1' } }]) };
  }
}

function adminRule(random: Random, kind: Kind, isEgress: boolean): Json {
  const peers = random.many(2, () => adminPeer(random, isEgress), 1);
  // A peer that is not a pod has no named ports.
  const named = peers.every((each) => !('networks' in each || 'nodes' in each));
  const ports = random.once(2) ? random.many(2, () => adminPort(random), 1).filter((each) => named || !('namedPort' in each)) : [];
  return {
    action: random.pick(kind === 'AdminNetworkPolicy' ? ['Allow', 'Deny', 'Pass'] : ['Allow', 'Deny']),
    [isEgress ? 'to' : 'from']: peers,
    ...(ports.length > 0 && { ports }),
  };
}

const adminSubject = (random: Random): Json => ({
  subject: random.once(2) ? { namespaces: teams(random) } : { pods: { namespaceSelector: teams(random), podSelector: apps(random) } },
});

function networkPolicy(random: Random, number: number): PolicySpec {
  const directions = random.pick([['ingress'], ['egress'], ['ingress', 'egress']]);
  const rules = (direction: 'ingress' | 'egress'): Json[] | null =>
    (directions.includes(direction) ? random.many(3, () => networkRule(random, direction === 'ingress' ? 'from' : 'to')) : null);
  return {
    kind: 'NetworkPolicy', name: `n${number}`, namespace: random.once(3) ? 'other' : 'default', head: { podSelector: random.once(3) ? {} : apps(random) },
    ingress: rules('ingress'), egress: rules('egress'),
  };
}

const adminPolicy = (random: Random, kind: Kind, name: string, head: Json): PolicySpec => ({
  kind, name, namespace: '', head: { ...head, ...adminSubject(random) },
  ingress: random.many(2, () => adminRule(random, kind, false)), egress: random.many(2, () => adminRule(random, kind, true)),
});

export const randomPolicies = (random: Random): PolicySpec[] => [
  ...random.many(4, (number) => networkPolicy(random, number), 1),
  ...(random.once(3) ? random.many(2, (number) => adminPolicy(random, 'AdminNetworkPolicy', `a${number}`, { priority: number }), 1) : []),
  ...(random.once(4) ? [adminPolicy(random, 'BaselineAdminNetworkPolicy', 'default', {})] : []),
];

export function policyObject({ kind, name, namespace, head, ingress, egress }: PolicySpec): object {
  const isNetwork = kind === 'NetworkPolicy';
  return {
    apiVersion: isNetwork ? 'networking.k8s.io/v1' : 'policy.networking.k8s.io/v1alpha1', kind, metadata: { name, ...(isNetwork && { namespace }) },
    spec: {
      ...head, ...(isNetwork && { policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])] }), ...(ingress && { ingress }),
      ...(egress && { egress }),
    },
  };
}

/** The same policy with one rule less, or with a simpler rule. */
export function* smallerPolicy(policy: PolicySpec): Iterable<PolicySpec> {
  for (const direction of ['ingress', 'egress'] as const) {
    const rules = policy[direction] ?? [];
    for (const [index, { ports, ...rule }] of rules.entries()) {
      yield { ...policy, [direction]: rules.toSpliced(index, 1) };
      if (ports) yield { ...policy, [direction]: rules.with(index, rule) };
    }
  }
}
