/** Explains why policies denied a packet, and which rule would allow it. */
import type { Labels } from '../../domain/cluster/label-selector.js';
import type { Considered, PolicyDecision } from '../../domain/cluster/policy/decision.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { PolicyEvidence } from '../../domain/cluster/policy/policy-evidence.js';
import { policyTitle, rulesOf, type Direction, type Policy, type PolicyPeer, type PolicyPort } from '../../domain/cluster/policy/policy.js';
import { listenedPorts } from '../../domain/cluster/listened-ports.js';
import { similarNames } from '../../domain/cluster/similar-names.js';
import type { ClusterView, PodView } from '../../domain/cluster/view.js';
import type { Packet } from '../../domain/packet/packet.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { nearestPeer, selectsAll } from './explain-peer.js';
import { named } from './listed.js';
import { isPassing } from './passing-labels.js';

/** Both ends as the client sees them; `source` is `null` if the client has no address of its own. */
interface Asked {
  readonly source: Ipv4 | null;
  readonly destination: Ipv4;
  readonly destinationPort: number;
  /** The pod that is the client; `null` if the client is no pod. */
  readonly client: PodView | null;
  /** Source of the first connection; differs from `source` if that is a proxy. */
  readonly first: Ipv4 | null;
}

/** The details of a denial: the policies, the pod at whose edge it happened, and the rule if one denied it. */
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

/** For a rule that denies, which is always an admin policy's: NetworkPolicies deny what none of their rules allows. */
function fixForDenial(direction: Direction, { policy, rule }: Extract<Considered, { peer: number | null }>): string {
  const place = placeText(direction, { rule, peer: null, port: null });
  const narrow = `Narrow ${place} of ${policyTitle(policy)}, or put a rule before it that allows`;
  return policy.kind === 'BaselineAdminNetworkPolicy'
    ? `${narrow} this traffic, or let a NetworkPolicy that selects the pod allow it.`
    : `${narrow} or passes this traffic${policy.priority > 0 ? `: there, or in an AdminNetworkPolicy whose priority is a lower number than ${policy.priority}` : ''}.`;
}

/** Why no rule of the NetworkPolicies allows the packet, and a rule that would; of several policies, for the one that nearly allows it. */
function isolation(
  view: ClusterView,
  { direction, subject }: PolicyDecision,
  deciding: readonly Considered[],
  packet: Packet,
  asked: Asked,
): Record<string, string> {
  const [way, peerEnd] = direction === 'INGRESS' ? (['ingress', packet.source] as const) : (['egress', packet.destination] as const);
  const virtual = direction === 'EGRESS' && asked.destination !== packet.destination ? asked.destination : null;
  const near = nearestPeer(
    view,
    deciding.flatMap(({ outcome, policy }) => (outcome === 'NO_PEER' ? policy : [])),
    direction,
    { address: peerEnd, virtual, client: direction === 'INGRESS' && asked.first !== peerEnd ? asked.first : null },
  );
  const nearest =
    deciding.find(({ outcome }) => outcome === 'NO_PORT') ??
    deciding.find(({ policy }) => policy === near?.policy) ??
    deciding.find(({ outcome }) => outcome === 'NO_PEER') ??
    deciding.find((each) => !isDefaultDeny(each)) ??
    deciding[0]!;
  const title = policyTitle(nearest.policy);
  const wanted = packet.protocol === 'ICMP' ? null : `port ${packet.destinationPort}/${packet.protocol}`;
  const whose = deciding.length > 1 ? ` of ${title}` : '';
  const rule = `an ${way} rule ${direction === 'INGRESS' ? 'from' : 'to'} ${peerText(view, nearest.policy, peerEnd)}${wanted === null ? ' without ports' : ` on ${wanted}`}`;
  if (nearest.outcome === 'NO_PORT') return missedPort(view, direction, nearest, whose, rule, packet, asked);
  const rules = deciding.length > 1 ? 'their rules' : 'its rules';
  const why =
    nearest.outcome === 'NO_RULES'
      ? deciding.length === 1
        ? `it has no ${way} rule at all`
        : `none of them has an ${way} rule`
      : `none of ${rules} is for this peer${near ? `; nearest is ${near.place}${whose}, which ${near.mismatch}` : sharesNetwork(view, direction, packet, asked)}`;
  return {
    why,
    fix: `${isDefaultDeny(nearest) ? withRule(subject, title, rule) : `Add to ${title} ${rule}`}${keepsSource(view, direction, packet, asked)}.`,
  };
}

/** For a rule that allows the peer, but not on this port. @param rule text of a rule that would allow the packet */
function missedPort(
  view: ClusterView,
  direction: Direction,
  { policy, rule: index }: Extract<Considered, { outcome: 'NO_PORT' }>,
  whose: string,
  rule: string,
  packet: Packet,
  asked: Asked,
): Record<string, string> {
  const [title, place] = [policyTitle(policy), placeText(direction, { rule: index, peer: null, port: null })];
  const { peers = null, ports } = rulesOf(policy, direction)?.[index] ?? {};
  const server = view.podByAddress(packet.destination);
  const why = `${place}${whose} is for ${peers === null ? 'every' : 'this'} peer, but for ${named((ports ?? []).map(portText))} alone${unknownName(ports ?? [], server)}`;
  if (packet.protocol === 'ICMP') return { why, fix: `Remove the ports from ${place} of ${title}: a ping has none.` };
  const translated =
    asked.destinationPort === packet.destinationPort
      ? ''
      : ` (policies see the ${server ? 'pod' : 'endpoint'}'s port, not the Service's port ${asked.destinationPort})`;
  // A port added to a rule for every peer would be open to everybody.
  const isOther =
    (peers === null || peers.some(isEverybody)) &&
    !ports?.some((port) => port.kind === 'RANGE' && [packet.destinationPort, asked.destinationPort].includes(port.from));
  const add = isOther ? `Add to ${title} ${rule}` : `Add port ${packet.destinationPort}/${packet.protocol} to the ports of ${place} of ${title}`;
  const meant = nameMeant(ports ?? [], server, packet);
  return { why, fix: `${meant ? `Set port ${meant.slip} of ${place} of ${title} to ${meant.name}, or a${add.slice(1)}` : add}${translated}.` };
}

/** Are all pods, or all addresses, of the peer? */
const isEverybody = (peer: PolicyPeer): boolean =>
  (peer.kind === 'PODS' && selectsAll(peer.pods) && peer.namespaces.kind === 'SELECTOR' && selectsAll(peer.namespaces.selector)) ||
  (peer.kind === 'BLOCKS' && peer.except.length === 0 && peer.blocks.some(({ prefix }) => prefix === 0));

/** Names the ports that the server's containers do not have; `''` if they have all of them. */
function unknownName(ports: readonly PolicyPort[], server: PodView | undefined): string {
  const theirs = namesOf(server);
  const unknown = ports.flatMap((port) => (port.kind === 'NAMED' && server && !theirs.includes(port.name) ? port.name : []));
  return unknown.length === 0
    ? ''
    : `, and pod ${server!.namespace}/${server!.name} has no port named ${named(unknown, 'or')}${theirs.length > 0 ? ` (but ${named(theirs)})` : ''}`;
}

const namesOf = (pod: PodView | undefined): readonly string[] => [...new Set(pod?.containers.flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? [])))];

/** A named port of the policy that is probably a misspelling of the server's port. */
function nameMeant(
  ports: readonly PolicyPort[],
  server: PodView | undefined,
  { destinationPort, protocol }: Packet,
): { readonly slip: string; readonly name: string } | undefined {
  const name = server?.containers
    .flatMap((each) => each.ports)
    .find((port) => port.containerPort === destinationPort && port.protocol === protocol)?.name;
  const slip =
    name == null
      ? undefined
      : ports.flatMap((port) => (port.kind === 'NAMED' ? port.name : [])).find((each) => similarNames(each, [name]).length > 0);
  return slip === undefined ? undefined : { slip, name: name! };
}

/** Says that policies see the node in place of a hostNetwork pod; `''` if the peer is no such pod. */
function sharesNetwork(view: ClusterView, direction: Direction, { source, destination, destinationPort, protocol }: Packet, { client }: Asked): string {
  const node = view.nodeByAddress(direction === 'INGRESS' ? source : destination);
  if (!node) return '';
  const pod =
    direction === 'EGRESS'
      ? [...view.podsOnNode(node.name)].find(
          (each) => each.hostNetwork && listenedPorts(each).some((port) => port.port === destinationPort && port.protocol === protocol),
        )
      : client?.hostNetwork && client.node === node.name
        ? client
        : undefined;
  return pod
    ? `; pod ${pod.namespace}/${pod.name} is on the network of ${node.name}, so that policies see the node's address, which no podSelector is for`
    : '';
}

/** The fix if a default-deny policy is the reason: a new policy for the pod if it has labels to select it by, else a rule in the policy itself. */
function withRule(subject: PolicyDecision['subject'], title: string, rule: string): string {
  const own = labelsText(subject.labels);
  return own === EVERY
    ? `Add to ${title} ${rule}: that is for ${everyPod(subject)}`
    : `Make a NetworkPolicy in namespace ${subject.namespace} for podSelector ${own} with ${rule} (in ${title} it would be for every pod)`;
}

const everyPod = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `every pod of namespace ${namespace}, since pod ${name} has no label to be selected by`;

/** Does the policy select every pod of its namespace and allow nothing? */
const isDefaultDeny = ({ outcome, policy }: Considered): boolean => outcome === 'NO_RULES' && selectsAll(policy.subject.pods);

/** Suggests how the policy can see the client's own address, if it was rewritten on the way; else `''`. */
function keepsSource(view: ClusterView, direction: Direction, packet: Packet, { source, destination }: Asked): string {
  if (direction !== 'INGRESS' || source === null || source === packet.source || view.nodeByAddress(source)) return '';
  const sees = `so that the policy sees ${formatIpv4(source)}`;
  if (!view.podByAddress(source)) return `, or set externalTrafficPolicy of the Service to Local, ${sees}`;
  return view.servicesAt(destination).some(({ kind }) => kind === 'clusterIP') ? '' : `, or ask for the Service by its cluster IP, ${sees}`;
}

function portText(port: PolicyPort): string {
  if (port.kind === 'NAMED') return `the port named ${port.name}${port.protocol === null ? '' : ` (${port.protocol})`}`;
  return `port ${port.from === port.to ? port.from : `${port.from}–${port.to}`}/${port.protocol}`;
}

/** The selector of every pod. */
const EVERY = '{}';

/** The labels as a selector, without those that change with each revision. */
function labelsText(all: Labels): string {
  const lasting = Object.entries(all).filter(([key]) => !isPassing(key)).map(([key, value]) => `${key}=${value}`);
  return lasting.length > 0 ? lasting.join(',') : EVERY;
}

/**
 * A peer that matches the address, as text: `podSelector app=web and namespaceSelector kubernetes.io/metadata.name=shop`;
 * without namespaceSelector in the policy's own namespace.
 */
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
