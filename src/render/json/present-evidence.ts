import type { Step } from '../../domain/trace/step.js';
import { ipText } from '../linux/address-text.js';
import { markText } from '../linux/mark-text.js';
import {
  presentCause, presentConntrack, presentFdb, presentNeighbour, presentRef, presentRoute, presentRule, presentSocket, ruleLine,
} from './present-entries.js';
import { arpText, presentArp, presentEthernet } from './present-packet.js';
import { presentPolicy } from './present-policy.js';
import { isServiceChoice } from './service-choice.js';
import type { CandidateJson, EvidenceByKind, NotTakenJson, RuleJson } from './step-json.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

function presentHits({ hits }: StepOf<'NETFILTER'>): readonly RuleJson[] {
  const rules: RuleJson[] = [];
  for (const { chain, rule } of hits) rules.push(presentRule(chain, rule));
  return rules;
}

const presentNetfilter = (step: StepOf<'NETFILTER'>): EvidenceByKind['NETFILTER'] => ({
  hook: step.hook, table: step.table, chain: step.chain, verdict: step.verdict, byPolicy: step.byPolicy, bridged: step.bridged,
  inInterface: step.inInterface, outInterface: step.outInterface, markBefore: markText(step.markBefore), markAfter: markText(step.markAfter),
  ...(step.copies !== undefined && { copies: step.copies }), rules: presentHits(step),
});

function presentServiceChoice({ hook, table, chain, branches, choice }: StepOf<'SERVICE_CHOICE'>): EvidenceByKind['SERVICE_CHOICE'] {
  const known = isServiceChoice(choice) ? choice : null;
  const endpoints = known !== null && known.candidates.length === branches.length ? known.candidates : null;
  const weight = branches.length === 1 ? '1' : `1/${branches.length}`;
  const candidates: CandidateJson[] = branches.map((branch, index) => {
    const endpoint = endpoints?.[index];
    // The rules of branches not taken are not made: that takes a hash for each chain's name, and there may be hundreds.
    const rule = branch.chosen ? ruleLine(chain, branch.rule) : null;
    return endpoint === undefined
      ? { ip: null, port: null, pod: null, node: null, weight, chosen: branch.chosen, rule }
      : { ip: ipText(endpoint.ip), port: endpoint.port, pod: endpoint.pod, node: endpoint.node, weight, chosen: branch.chosen, rule };
  });
  const notTaken: NotTakenJson[] = known === null ? [] : known.notTaken.map(({ endpoint, why }) => (
    { ip: ipText(endpoint.ip), port: endpoint.port, pod: endpoint.pod, node: endpoint.node, why }));
  return {
    hook, table, chain, service: known === null ? null : `${known.service.namespace}/${known.service.name}`,
    servicePort: known === null ? null : known.port.name || String(known.port.port), candidates, notTaken,
  };
}

const presentNat = ({ hook, table, chain, rule, applied, skipped, entry }: StepOf<'DNAT' | 'SNAT'>): EvidenceByKind['DNAT'] => ({
  hook, table, chain, rule: presentRule(chain, rule), applied, skipped, entry: entry === null ? null : presentConntrack(entry),
});

const presentWire = ({ frame, peer }: StepOf<'TRANSMIT' | 'RECEIVE'>): EvidenceByKind['TRANSMIT'] => ({
  eth: presentEthernet(frame), arp: frame.arp === null ? null : presentArp(frame.arp), peer: peer === null ? null : presentRef(peer),
});

const presentRouteLookup = ({ purpose, destination, route, pickedSource, failure }: StepOf<'ROUTE_LOOKUP'>): EvidenceByKind['ROUTE_LOOKUP'] => ({
  purpose,
  destination: ipText(destination),
  route: route === null ? null : presentRoute(route),
  pickedSource: pickedSource === null ? null : ipText(pickedSource),
  failure,
});

const presentNeighbourLookup = ({ nextHop, answer, entry, state }: StepOf<'NEIGHBOUR_LOOKUP'>): EvidenceByKind['NEIGHBOUR_LOOKUP'] => ({
  nextHop: ipText(nextHop), answer, entry: entry === null ? null : presentNeighbour(entry), state,
});

const presentArpRequest = ({ frame, attempts, answeredBy }: StepOf<'ARP_REQUEST'>): EvidenceByKind['ARP_REQUEST'] => ({
  text: arpText(frame.arp!),
  eth: presentEthernet(frame),
  arp: presentArp(frame.arp!),
  attempts,
  answeredBy: answeredBy === null ? null : presentRef(answeredBy),
});

const presentArpReply = ({ frame, fromUserSpace }: StepOf<'ARP_REPLY'>): EvidenceByKind['ARP_REPLY'] => ({
  text: arpText(frame.arp!), eth: presentEthernet(frame), arp: presentArp(frame.arp!), fromUserSpace,
});

const presentBridgeForward = ({ frame, bridge, port, learned, mac }: StepOf<'BRIDGE_FORWARD'>): EvidenceByKind['BRIDGE_FORWARD'] => ({
  eth: presentEthernet(frame), bridge, port, learned, entry: presentFdb(mac, port === 'local' ? bridge : port, bridge),
});

const presentLoadBalance = ({ address, route }: StepOf<'LOAD_BALANCE'>): EvidenceByKind['LOAD_BALANCE'] => ({
  address: ipText(address), route: presentRoute(route), service: route.loadBalancer?.service ?? null, chosen: route.loadBalancer?.chosen ?? null,
  candidates: route.loadBalancer?.candidates ?? [],
});

const presentDnsLookup = ({ name, type, server, rcode, answers, queries, resolver, assumption }: StepOf<'DNS_LOOKUP'>): EvidenceByKind['DNS_LOOKUP'] => ({
  name, type, server: server === null ? null : ipText(server), rcode, answers: answers.map(ipText), queries, resolver, assumption,
});

const presentProxy = (step: StepOf<'PROXY_ACCEPT' | 'PROXY_CONNECT'>): EvidenceByKind['PROXY_ACCEPT'] | EvidenceByKind['PROXY_CONNECT'] =>
  (step.kind === 'PROXY_ACCEPT' ? { proxy: step.proxy, http: step.http } : { proxy: step.proxy, backend: step.backend, headers: step.headers });

/** The evidence of one step, by its kind. */
export function presentEvidence(step: Step): EvidenceByKind[Step['kind']] {
  switch (step.kind) {
    case 'ORIGINATE': return { what: step.what, container: step.container };
    case 'DNS_LOOKUP': return presentDnsLookup(step);
    case 'LOOPBACK': return { device: step.interface ?? 'lo' };
    case 'ROUTE_LOOKUP': return presentRouteLookup(step);
    case 'NEIGHBOUR_LOOKUP': return presentNeighbourLookup(step);
    case 'ARP_REQUEST': return presentArpRequest(step);
    case 'ARP_REPLY': return presentArpReply(step);
    case 'TRANSMIT': case 'RECEIVE': return presentWire(step);
    case 'BRIDGE_FORWARD': return presentBridgeForward(step);
    case 'BRIDGE_FLOOD': return { eth: presentEthernet(step.frame), bridge: step.bridge, reason: step.reason, ingress: step.ingress };
    case 'NETFILTER': return presentNetfilter(step);
    case 'CONNTRACK': return { hook: step.hook, action: step.action, entry: step.entry === null ? null : presentConntrack(step.entry) };
    case 'SERVICE_CHOICE': return presentServiceChoice(step);
    case 'DNAT': case 'SNAT': return presentNat(step);
    case 'POLICY': return presentPolicy(step);
    case 'UN_NAT': return { hook: step.hook, undoes: step.undoes, entry: presentConntrack(step.entry) };
    case 'FORWARD_CHECK': return { outInterface: step.outInterface, outcome: step.outcome, mtu: step.mtu };
    case 'LOAD_BALANCE': return presentLoadBalance(step);
    case 'SOCKET_LOOKUP':
      return {
        protocol: step.protocol,
        address: ipText(step.address),
        port: step.port,
        socket: step.socket === null ? null : presentSocket(step.socket),
        purpose: step.purpose,
      };
    case 'DELIVER': return { to: step.to, socket: step.socket === null ? null : presentSocket(step.socket) };
    case 'DROP': return { cause: presentCause(step.cause) };
    case 'REJECT': return { cause: presentCause(step.cause), rule: presentRule(step.chain, step.rule), icmpCode: step.icmpCode };
    case 'PROXY_ACCEPT': case 'PROXY_CONNECT': return presentProxy(step);
  }
}
