/**
 * Evaluates policies by the wording of the API's documentation, from the objects as users write them. It is slow, easy to
 * verify by inspection, and shares no code with the product.
 */
export interface NaivePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly node: string;
  /** `name:number/protocol` */
  readonly ports: readonly string[];
}

/** A pod, a node, or a peer with only an address. */
export interface NaiveEnd {
  readonly ip: string;
  readonly pod?: NaivePod | undefined;
  readonly node?: { readonly name: string; readonly labels: Readonly<Record<string, string>> } | undefined;
}

export interface NaiveWorld {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly policies: readonly Json[];
}

type Json = Record<string, unknown> & { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string }; readonly spec: Spec };
interface Selector { readonly matchLabels?: Record<string, string>; readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[] }
interface Rule { readonly action?: string; readonly from?: readonly Peer[]; readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }
interface Namespaces extends Selector { readonly namespaceSelector?: Selector; readonly sameLabels?: readonly string[]; readonly notSameLabels?: readonly string[] }
interface Peer {
  readonly podSelector?: Selector; readonly namespaceSelector?: Selector; readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly namespaces?: Namespaces; readonly pods?: { readonly namespaceSelector?: Selector; readonly namespaces?: Namespaces; readonly podSelector?: Selector };
  readonly nodes?: Selector; readonly networks?: readonly string[];
}
interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
  readonly portNumber?: { readonly protocol?: string; readonly port: number };
  readonly portRange?: { readonly protocol?: string; readonly start: number; readonly end: number };
  readonly namedPort?: string;
}
interface Spec {
  readonly podSelector?: Selector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
  readonly priority?: number;
  readonly subject?: { readonly namespaces?: Selector; readonly pods?: { readonly namespaceSelector: Selector; readonly podSelector: Selector } };
}

type Labels = Readonly<Record<string, string>>;

function selects(selector: Selector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = labels[key];
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false;
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
}

const bits = (ip: string): string => ip.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0')).join('');

function inBlock(block: string, ip: string): boolean {
  const [base = '', prefix = ''] = block.split('/');
  return !base.includes(':') && bits(base).slice(0, Number(prefix)) === bits(ip).slice(0, Number(prefix));
}

/** May `subject` receive from (`ingress`) or send to (`egress`) `peer`? */
export function naivelyAllowed(world: NaiveWorld, direction: 'ingress' | 'egress', subject: NaivePod, peer: NaiveEnd, protocol: string, port: number): boolean {
  if (peer.pod && peer.pod.namespace === subject.namespace && peer.pod.name === subject.name) return true;
  if (direction === 'ingress' && !peer.pod && peer.node?.name === subject.node) return true;
  const labelsOf = (namespace: string): Labels => world.namespaces[namespace] ?? {};
  const destination = direction === 'ingress' ? subject : peer.pod;

  const selectsNamespace = (namespaces: Namespaces, namespace: string): boolean => {
    const { sameLabels, notSameLabels, namespaceSelector } = namespaces;
    const keys = sameLabels ?? notSameLabels;
    if (!keys) return selects(namespaceSelector ?? namespaces, labelsOf(namespace));
    if (keys.length === 0) return false;
    for (const key of keys) if (labelsOf(namespace)[key] === undefined || labelsOf(subject.namespace)[key] === undefined) return false;
    const differing = keys.filter((key) => labelsOf(namespace)[key] !== labelsOf(subject.namespace)[key]).length;
    return sameLabels ? differing === 0 : differing > 0;
  };
  const isPeer = (one: Peer, policy: Json): boolean => {
    const { pod } = peer;
    if (one.ipBlock) return inBlock(one.ipBlock.cidr, peer.ip) && !(one.ipBlock.except ?? []).some((block) => inBlock(block, peer.ip));
    if (one.networks) return one.networks.some((block) => inBlock(block, peer.ip));
    if (one.nodes) return peer.node !== undefined && selects(one.nodes, peer.node.labels);
    if (!pod) return false;
    if (one.namespaces) return selectsNamespace(one.namespaces, pod.namespace);
    if (one.pods) return selectsNamespace(one.pods.namespaces ?? one.pods.namespaceSelector ?? {}, pod.namespace) && selects(one.pods.podSelector ?? {}, pod.labels);
    const inNamespace = one.namespaceSelector ? selects(one.namespaceSelector, labelsOf(pod.namespace)) : pod.namespace === policy.metadata.namespace;
    return inNamespace && selects(one.podSelector ?? {}, pod.labels);
  };
  const isPort = (one: Port): boolean => {
    if (one.portNumber) return protocol === (one.portNumber.protocol ?? 'TCP') && port === one.portNumber.port;
    if (one.portRange) return protocol === (one.portRange.protocol ?? 'TCP') && port >= one.portRange.start && port <= one.portRange.end;
    if (one.namedPort !== undefined) return destination?.ports.includes(`${one.namedPort}:${port}/${protocol}`) === true;
    if (protocol !== (one.protocol ?? 'TCP')) return false;
    if (typeof one.port === 'string') return destination?.ports.includes(`${one.port}:${port}/${protocol}`) === true;
    return one.port === undefined || (port >= one.port && port <= (one.endPort ?? one.port));
  };
  const matches = (rule: Rule, policy: Json): boolean => {
    const peers = rule.from ?? rule.to ?? [];
    const ports = rule.ports ?? [];
    return (peers.length === 0 || peers.some((one) => isPeer(one, policy))) && (ports.length === 0 || ports.some(isPort));
  };
  const isSubject = ({ spec: { subject: { namespaces, pods } = {} } }: Json): boolean =>
    pods
      ? selects(pods.namespaceSelector, labelsOf(subject.namespace)) && selects(pods.podSelector, subject.labels)
      : selects(namespaces ?? {}, labelsOf(subject.namespace));
  const firstAction = (policies: readonly Json[]): string | undefined => {
    for (const policy of policies) for (const rule of policy.spec[direction] ?? []) if (matches(rule, policy)) return rule.action;
    return undefined;
  };

  const admin = world.policies.filter((policy) => policy.kind === 'AdminNetworkPolicy' && isSubject(policy))
    .toSorted((a, b) => a.spec.priority! - b.spec.priority! || (a.metadata.name < b.metadata.name ? -1 : 1));
  const action = firstAction(admin);
  if (action === 'Allow' || action === 'Deny') return action === 'Allow';
  const network = world.policies.filter(({ kind, metadata, spec }) => {
    if (kind !== 'NetworkPolicy' || metadata.namespace !== subject.namespace || !selects(spec.podSelector ?? {}, subject.labels)) return false;
    const types = spec.policyTypes ?? ((spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
    return types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  });
  if (network.length > 0) return network.some((policy) => (policy.spec[direction] ?? []).some((rule) => matches(rule, policy)));
  return firstAction(world.policies.filter((policy) => policy.kind === 'BaselineAdminNetworkPolicy' && isSubject(policy))) !== 'Deny';
}
