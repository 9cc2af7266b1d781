import type { Step } from '../../domain/trace/step.js';
import type { Hook } from '../../domain/datapath/netfilter/rules.js';
import { ICMP, isIcmpError, type Packet } from '../../domain/packet/packet.js';
import { reasonClause } from '../../domain/trace/reasons.js';
import { ipText, macText } from '../linux/address-text.js';
import { markText } from '../linux/mark-text.js';
import { destinationText } from '../linux/route-text.js';
import { codeWords } from './code-words.js';
import { destinationWords, packetWords, sourceWords, unreachableWords } from './packet-words.js';
import { placeWords } from './place-words.js';
import { policySummary } from './present-policy.js';
import { isServiceChoice } from './service-choice.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** A step in one sentence, for somebody who sees it for the first time. */
export function summarize(step: Step): string {
  const { inside, first } = placeWords(step.netns);
  switch (step.kind) {
    case 'ORIGINATE': return originate(step, inside, first);
    case 'LOOPBACK': return `The packet turns round on lo and never leaves ${inside}`;
    case 'ROUTE_LOOKUP': return routeLookup(step, inside, first);
    case 'NEIGHBOUR_LOOKUP': return neighbourLookup(step, first);
    case 'ARP_REQUEST': return arpRequest(step, first);
    case 'ARP_REPLY': {
      const { senderIp, senderMac } = step.frame.arp!;
      return `${step.fromUserSpace ? `A program on ${inside}` : first} answers: ${ipText(senderIp)} is at ${macText(senderMac)}`;
    }
    case 'TRANSMIT': return step.peer === null
      ? `${first} hands the frame to its bridge ${step.interface}`
      : `${first} sends the frame out of ${step.interface}, to ${step.peer.name} of ${placeWords(step.peer.netns).inside}`;
    case 'RECEIVE': return `${first} receives the frame on ${step.interface}`;
    case 'BRIDGE_FORWARD': return step.port === 'local' || step.port === step.bridge
      ? `The bridge ${step.bridge} hands the frame up to ${inside}: its destination is the bridge's own MAC address`
      : `The bridge ${step.bridge} sends the frame out of ${step.port}, the port behind which ${macText(step.mac)} lives`;
    case 'BRIDGE_FLOOD': return step.reason === 'BROADCAST'
      ? `The bridge ${step.bridge} copies the broadcast to all its ports`
      : `The bridge ${step.bridge} has not learned where ${macText(step.frame.destination)} lives, so it floods the frame to all its ports`;
    case 'NETFILTER': return netfilter(step, first);
    case 'CONNTRACK': return conntrack(step, first);
    case 'SERVICE_CHOICE': return serviceChoice(step, first);
    case 'DNAT': return translation(step, first, 'destination', destinationWords);
    case 'SNAT': return translation(step, first, 'source', sourceWords);
    case 'POLICY': return policySummary(step, first);
    case 'UN_NAT': return undoNat(step, first);
    case 'FORWARD_CHECK': return forwardCheck(step, first);
    case 'LOAD_BALANCE': return loadBalance(step, first);
    case 'SOCKET_LOOKUP': return socketLookup(step, inside);
    case 'DELIVER': return deliver(step, inside, first);
    case 'DROP': return `${first} drops the packet: ${reasonClause(step.cause.code)}`;
    case 'REJECT': return `${first} refuses the packet with an ICMP error (${unreachableWords(step.icmpCode)}): ${reasonClause(step.cause.code)}`;
    case 'PROXY_ACCEPT': return proxyAccept(step);
    case 'PROXY_CONNECT': return proxyConnect(step);
    case 'DNS_LOOKUP': return dnsLookup(step);
  }
}

/** The owner of the rules: kube-proxy's chains have its prefix. */
const owner = (chain: string, place: string): string => (chain.startsWith('KUBE-') ? `${place}'s kube-proxy rules` : `${place}'s rules`);

function originate({ what, container, packet }: StepOf<'ORIGINATE'>, inside: string, first: string): string {
  const who = container === null ? first : `Container ${container} in ${inside}`;
  if (packet === null) return `${who} sends a packet`;
  switch (what) {
    case 'request': return `${who} sends ${packetWords(packet)} to ${destinationWords(packet)}`;
    case 'answer': return `${who} answers ${destinationWords(packet)} with ${packetWords(packet)}`;
    case 'error': return `${first} tells ${destinationWords(packet)} about it with ${packetWords(packet)}`;
    case 'reset': return `${first} answers ${destinationWords(packet)} with ${packetWords(packet)}: it refuses the connection`;
  }
}

function routeLookup(
  { destination, route, failure, packet, interface: device, purpose, pickedSource }: StepOf<'ROUTE_LOOKUP'>,
  inside: string,
  first: string,
): string {
  const source = packet === null ? 'its source' : ipText(packet.source);
  switch (failure) {
    case 'NO_ROUTE': return `${first} has no route to ${ipText(destination)}`;
    case 'MARTIAN_SOURCE': return `${first} takes no packet with the source ${source} from ${device}: such a packet cannot come from there (martian)`;
    case 'MARTIAN_DESTINATION': return `${first} takes no packet for ${ipText(destination)} from ${device}: such a packet must not come from outside (martian)`;
    case 'REVERSE_PATH': return `${first} would answer ${source} by another interface than ${device}, so its reverse path filter refuses the packet`;
    case null: break;
  }
  if (route === null || route.table === 'local') return `${ipText(destination)} is an address of ${inside} itself, so the packet stays here`;
  const again = purpose === 'reroute' ? ' again' : '';
  const taking = pickedSource === null ? '' : ` and takes ${ipText(pickedSource)} as its source`;
  if (route.via === null) return `${first} looks up ${ipText(destination)}${again}: it is on the link of ${route.device}${taking}`;
  const by = route.destination.prefix === 0 ? 'the default route' : `the route to ${destinationText(route.destination)}`;
  return `${first} looks up ${ipText(destination)}${again}: ${by} leads to the next hop ${ipText(route.via)} by ${route.device}${taking}`;
}

function neighbourLookup({ answer, nextHop, entry }: StepOf<'NEIGHBOUR_LOOKUP'>, first: string): string {
  if (answer === 'INCOMPLETE') return `${first} does not know the MAC address of ${ipText(nextHop)} and has to ask (ARP)`;
  return entry === null || entry.mac === null
    ? `${first} knows its neighbour ${ipText(nextHop)}`
    : `${first} knows that ${ipText(nextHop)} has the MAC address ${macText(entry.mac)}`;
}

function arpRequest({ frame, attempts, answeredBy, interface: device }: StepOf<'ARP_REQUEST'>, first: string): string {
  const { targetIp, senderIp } = frame.arp!;
  return answeredBy === null
    ? `${first} asks everybody on ${device} ${attempts === 1 ? 'once' : `${attempts} times`} who has ${ipText(targetIp)}, and nobody answers`
    : `${first} asks everybody on ${device}: who has ${ipText(targetIp)}? Tell ${ipText(senderIp)}`;
}

function loadBalance({ address, route: { loadBalancer, via, device } }: StepOf<'LOAD_BALANCE'>, first: string): string {
  const chosen = loadBalancer?.chosen ?? (via === null ? device : ipText(via));
  return `${first} sends the load balancer's address ${ipText(address)} on to ${chosen}`;
}

function translation(
  { kind, chain, applied, skipped, before, packet }: StepOf<'DNAT' | 'SNAT'>,
  first: string,
  side: 'destination' | 'source',
  wordsOf: (packet: Packet) => string,
): string {
  const rules = owner(chain, first);
  if (!applied) return `${rules} leave the ${side} as it is: ${skipped === null ? 'no rule asks for it' : codeWords(skipped)}`;
  return `${rules} rewrite the ${side} ${before === null ? '' : `${wordsOf(before)} `}to ${packet === null ? '' : wordsOf(packet)} (${kind})`;
}

function netfilter({ table, hook, hits, verdict, byPolicy, chain, markBefore, markAfter, bridged, copies }: StepOf<'NETFILTER'>, first: string): string {
  const packet = copies === undefined ? 'the packet' : copies === 1 ? 'the copy' : `the ${copies} copies`;
  const rules = `${first}'s ${table} rules at ${bridged ? bridgedHook(hook) : hook}`;
  if (byPolicy && verdict === 'DROP') {
    return `${rules} do not accept ${packet}, and the policy of ${chain} drops ${copies === undefined || copies === 1 ? 'it' : 'them'}`;
  }
  switch (verdict) {
    case 'DROP': return `${rules} drop ${packet} in ${hits[hits.length - 1]?.chain ?? chain}`;
    case 'REJECT': return `${rules} reject ${packet} in ${hits[hits.length - 1]?.chain ?? chain}`;
    default: {
      const count = hits.length === 1 ? '1 rule matters' : `${hits.length} rules matter`;
      return `${rules} let ${packet} pass: ${count}${markWords(markBefore, markAfter)}`;
    }
  }
}

/** The hook as run for a bridged frame. In PREROUTING it is not yet decided whether the frame goes up to the host or to another port. */
const bridgedHook = (hook: Hook): string =>
  hook === 'PREROUTING' ? `${hook}, which the bridge runs for its frames,` : `${hook}, although the frame is only bridged,`;

function markWords(before: number, after: number): string {
  if (before === after) return '';
  return after === 0 ? ', and its mark is taken off' : `, and it is marked ${markText(after)}`;
}

function conntrack({ action, hook, packet, before }: StepOf<'CONNTRACK'>, first: string): string {
  if (before !== null && packet !== null && action !== 'CONFIRM') return translatedByEntry(hook, before, packet, first);
  switch (action) {
    case 'NEW': return `${first} has no entry for this connection, so connection tracking calls the packet new`;
    case 'ORIGINAL': return `${first} knows this connection, and the packet goes the way it began`;
    case 'REPLY': {
      const resets = packet !== null && packet.flags !== null && packet.flags.startsWith('RST');
      return `${first} recognises the packet as the answer in a connection that it tracks${resets ? ', and which this reset closes' : ''}`;
    }
    case 'RELATED': return `${first} recognises the error as one about a connection that it tracks`;
    case 'INVALID': return `${first} tracks no connection that the packet could belong to, and calls it invalid`;
    case 'CONFIRM': return `${first} keeps the connection in its tracking table${before === null || packet === null ? '' : replacedPort(before, packet)}`;
  }
}

/** Destinations are rewritten before routing and sources after it, in either direction. */
const rewritesSource = (hook: Hook): boolean => hook === 'POSTROUTING' || hook === 'INPUT';

/** nat rules are evaluated only for a connection's first packet. */
const translatedByEntry = (hook: Hook, before: Packet, packet: Packet, first: string): string =>
  (rewritesSource(hook)
    ? `${first} rewrites the source ${sourceWords(before)} to ${sourceWords(packet)}, as its entry for the connection says`
    : `${first} rewrites the destination ${destinationWords(before)} to ${destinationWords(packet)}, as its entry for the connection says`);

/** A translation without a rule. @source Linux `nf_nat_alloc_null_binding` */
function replacedPort(before: Packet, { icmp, sourcePort }: Packet): string {
  return icmp && before.icmp
    ? `, with the id ${icmp.id}: an answer to ${before.icmp.id} could be another connection's`
    : `, with the source port ${sourcePort}: an answer to ${before.sourcePort} could be another connection's`;
}

function serviceChoice({ choice, branches, chain }: StepOf<'SERVICE_CHOICE'>, first: string): string {
  const chosen = branches.findIndex((branch) => branch.chosen);
  const many = branches.length;
  if (!isServiceChoice(choice)) return `${owner(chain, first)} choose branch ${chosen + 1} of ${many} in ${chain}`;
  const name = `Service ${choice.service.namespace}/${choice.service.name}`;
  const endpoint = choice.candidates.length === many ? choice.candidates[chosen] : undefined;
  if (endpoint === undefined) return `${owner(chain, first)} choose one of ${many} endpoints of ${name}`;
  const who = endpoint.pod === null ? '' : ` (pod ${endpoint.pod}${endpoint.node === null ? '' : ` on ${endpoint.node}`})`;
  return many === 1
    ? `${owner(chain, first)} choose the only endpoint of ${name}, ${ipText(endpoint.ip)}:${endpoint.port}${who}`
    : `${owner(chain, first)} choose one of ${many} endpoints of ${name}: ${ipText(endpoint.ip)}:${endpoint.port}${who}`;
}

function undoNat({ undoes, hook, before, packet }: StepOf<'UN_NAT'>, first: string): string {
  const isSource = rewritesSource(hook);
  if (packet === null) return `${first} undoes the ${undoes}`;
  const was = before === null ? '' : `${isSource ? sourceWords(before) : destinationWords(before)} `;
  const is = isSource ? sourceWords(packet) : destinationWords(packet);
  const error = isIcmpError(packet) ? ', and the quoted header with it' : '';
  return `${first} undoes the ${undoes} by its connection entry: the ${isSource ? 'source' : 'destination'} ${was}becomes ${is} again${error}`;
}

function forwardCheck({ outcome, outInterface, packet, mtu }: StepOf<'FORWARD_CHECK'>, first: string): string {
  switch (outcome) {
    case 'FORWARDED': return `${first} forwards the packet to ${outInterface}${packet === null ? '' : ` and lowers its TTL to ${packet.ttl}`}`;
    case 'TTL_EXPIRED': return `${first} may not forward the packet: its TTL has run out`;
    case 'MTU_EXCEEDED': return `${first} cannot send the packet out of ${outInterface}: it is longer than ${mtu} bytes and must not be fragmented`;
  }
}

function socketLookup({ socket, purpose, protocol, address, port, netns }: StepOf<'SOCKET_LOOKUP'>, inside: string): string {
  const wanted = protocol === 'ICMP' ? ipText(address) : `${ipText(address)}:${port}/${protocol}`;
  if (purpose === 'client') return `${socket === null ? 'No socket' : 'A socket'} in ${inside} is waiting for this answer at ${wanted}`;
  if (socket === null) return `Nothing in ${inside} listens on ${wanted}`;
  return `${holderWords(socket.owner, netns)} in ${inside} listens on ${wanted}`;
}

/** The owner of a socket; in a pod it is a container. */
const holderWords = (owner: string | null, netns: string): string => (owner === null ? 'A program' : netns.startsWith('pod:') ? `Container ${owner}` : owner);

/** TCP sends its data again in smaller segments; the sender of a datagram gets an error. */
const whatErrorMeans = ({ icmp }: Packet): string => (icmp?.quoted?.protocol === 'TCP' && icmp.mtu > 0
  ? `no more than ${icmp.mtu} bytes fit the way, so it cuts its data into smaller segments` : 'its request has failed');

/** The packet of a socket that is connected to itself. */
const isToItself = ({ icmp, source, destination, sourcePort, destinationPort }: Packet): boolean =>
  icmp === null && source === destination && sourcePort === destinationPort;

function deliver({ to, socket, packet, netns }: StepOf<'DELIVER'>, inside: string, first: string): string {
  const who = socket === null || socket.owner === null ? first : `${holderWords(socket.owner, netns)} in ${inside}`;
  switch (to) {
    case 'server': return `${who} gets the packet: it has arrived`;
    case 'client':
      if (packet !== null && isIcmpError(packet)) return `${who} gets the error: ${whatErrorMeans(packet)}`;
      return packet !== null && isToItself(packet) ? `${who} gets the packet that it sent to itself` : `${who} gets the answer: it has arrived`;
    case 'kernel': return packet !== null && packet.icmp !== null && packet.icmp.type === ICMP.ECHO_REQUEST
      ? `The ping has arrived: the kernel of ${inside} answers it`
      : `The packet has arrived: the kernel of ${inside} takes it`;
  }
}

function proxyAccept({ proxy, http }: StepOf<'PROXY_ACCEPT'>): string {
  if (http === null) return `The proxy ${proxy} accepts the connection`;
  const { method, host, path, tls, status, location } = http;
  const shown = tls === null ? '' : `, shows ${tls.certificate === 'none' ? 'no certificate' : `the certificate of ${tls.serverName}, ${tls.certificate},`}`;
  const outcome = status === null ? '' : `, and answers ${status} itself${location === null ? '' : `: ${location}`}`;
  return `The proxy accepts the connection${shown} and reads ${method} ${host}${path}${outcome}`;
}

/** The headers that identify the client to the backend. */
const ORIGIN_HEADERS = ['X-Forwarded-For', 'X-Real-IP', 'Forwarded'] as const;

function proxyConnect({ proxy, backend, headers }: StepOf<'PROXY_CONNECT'>): string {
  if (headers === null) return `The proxy ${proxy} opens a connection of its own to ${backend}`;
  const origin = ORIGIN_HEADERS.filter((name) => headers[name] !== undefined).map((name) => `${name}: ${headers[name]}`);
  return `The proxy opens a connection of its own to ${backend}; who asked is told there by ${origin.join(', ')}`;
}

function dnsLookup({ name, type, server, rcode, answers, assumption }: StepOf<'DNS_LOOKUP'>): string {
  if (assumption !== null) return `The name ${name} is looked up: ${assumption}`;
  const who = `The DNS server${server === null ? '' : ` ${ipText(server)}`}`;
  if (rcode === 'UNDETERMINED') return `${who} has to ask servers outside of the cluster for ${name}, and what those answer is not known here`;
  if (rcode !== 'NOERROR') return `${who} answers ${rcode} for ${name} (${type})`;
  return answers.length === 0 ? `${who} knows ${name}, but no address of it` : `${who} answers that ${name} is ${answers.map(ipText).join(', ')}`;
}
