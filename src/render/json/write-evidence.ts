/** `present-evidence.ts` as text. */
import type { Step } from '../../domain/trace/step.js';
import { ipText } from '../linux/address-text.js';
import {
  writeCause, writeConntrack, writeFdbFields, writeNeighbourFields, writeRef, writeRoute, writeRule, writeSocket,
} from './write-entries.js';
import { chainOfReject, presentDnsLookup, presentProxy, presentServiceChoice } from './present-evidence.js';
import { arpText } from './present-packet.js';
import { presentPolicy } from './present-policy.js';
import { writeName, writeNullable, writeNullableName } from './write-json.js';
import { writeArp, writeEthernet } from './write-packet.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

const writeRouteLookup = ({ purpose, destination, route, pickedSource, failure }: StepOf<'ROUTE_LOOKUP'>): string =>
  `{"purpose":"${purpose}","destination":"${ipText(destination)}","route":${route === null ? 'null' : writeRoute(route)},`
  + `"pickedSource":${pickedSource === null ? 'null' : `"${ipText(pickedSource)}"`},"failure":${failure === null ? 'null' : `"${failure}"`}}`;

const writeNeighbourLookup = ({ nextHop, answer, entry, state }: StepOf<'NEIGHBOUR_LOOKUP'>): string =>
  `{"nextHop":"${ipText(nextHop)}","answer":"${answer}","entry":${entry === null ? 'null' : `{${writeNeighbourFields(entry)}}`},"state":${state === null ? 'null' : `"${state}"`}}`;

function writeNetfilter({ hook, table, chain, verdict, byPolicy, bridged, inInterface, outInterface, markBefore, markAfter, hits }: StepOf<'NETFILTER'>): string {
  let rules = '';
  for (const hit of hits) rules += rules === '' ? writeRule(hit.chain, hit.rule) : `,${writeRule(hit.chain, hit.rule)}`;
  return `{"hook":"${hook}","table":"${table}","chain":${writeName(chain)},"verdict":"${verdict}","byPolicy":${byPolicy},"bridged":${bridged},`
    + `"inInterface":${writeNullableName(inInterface)},"outInterface":${writeNullableName(outInterface)},`
    + `"markBefore":"0x${markBefore.toString(16)}","markAfter":"0x${markAfter.toString(16)}","rules":[${rules}]}`;
}

const writeNat = ({ hook, table, chain, rule, applied, skipped, entry }: StepOf<'DNAT' | 'SNAT'>): string =>
  `{"hook":"${hook}","table":"${table}","chain":${writeName(chain)},"rule":${writeRule(chain, rule)},"applied":${applied},"skipped":${writeNullableName(skipped)},"entry":${writeConntrack(entry)}}`;

/** The evidence of one step, by its kind. @param previous the step before it in the leg */
export function writeEvidence(step: Step, previous: Step | null): string {
  switch (step.kind) {
    case 'ORIGINATE': return `{"what":"${step.what}","container":${writeNullableName(step.container)}}`;
    case 'DNS_LOOKUP': return JSON.stringify(presentDnsLookup(step));
    case 'LOOPBACK': return `{"device":${writeName(step.interface ?? 'lo')}}`;
    case 'ROUTE_LOOKUP': return writeRouteLookup(step);
    case 'NEIGHBOUR_LOOKUP': return writeNeighbourLookup(step);
    case 'ARP_REQUEST': return `{"text":"${arpText(step.frame.arp!)}","eth":${writeEthernet(step.frame)},"arp":${writeArp(step.frame.arp!)},"attempts":${step.attempts},"answeredBy":${writeRef(step.answeredBy)}}`;
    case 'ARP_REPLY': return `{"text":"${arpText(step.frame.arp!)}","eth":${writeEthernet(step.frame)},"arp":${writeArp(step.frame.arp!)},"fromUserSpace":${step.fromUserSpace}}`;
    case 'TRANSMIT': case 'RECEIVE': return `{"eth":${writeEthernet(step.frame)},"arp":${step.frame.arp === null ? 'null' : writeArp(step.frame.arp)},"peer":${writeRef(step.peer)}}`;
    case 'BRIDGE_FORWARD': return `{"eth":${writeEthernet(step.frame)},"bridge":${writeName(step.bridge)},"port":${writeName(step.port)},"learned":${step.learned},"entry":{${writeFdbFields(step.mac, step.port === 'local' ? step.bridge : step.port, step.bridge)}}}`;
    case 'BRIDGE_FLOOD': return `{"eth":${writeEthernet(step.frame)},"bridge":${writeName(step.bridge)},"reason":"${step.reason}","ingress":${writeNullableName(step.ingress)}}`;
    case 'NETFILTER': return writeNetfilter(step);
    case 'CONNTRACK': return `{"hook":"${step.hook}","action":"${step.action}","entry":${writeConntrack(step.entry)}}`;
    case 'SERVICE_CHOICE': return JSON.stringify(presentServiceChoice(step));
    case 'DNAT': case 'SNAT': return writeNat(step);
    case 'POLICY': return JSON.stringify(presentPolicy(step));
    case 'UN_NAT': return `{"hook":"${step.hook}","undoes":"${step.undoes}","entry":${writeConntrack(step.entry)}}`;
    case 'FORWARD_CHECK': return `{"outInterface":${writeName(step.outInterface)},"outcome":"${step.outcome}","mtu":${step.mtu}}`;
    case 'LOAD_BALANCE': {
      const { address, route } = step;
      return `{"address":"${ipText(address)}","route":${writeRoute(route)},"service":${writeNullable(route.loadBalancer?.service ?? null)},"chosen":${writeNullable(route.loadBalancer?.chosen ?? null)},"candidates":${JSON.stringify(route.loadBalancer?.candidates ?? [])}}`;
    }
    case 'SOCKET_LOOKUP': return `{"protocol":"${step.protocol}","address":"${ipText(step.address)}","port":${step.port},"socket":${writeSocket(step.socket)},"purpose":"${step.purpose}"}`;
    case 'DELIVER': return `{"to":"${step.to}","socket":${writeSocket(step.socket)}}`;
    case 'DROP': return `{"cause":${writeCause(step.cause)}}`;
    case 'REJECT': return `{"cause":${writeCause(step.cause)},"rule":${step.rule === null ? 'null' : writeRule(chainOfReject(step, previous), step.rule)},"icmpCode":${step.icmpCode}}`;
    case 'PROXY_ACCEPT':
    case 'PROXY_CONNECT': return JSON.stringify(presentProxy(step));
  }
}

