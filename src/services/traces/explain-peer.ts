/** Which peer of a NetworkPolicy comes nearest to an end that none of them is for, and what of it does not fit. */
import { selectorText, type Labels, type LabelSelector } from '../../domain/cluster/label-selector.js';
import { matchesNamespace } from '../../domain/cluster/policy/match-rule.js';
import { matchesSelector } from '../../domain/cluster/policy/match-selector.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { rulesOf, type Direction, type Policy, type PolicyPeer } from '../../domain/cluster/policy/policy.js';
import { similarNames } from '../../domain/cluster/similar-names.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import { contains, formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';

/** The other end of a policy's pod. */
interface OtherEnd {
  /** As policies see it. */
  readonly address: Ipv4;
  /** That the client asked for, where it is a Service's; `null`: there is no such. */
  readonly virtual: Ipv4 | null;
}

/** @returns the peer's place, e.g. `spec.ingress[0] from[0]`, and a relative clause, e.g. `selects pods of namespace shop alone`; `null`: none is near */
export function nearestPeer(view: ClusterView, policies: readonly Policy[], direction: Direction, end: OtherEnd): { readonly policy: Policy; readonly place: string; readonly misfit: string } | null {
  const found = policies.flatMap((policy) => misfitsOf(view, policy, direction, end));
  const isOnly = policies.flatMap((policy) => (rulesOf(policy, direction) ?? []).flatMap(({ peers }) => peers ?? [])).length === 1;
  const near = found.find(({ isNear }) => isNear) ?? (isOnly ? found[0] : undefined);
  return near ?? null;
}

interface Misfit {
  readonly policy: Policy;
  readonly place: string;
  readonly misfit: string;
  /** Half of what it asks for is there; where that half fits everybody, it is told of a policy's only peer alone. */
  readonly isNear: boolean;
}

function misfitsOf(view: ClusterView, policy: Policy, direction: Direction, end: OtherEnd): readonly Misfit[] {
  return (rulesOf(policy, direction) ?? []).flatMap(({ peers }, rule) => (peers ?? []).flatMap((one, peer) => {
    const found = misfit(view, policy, one, end);
    return found === null ? [] : [{ policy, place: placeText(direction, { rule, peer, port: null }), ...found }];
  }));
}

function misfit(view: ClusterView, policy: Policy, peer: PolicyPeer, { address, virtual }: OtherEnd): Pick<Misfit, 'misfit' | 'isNear'> | null {
  if (peer.kind === 'PODS') return podMisfit(view, policy, peer, address);
  if (peer.kind !== 'BLOCKS') return null;
  const except = peer.except.find((block) => contains(block, address));
  if (except && peer.blocks.some((block) => contains(block, address))) return { misfit: `leaves ${formatIpv4(address)} out by its except ${formatCidr(except)}`, isNear: true };
  return virtual !== null && peer.blocks.some((block) => contains(block, virtual))
    ? { misfit: `holds ${formatIpv4(virtual)}, the Service's own address, where policies see the pod's`, isNear: true } : null;
}

function podMisfit(view: ClusterView, policy: Policy, { namespaces, pods }: Extract<PolicyPeer, { kind: 'PODS' }>, address: Ipv4): Pick<Misfit, 'misfit' | 'isNear'> | null {
  const pod = view.podByAddress(address);
  if (!pod) return null;
  const isThere = matchesNamespace(namespaces, pod.namespace, policy, policy.namespace, (name) => view.namespaceLabels(name) ?? {});
  const isOne = matchesSelector(pods, pod.labels);
  if (isThere === isOne) return null;
  const asked = namespaces.kind === 'SELECTOR' ? namespaces.selector : null;
  if (isOne) {
    return { misfit: asked === null ? `has no namespaceSelector, and so is for pods of namespace ${policy.namespace} alone` : `is for namespaces with ${selectorText(asked)}, and namespace ${pod.namespace} is none`, isNear: !selectsAll(pods) };
  }
  const both = asked === null ? '' : ' too, as the podSelector and the namespaceSelector of one item both have to match';
  const slip = slipIn(pods, pod.labels);
  return { misfit: `asks for the labels ${selectorText(pods)}${both}${slip === null ? '' : `, where the pod has ${slip}`}`, isNear: slip !== null || (asked !== null && !selectsAll(asked)) };
}

/** The labels that a selector misses by their spelling, as the pod has them; `null`: it misses another way too, or not at all. */
function slipIn({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): string | null {
  const missed = Object.entries(matchLabels).filter(([key, value]) => labels[key] !== value);
  const isSlip = matchExpressions.length === 0 && missed.length > 0 && missed.every(([key, value]) => labels[key] !== undefined && similarNames(value, [labels[key]]).length > 0);
  return isSlip ? missed.map(([key]) => `${key}=${labels[key]}`).join(',') : null;
}

export const selectsAll = ({ matchLabels, matchExpressions }: LabelSelector): boolean => Object.keys(matchLabels ?? {}).length + (matchExpressions?.length ?? 0) === 0;
