/** Finds the peer of a policy that nearly matches the other end of the traffic, and what does not match. */
import { selectorText, type Labels, type LabelSelector } from '../../domain/cluster/label-selector.js';
import { matchesNamespace } from '../../domain/cluster/policy/match-rule.js';
import { matchesSelector } from '../../domain/cluster/policy/match-selector.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { rulesOf, type Direction, type Policy, type PolicyPeer } from '../../domain/cluster/policy/policy.js';
import { similarNames } from '../../domain/cluster/similar-names.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import { contains, formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';

/** The other end of the traffic. */
interface OtherEnd {
  /** As policies see it. */
  readonly address: Ipv4;
  /** The Service's address that the client asked for; `null` if it asked for another kind of address. */
  readonly virtual: Ipv4 | null;
  /** The client's own address if it was rewritten on the way; else `null`. */
  readonly client: Ipv4 | null;
}

/**
 * @returns the peer's place, e.g. `spec.ingress[0] from[0]`, and the mismatch as a relative clause, e.g. `asks for the
 *   labels app=web`; `null` if no peer nearly matches
 */
export function nearestPeer(
  view: ClusterView,
  policies: readonly Policy[],
  direction: Direction,
  end: OtherEnd,
): { readonly policy: Policy; readonly place: string; readonly mismatch: string } | null {
  const found = policies.flatMap((policy) => mismatchesOf(view, policy, direction, end));
  const isOnly = policies.flatMap((policy) => (rulesOf(policy, direction) ?? []).flatMap(({ peers }) => peers ?? [])).length === 1;
  const near = found.find(({ isNear }) => isNear) ?? (isOnly ? found[0] : undefined);
  return near ?? null;
}

interface Mismatch {
  readonly policy: Policy;
  readonly place: string;
  readonly mismatch: string;
  /**
   * A non-empty selector of it matches, or the mismatch is a misspelt label or an address of its blocks. Others are
   * reported only if there is just one peer.
   */
  readonly isNear: boolean;
}

function mismatchesOf(view: ClusterView, policy: Policy, direction: Direction, end: OtherEnd): readonly Mismatch[] {
  return (rulesOf(policy, direction) ?? []).flatMap(({ peers }, rule) => (peers ?? []).flatMap((one, peer) => {
    const found = mismatchOf(view, policy, one, end);
    return found === null ? [] : [{ policy, place: placeText(direction, { rule, peer, port: null }), ...found }];
  }));
}

function mismatchOf(view: ClusterView, policy: Policy, peer: PolicyPeer, { address, virtual, client }: OtherEnd): Pick<Mismatch, 'mismatch' | 'isNear'> | null {
  if (peer.kind === 'PODS') return podMismatch(view, policy, peer, address);
  if (peer.kind !== 'BLOCKS') return null;
  const allows = (one: Ipv4): boolean => peer.blocks.some((block) => contains(block, one)) && !peer.except.some((block) => contains(block, one));
  if (virtual !== null && allows(virtual)) {
    return {
      mismatch: `holds ${formatIpv4(virtual)}, the Service's own address, where policies see ${view.podByAddress(address) ? "the pod's" : `the endpoint's (${formatIpv4(address)})`}`,
      isNear: true,
    };
  }
  if (client !== null && allows(client)) {
    return {
      mismatch: `holds ${formatIpv4(client)}, the client's own address, where policies see ${view.podByAddress(address) ? "the proxy's" : formatIpv4(address)}`,
      isNear: true,
    };
  }
  const except = peer.except.find((block) => contains(block, address));
  return except && peer.blocks.some((block) => contains(block, address))
    ? { mismatch: `leaves ${formatIpv4(address)} out by its except ${formatCidr(except)}`, isNear: true }
    : null;
}

function podMismatch(
  view: ClusterView,
  policy: Policy,
  { namespaces, pods }: Extract<PolicyPeer, { kind: 'PODS' }>,
  address: Ipv4,
): Pick<Mismatch, 'mismatch' | 'isNear'> | null {
  const pod = view.podByAddress(address);
  if (!pod) return null;
  const isThere = matchesNamespace(namespaces, pod.namespace, policy, policy.namespace, (name) => view.namespaceLabels(name) ?? {});
  const isOne = matchesSelector(pods, pod.labels);
  if (isThere === isOne) return null;
  const asked = namespaces.kind === 'SELECTOR' ? namespaces.selector : null;
  if (isOne) {
    if (asked === null) {
      return { mismatch: `has no namespaceSelector, and so is for pods of namespace ${policy.namespace} alone`, isNear: !selectsAll(pods) };
    }
    const theirs = selectorText({ matchLabels: view.namespaceLabels(pod.namespace) ?? {} });
    // Selectors often use a label such as `name`, but namespaces have only kubernetes.io/metadata.name.
    const isNamed = Object.values(asked.matchLabels ?? {}).includes(pod.namespace);
    return {
      mismatch: `is for namespaces with the labels ${selectorText(asked)}, and namespace ${pod.namespace} has ${theirs}`,
      isNear: isNamed || !selectsAll(pods),
    };
  }
  const both = asked === null ? '' : ' too, as the podSelector and the namespaceSelector of one item both have to match';
  const slip = slipIn(pods, pod.labels);
  return {
    mismatch: `asks for the labels ${selectorText(pods)}${both}${slip === null ? '' : `, where the pod has ${slip}`}`,
    isNear: slip !== null || (asked !== null && !selectsAll(asked)),
  };
}

/** The pod's labels whose values the selector probably misspells; `null` if none are, or if that is not the only mismatch. */
function slipIn({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): string | null {
  const missed = Object.entries(matchLabels).filter(([key, value]) => labels[key] !== value);
  const isSlip =
    matchExpressions.length === 0 &&
    missed.length > 0 &&
    missed.every(([key, value]) => labels[key] !== undefined && similarNames(value, [labels[key]]).length > 0);
  return isSlip ? missed.map(([key]) => `${key}=${labels[key]}`).join(',') : null;
}

export const selectsAll = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length + (matchExpressions?.length ?? 0) === 0;
