import type { ConntrackEntry, Tuple } from '../../domain/datapath/conntrack.js';
import { ICMP, type Packet, type Protocol, type TcpFlags } from '../../domain/packet/packet.js';
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

/**
 * State and seconds at the moment when the packet with these flags is seen: a handshake is not over with its second
 * packet, and a reset ends the connection.
 *
 * @source Linux `tcp_conntracks`, `tcp_timeouts`
 */
const inHandshake = (flags: TcpFlags | null): string | null =>
  (flags === 'SYN-ACK' ? '60 SYN_RECV' : flags !== null && flags.startsWith('RST') ? '10 CLOSE' : null);

/**
 * A line of `conntrack -L`. Time does not pass in the model: an entry always has all of its seconds left.
 *
 * @param seen the packet that is looked at; without one the connection is as its handshake leaves it
 */
export function conntrackText({ original, reply, replied }: ConntrackEntry, seen: Packet | null = null): string {
  const { head, fresh, replied: answered } = TIMING[original.protocol];
  const isEcho = original.protocol === 'ICMP';
  const passing = replied && seen !== null ? inHandshake(seen.flags) : null;
  let text = head + (passing ?? (replied ? answered : fresh)) + addresses(original);
  text += isEcho ? echo(ICMP.ECHO_REQUEST, original.sourcePort) : ports(original);
  if (!replied) text += ' [UNREPLIED]';
  text += addresses(reply) + (isEcho ? echo(ICMP.ECHO_REPLY, reply.destinationPort) : ports(reply));
  if (replied && passing === null && original.protocol !== 'UDP' && !isEcho) text += ' [ASSURED]';
  return `${text} mark=0 use=1`;
}
