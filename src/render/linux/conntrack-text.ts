import type { ConntrackEntry, Tuple } from '../../domain/datapath/conntrack.js';
import { isAssured, sctpStateOf, secondsLeft, tcpStateOf } from '../../domain/datapath/conntrack-timeouts.js';
import { ICMP, type Protocol } from '../../domain/packet/packet.js';
import { ipText } from './address-text.js';

const HEAD: Record<Protocol, string> = { TCP: 'tcp      6 ', UDP: 'udp      17 ', SCTP: 'sctp     132 ', ICMP: 'icmp     1 ' };

const addresses = ({ source, destination }: Tuple): string => ` src=${ipText(source)} dst=${ipText(destination)}`;
const echo = (type: number, id: number): string => ` type=${type} code=0 id=${id}`;
const ports = ({ sourcePort, destinationPort }: Tuple): string => ` sport=${sourcePort} dport=${destinationPort}`;

function stateText(entry: ConntrackEntry): string {
  switch (entry.original.protocol) {
    case 'TCP': return ` ${tcpStateOf(entry)}`;
    case 'SCTP': return ` ${sctpStateOf(entry)}`;
    default: return '';
  }
}

/** A line of `conntrack -L`: with the seconds that the entry has left. */
export function conntrackText(entry: ConntrackEntry): string {
  const { original, reply, replied } = entry;
  const isEcho = original.protocol === 'ICMP';
  let text = HEAD[original.protocol] + String(secondsLeft(entry)) + stateText(entry) + addresses(original);
  text += isEcho ? echo(ICMP.ECHO_REQUEST, original.sourcePort) : ports(original);
  if (!replied) text += ' [UNREPLIED]';
  text += addresses(reply) + (isEcho ? echo(ICMP.ECHO_REPLY, reply.destinationPort) : ports(reply));
  if (isAssured(entry)) text += ' [ASSURED]';
  return `${text} mark=0 use=1`;
}
