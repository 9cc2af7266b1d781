/**
 * Network policies in the form that is evaluated: NetworkPolicy, AdminNetworkPolicy and
 * BaselineAdminNetworkPolicy alike. Rules, peers and ports keep their positions in the object, so that evidence can
 * name them.
 */
import type { Protocol } from '../../packet/packet.js';
import type { Cidr } from '../../values/cidr.js';
import type { LabelSelector } from '../label-selector.js';

export type PolicyKind = 'NetworkPolicy' | 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy';

/** As seen from the pod that a policy selects. */
export type Direction = 'INGRESS' | 'EGRESS';

export type TransportProtocol = Exclude<Protocol, 'ICMP'>;

/** What a rule does with the traffic that it matches; rules of a NetworkPolicy only allow. */
export type RuleAction = 'ALLOW' | 'DENY' | 'PASS';

export type NamespaceMatch =
  /** The policy's own namespace. */
  | { readonly kind: 'OWN' }
  | { readonly kind: 'SELECTOR'; readonly selector: LabelSelector }
  /** Namespaces with all of these labels, with the same values as the subject's namespace. No longer in the API. */
  | { readonly kind: 'SAME_LABELS'; readonly keys: readonly string[] }
  /** Namespaces with all of these labels, at least one with another value than in the subject's namespace. No longer in the API. */
  | { readonly kind: 'NOT_SAME_LABELS'; readonly keys: readonly string[] };

/** Pods with a network namespace of their own, by the labels of their namespace and their own. */
export interface PodMatch {
  readonly namespaces: NamespaceMatch;
  readonly pods: LabelSelector;
}

export type PolicyPeer =
  | ({ readonly kind: 'PODS' } & PodMatch)
  /** Addresses in one of `blocks` and in none of `except`; IPv6 blocks are left out. */
  | { readonly kind: 'BLOCKS'; readonly blocks: readonly Cidr[]; readonly except: readonly Cidr[] }
  | { readonly kind: 'NODES'; readonly nodes: LabelSelector }
  /** Not modelled, e.g. domain names: matches nothing. */
  | { readonly kind: 'UNKNOWN' };

export type PolicyPort =
  | { readonly kind: 'RANGE'; readonly protocol: TransportProtocol; readonly from: number; readonly to: number }
  /** A named port of the destination's containers; `null`: with any protocol. */
  | { readonly kind: 'NAMED'; readonly protocol: TransportProtocol | null; readonly name: string };

export interface PolicyRule {
  readonly name: string | null;
  readonly action: RuleAction;
  /** `null`: all peers. */
  readonly peers: readonly PolicyPeer[] | null;
  /** `null`: every port of every protocol, ICMP included. */
  readonly ports: readonly PolicyPort[] | null;
}

export interface Policy {
  readonly kind: PolicyKind;
  /** `''` for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  /** 0–1000, the lowest is evaluated first; 0 for kinds without priorities. */
  readonly priority: number;
  readonly subject: PodMatch;
  /** `null`: does not apply in this direction. A NetworkPolicy with an empty list allows nothing. */
  readonly ingress: readonly PolicyRule[] | null;
  readonly egress: readonly PolicyRule[] | null;
  /** It has a peer that is not modelled. */
  readonly unmodelled: boolean;
  /** Position in the order of creation. */
  readonly ordinal: number;
}

export const rulesOf = (policy: Policy, direction: Direction): readonly PolicyRule[] | null =>
  direction === 'INGRESS' ? policy.ingress : policy.egress;

/** `NetworkPolicy default/web`, `AdminNetworkPolicy tenants` */
export const policyTitle = ({ kind, namespace, name }: Pick<Policy, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
