/** What a policy that stopped a packet says of it, and which rule would let it pass. */
import type { Labels } from '../../domain/cluster/label-selector.js';
import type { Considered, PolicyDecision } from '../../domain/cluster/policy/decision.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { PolicyEvidence } from '../../domain/cluster/policy/policy-evidence.js';
import { policyTitle, rulesOf, type Direction, type Policy, type PolicyPort } from '../../domain/cluster/policy/policy.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import type { Packet } from '../../domain/packet/packet.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { nearestPeer, selectsAll } from './explain-peer.js';
import { named } from './listed.js';

/** The two ends as the client has them; its own address is `null` where it has none. */
interface Asked {
  readonly source: Ipv4 | null;
  readonly destination: Ipv4;
  readonly destinationPort: number;
}

/** The details of a denial: the policies, the pod at whose edge it was, and the rule, where one denies. */
export function policyDetails(view: ClusterView, { steps }: WalkedLeg, packet: Packet, asked: Asked): Record<string, string> {
  const step = steps.findLast((one) => one.kind === 'POLICY' && one.verdict === 'DENY');
  if (step?.kind !== 'POLICY' || !(step.explanation instanceof PolicyEvidence)) return {};
  const { decision } = step.explanation;
  const { direction, subject, basis, considered } = decision;
  const deciding = basis === 'RULE' ? considered.slice(-1) : considered.filter(({ policy }) => policy.kind === 'NetworkPolicy');
  const titles = deciding.map(({ policy }) => policyTitle(policy));
  const [first] = deciding;
  const virtual = direction === 'EGRESS' ? view.servicesAt(packet.destination)[0]?.service : undefined;
  const rewritten = direction === 'INGRESS' && asked.source !== null && asked.source !== packet.source ? asked.source : null;
  return {
    subject: named(titles),
    ...(titles.length > 1 ? { many: String(titles.length) } : {}),
    pod: `${subject.namespace}/${subject.name}`,
    source: `${whoIs(view, packet.source)}${rewritten === null ? '' : `, which stands for ${formatIpv4(rewritten)} (the source was rewritten on the way),`}`,
    to: whoIs(view, packet.destination),
    ...(virtual ? { service: `Service ${virtual.namespace}/${virtual.name}` } : {}),
    ...(basis === 'RULE' && first && 'peer' in first
      ? { rule: ruleWords(direction, first), fix: fixForDenial(direction, first) }
      : virtual || deciding.length === 0 ? {} : isolation(view, decision, deciding, packet, asked)),
  };
}

/** A rule that denies is an admin policy's; a NetworkPolicy denies because none of its rules allows. */
function fixForDenial(direction: Direction, { policy, rule }: Extract<Considered, { peer: number | null }>): string {
  const place = placeText(direction, { rule, peer: null, port: null });
  const narrow = `Narrow ${place} of ${policyTitle(policy)}, or put a rule before it that allows`;
  return policy.kind === 'BaselineAdminNetworkPolicy' ? `${narrow} this traffic, or let a NetworkPolicy that selects the pod allow it.`
    : `${narrow} or passes this traffic${policy.priority > 0 ? `: there, or in an AdminNetworkPolicy whose priority is a lower number than ${policy.priority}` : ''}.`;
}

/** Why no rule of the NetworkPolicies allows, and one that would; of several policies the one that comes nearest. */
function isolation(view: ClusterView, { direction, subject }: PolicyDecision, deciding: readonly Considered[], packet: Packet, asked: Asked): Record<string, string> {
  const [way, peerEnd] = direction === 'INGRESS' ? ['ingress', packet.source] as const : ['egress', packet.destination] as const;
  const virtual = direction === 'EGRESS' && asked.destination !== packet.destination ? asked.destination : null;
  const near = nearestPeer(view, deciding.flatMap(({ outcome, policy }) => (outcome === 'NO_PEER' ? policy : [])), direction, { address: peerEnd, virtual });
  const nearest = deciding.find(({ outcome }) => outcome === 'NO_PORT') ?? deciding.find(({ policy }) => policy === near?.policy) ?? deciding.find(({ outcome }) => outcome === 'NO_PEER') ?? deciding[0]!;
  const title = policyTitle(nearest.policy);
  const wanted = packet.protocol === 'ICMP' ? null : `port ${packet.destinationPort}/${packet.protocol}`;
  const whose = deciding.length > 1 ? ` of ${title}` : '';
  if (nearest.outcome === 'NO_PORT') {
    const place = placeText(direction, { rule: nearest.rule, peer: null, port: null });
    const ports = named((rulesOf(nearest.policy, direction)?.[nearest.rule]?.ports ?? []).map(portText));
    const translated = wanted !== null && asked.destinationPort !== packet.destinationPort ? ` (policies see the pod's port, not the Service's port ${asked.destinationPort})` : '';
    return {
      why: `${place}${whose} is for this peer, but for ${ports} alone`,
      fix: wanted === null ? `Remove the ports from ${place} of ${title}: a ping has none.` : `Add ${wanted} to the ports of ${place} of ${title}${translated}.`,
    };
  }
  const rules = deciding.length > 1 ? 'their rules' : 'its rules';
  const rule = `an ${way} rule ${direction === 'INGRESS' ? 'from' : 'to'} ${peerText(view, nearest.policy, peerEnd)}${wanted === null ? ' without ports' : ` on ${wanted}`}`;
  return {
    why: nearest.outcome === 'NO_RULES' ? (deciding.length > 1 ? `${title} has no ${way} rule at all` : `it has no ${way} rule at all`) : `none of ${rules} is for this peer${near ? `; nearest is ${near.place}${whose}, which ${near.mismatch}` : ''}`,
    fix: `${isDefaultDeny(nearest) ? withRule(subject, title, rule) : `Add to ${title} ${rule}`}${keepsSource(view, direction, packet, asked)}.`,
  };
}

/** To a pod that a policy for all of them denies: by one of its own, where it has a label to be selected by. */
function withRule(subject: PolicyDecision['subject'], title: string, rule: string): string {
  const own = labelsText(subject.labels);
  return own === EVERY ? `Add to ${title} ${rule}: that is for ${everyPod(subject)}` : `Make a NetworkPolicy in namespace ${subject.namespace} for podSelector ${own} with ${rule} (in ${title} it would be for every pod)`;
}

const everyPod = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `every pod of namespace ${namespace}, since pod ${name} has no label to be selected by`;

/** It is there to select every pod of its namespace, and to let nothing through. */
const isDefaultDeny = ({ outcome, policy }: Considered): boolean => outcome === 'NO_RULES' && selectsAll(policy.subject.pods);

/** A client from outside, in whose place a node stands. */
const keepsSource = (view: ClusterView, direction: Direction, packet: Packet, { source }: Asked): string => (direction === 'INGRESS' && source !== null && source !== packet.source && !view.podByAddress(source) && !view.nodeByAddress(source)
  ? `, or set externalTrafficPolicy of the Service to Local, so that the policy sees ${formatIpv4(source)}` : '');

function portText(port: PolicyPort): string {
  if (port.kind === 'NAMED') return `the port named ${port.name}${port.protocol === null ? '' : ` (${port.protocol})`}`;
  return `port ${port.from === port.to ? port.from : `${port.from}–${port.to}`}/${port.protocol}`;
}

/**
 * Labels of one pod or one revision, that the next one has not: what controllers give, and the version that is rolled out.
 *
 * @source https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels; https://helm.sh/docs/chart_best_practices/labels
 */
const PASSING = new Set(['pod-template-hash', 'controller-revision-hash', 'pod-template-generation', 'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'app.kubernetes.io/version', 'helm.sh/chart']);

/** The selector of every pod. */
const EVERY = '{}';

/** Labels as a selector that holds for the next revision too. */
function labelsText(all: Labels): string {
  const lasting = Object.entries(all).filter(([key]) => !PASSING.has(key)).map(([key, value]) => `${key}=${value}`);
  return lasting.length > 0 ? lasting.join(',') : EVERY;
}

/** As a rule names it: `podSelector app=web and namespaceSelector kubernetes.io/metadata.name=shop`; in the policy's own namespace the first alone. */
function peerText(view: ClusterView, policy: Policy, address: Ipv4): string {
  const pod = view.podByAddress(address);
  if (!pod) return `ipBlock ${formatIpv4(address)}/32`;
  const labels = labelsText(pod.labels);
  const who = `podSelector ${labels}${labels === EVERY ? ` (${everyPod(pod)})` : ''}`;
  return pod.namespace === policy.namespace ? who : `${who} and namespaceSelector kubernetes.io/metadata.name=${pod.namespace}`;
}

/** `pod default/client (10.244.0.2)` */
function whoIs(view: ClusterView, address: Ipv4): string {
  const pod = view.podByAddress(address);
  const node = pod ? undefined : view.nodeByAddress(address) ?? view.nodeByPodAddress(address);
  return pod ? `pod ${pod.namespace}/${pod.name} (${formatIpv4(address)})` : node ? `${formatIpv4(address)} (${node.name})` : formatIpv4(address);
}

function ruleWords(direction: Direction, place: Extract<Considered, { peer: number | null }>): string {
  const name = rulesOf(place.policy, direction)?.[place.rule]?.name ?? null;
  return `${placeText(direction, place)}${name === null ? '' : ` (${name})`}`;
}
