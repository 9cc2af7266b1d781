import type { ConntrackEntry, Tuple } from '../../domain/datapath/conntrack.js';
import { ICMP } from '../../domain/packet/packet.js';
import type { Protocol } from '../../domain/packet/packet.js';
import { ipText } from './address-text.js';

interface Timing {
  readonly head: string;
  /** State, if the protocol has one, and seconds to live as the kernel sets them. @source Linux nf_conntrack_proto_*.c */
  readonly fresh: string;
  readonly replied: string;
}

const TIMING: Record<Protocol, Timing> = {
  TCP: { head: 'tcp      6 ', fresh: '120 SYN_SENT', replied: '432000 ESTABLISHED' },
  UDP: { head: 'udp      17 ', fresh: '30', replied: '30' },
  SCTP: { head: 'sctp     132 ', fresh: '3 COOKIE_WAIT', replied: '210 ESTABLISHED' },
  ICMP: { head: 'icmp     1 ', fresh: '30', replied: '30' },
};

const addresses = ({ source, destination }: Tuple): string => ` src=${ipText(source)} dst=${ipText(destination)}`;
const echo = (type: number, id: number): string => ` type=${type} code=0 id=${id}`;
const ports = ({ sourcePort, destinationPort }: Tuple): string => ` sport=${sourcePort} dport=${destinationPort}`;

/** A line of `conntrack -L`. Time does not pass in the model: an entry always has all of its seconds left. */
export function conntrackText({ original, reply, replied }: ConntrackEntry): string {
  const { head, fresh, replied: answered } = TIMING[original.protocol];
  const isEcho = original.protocol === 'ICMP';
  let text = head + (replied ? answered : fresh) + addresses(original);
  text += isEcho ? echo(ICMP.ECHO_REQUEST, original.sourcePort) : ports(original);
  if (!replied) text += ' [UNREPLIED]';
  text += addresses(reply) + (isEcho ? echo(ICMP.ECHO_REPLY, reply.destinationPort) : ports(reply));
  if (replied && original.protocol !== 'UDP' && !isEcho) text += ' [ASSURED]';
  return `${text} mark=0 use=1`;
}
