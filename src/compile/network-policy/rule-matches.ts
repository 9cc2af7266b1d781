/**
 * The rules of a policy as addresses and ports. They are enumerated for a universe: every pod and node for
 * an export, or the two ends of one packet, which gives the same rules as far as they can match it.
 */
import { matchesPeer, resolveNamedPort, type NamespaceLabels } from '../../domain/cluster/policy/match-rule.js';
import { rulesOf, type Direction, type Policy, type PolicyPeer, type PolicyPort } from '../../domain/cluster/policy/policy.js';
import type { NodeView, PodView } from '../../domain/cluster/view.js';
import type { PortRange } from '../../domain/datapath/netfilter/rules.js';
import { contains, type Cidr } from '../../domain/values/cidr.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { subtractBlocks } from '../../domain/values/subtract-blocks.js';
import { hostCidr } from '../netns-parts.js';
import { wiringOf } from '../node-wiring.js';

export type AddressedPod = PodView & { readonly ip: Ipv4 };

export interface Universe {
  /** Pods of this node that the policy may select. */
  subjects(): Iterable<AddressedPod>;
  pods(): Iterable<AddressedPod>;
  nodes(): Iterable<NodeView>;
  /** The peer's address, if only one matters. */
  readonly address: Ipv4 | null;
}

/** A rule of a policy for one peer and one port; `null` matches all. */
export interface RuleMatches {
  readonly rule: number;
  readonly peer: number | null;
  readonly port: number | null;
  readonly subjectBlock: Cidr | null;
  readonly peerBlock: Cidr | null;
  readonly ports: { readonly protocol: Exclude<PolicyPort['protocol'], null>; readonly range: PortRange } | null;
}

interface Span {
  readonly subject: AddressedPod | null;
  readonly block: Cidr | null;
  /** The pod whose address `block` is. */
  readonly pod: AddressedPod | null;
}

interface Scope {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly universe: Universe;
  readonly labelsOf: NamespaceLabels;
}

const EVERYBODY: readonly Span[] = [{ subject: null, block: null, pod: null }];

const pieces = new WeakMap<PolicyPeer, readonly Cidr[]>();

function piecesOf(peer: Extract<PolicyPeer, { kind: 'BLOCKS' }>): readonly Cidr[] {
  let known = pieces.get(peer);
  if (!known) pieces.set(peer, (known = peer.blocks.flatMap((block) => subtractBlocks(block, peer.except))));
  return known;
}

/** Does the peer depend on the selected pod's namespace? */
const dependsOnSubject = (peer: PolicyPeer): boolean =>
  peer.kind === 'PODS' && (peer.namespaces.kind === 'SAME_LABELS' || peer.namespaces.kind === 'NOT_SAME_LABELS');

function* podSpans({ policy, universe, labelsOf }: Scope, peer: PolicyPeer, subject: AddressedPod | null): Iterable<Span> {
  for (const pod of universe.pods()) {
    // A peer that depends on the subject's namespace is computed for each subject; others only once.
    if (matchesPeer(policy, peer, { subject: subject ?? pod, peer: { address: pod.ip, pod, node: null } }, labelsOf)) {
      yield { subject, block: hostCidr(pod.ip), pod };
    }
  }
}

function* spansOf(scope: Scope, peer: PolicyPeer): Iterable<Span> {
  const { policy, universe, labelsOf } = scope;
  switch (peer.kind) {
    case 'PODS':
      if (!dependsOnSubject(peer)) yield* podSpans(scope, peer, null);
      else for (const subject of universe.subjects()) yield* podSpans(scope, peer, subject);
      return;
    case 'BLOCKS':
      for (const block of piecesOf(peer)) if (universe.address === null || contains(block, universe.address)) yield { subject: null, block, pod: null };
      return;
    case 'NODES':
      for (const node of universe.nodes()) {
        const question = { subject: NOBODY, peer: { address: node.internalIP, pod: null, node } };
        if (!matchesPeer(policy, peer, question, labelsOf)) continue;
        for (const address of [node.internalIP, ...wiringOf(node.wiring).addresses]) yield { subject: null, block: hostCidr(address), pod: null };
      }
      return;
    case 'UNKNOWN': return;
  }
}

/** Node peers match by the node's labels. */
const NOBODY = { namespace: '', name: '', labels: {}, node: null, hostNetwork: false, finished: false, containers: [] };

type Ported = Pick<RuleMatches, 'ports'> & { readonly span: Span };

/** A named port's number depends on the destination, so each destination gets a rule of its own. */
function* namedPorts({ direction, universe }: Scope, port: Extract<PolicyPort, { kind: 'NAMED' }>, span: Span): Iterable<Ported> {
  const pinned = direction === 'INGRESS' ? span.subject : span.pod;
  for (const pod of pinned ? [pinned] : direction === 'INGRESS' ? universe.subjects() : universe.pods()) {
    if (direction === 'EGRESS' && span.block && !contains(span.block, pod.ip)) continue;
    const there: Span = direction === 'INGRESS' ? { ...span, subject: pod } : { ...span, block: hostCidr(pod.ip), pod };
    for (const { protocol, port: number } of resolveNamedPort(port, pod)) yield { span: there, ports: { protocol, range: { from: number, to: number } } };
  }
}

function* portsOf(scope: Scope, port: PolicyPort | null, span: Span): Iterable<Ported> {
  if (port === null) yield { span, ports: null };
  else if (port.kind === 'RANGE') yield { span, ports: { protocol: port.protocol, range: { from: port.from, to: port.to } } };
  else yield* namedPorts(scope, port, span);
}

/** In the order of rules, peers and ports. */
export function* ruleMatches(policy: Policy, direction: Direction, universe: Universe, labelsOf: NamespaceLabels): Iterable<RuleMatches> {
  const scope: Scope = { policy, direction, universe, labelsOf };
  for (const [rule, { peers, ports }] of rulesOf(policy, direction)!.entries()) {
    for (const [peer, one] of (peers ?? [null]).entries()) {
      for (const span of one === null ? EVERYBODY : spansOf(scope, one)) {
        for (const [port, wanted] of (ports ?? [null]).entries()) {
          for (const { span: there, ports: numbers } of portsOf(scope, wanted, span)) {
            yield {
              rule, peer: peers && peer, port: ports && port, subjectBlock: there.subject && hostCidr(there.subject.ip), peerBlock: there.block, ports: numbers,
            };
          }
        }
      }
    }
  }
}
