import { ICMP, type Packet } from '../../domain/packet/packet.js';
import type { ClientOutcome } from '../../domain/trace/disposition.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { ARP_ATTEMPTS } from '../../domain/walk/neighbour.js';
import { isBackAtSender, type WalkedFlow } from '../../domain/walk/walk-flow.js';
import type { Path } from '../../domain/trace/trace.js';

/** Six SYN retransmissions, the interval doubling from one second. @source Linux `tcp_syn_retries` 6: 1+2+4+8+16+32+64 */
const TCP_TIMEOUT_SECONDS = 127;
/** An open connection is given up later. @source Linux `tcp_retries2` 15: 924.6 s at the least */
const TCP_OPEN_TIMEOUT_SECONDS = 924;
/**
 * Eight INIT retransmissions, the interval doubling from three seconds up to a minute.
 *
 * @source Linux `sctp_cmd_t1_timer_update`, sctp(7) `max_init_retransmits` 8: 3+6+12+24+48+4·60
 */
const SCTP_TIMEOUT_SECONDS = 333;
/** What resolvers and ping wait for one answer. @source resolv.conf(5) `timeout` */
const DATAGRAM_TIMEOUT_SECONDS = 5;
const TIMEOUT_SECONDS: Readonly<Record<Packet['protocol'], number>> = {
  TCP: TCP_TIMEOUT_SECONDS,
  SCTP: SCTP_TIMEOUT_SECONDS,
  UDP: DATAGRAM_TIMEOUT_SECONDS,
  ICMP: DATAGRAM_TIMEOUT_SECONDS,
};

export const addressAndPort = (address: Ipv4, port: number, isIcmp: boolean): string => (isIcmp ? formatIpv4(address) : `${formatIpv4(address)}:${port}`);
const sourceOf = (packet: Packet): string => addressAndPort(packet.source, packet.sourcePort, packet.protocol === 'ICMP');

/** What the client's system call reports, from which address, and after how many seconds. */
export function clientOutcome(walked: WalkedFlow, protocol: Packet['protocol']): Path['clientSees'] {
  const { forward, return: back } = walked;
  const sees = (outcome: ClientOutcome, from: string | null, afterSeconds = 0): Path['clientSees'] => ({ outcome, from, afterSeconds });
  const timeout = sees('timeout', null, walked.resumed ? TCP_OPEN_TIMEOUT_SECONDS : TIMEOUT_SECONDS[protocol]);
  if (!back) {
    if (isBackAtSender(forward)) return sees('answered', sourceOf(forward.end.packet));
    // Reported by the client's own kernel, without a packet.
    if (forward.end.disposition === 'NO_ROUTE') return sees(forward.end.cause?.code === 'ROUTE_LOCALNET_OFF' ? 'invalid-argument' : 'net-unreachable', null);
    return forward.end.disposition === 'MTU_EXCEEDED' && protocol !== 'TCP' ? sees('message-too-long', null) : timeout;
  }
  if (back.end.disposition !== 'ACCEPTED') return timeout;
  const { packet } = back.end;
  if (packet.icmp && packet.icmp.quoted) {
    const outcome = errorOutcome(packet, protocol, walked.resumed);
    const waited = ['NEIGHBOUR_UNREACHABLE', 'LINK_DOWN'].includes(forward.end.disposition) ? ARP_ATTEMPTS : 0;
    return outcome === null ? timeout : sees(outcome, formatIpv4(packet.source), waited);
  }
  if (back.what === 'reset') return sees(walked.resumed ? 'reset' : 'refused', sourceOf(packet));
  return sees(protocol === 'ICMP' ? 'echo-reply' : protocol === 'UDP' ? 'answered' : 'connected', sourceOf(packet));
}

/**
 * What an ICMP error means to the client. A connected UDP socket reports only closed ports and packets that are too big. TCP
 * reports every error while it is connecting, and so does ping. SCTP and an open TCP connection keep retrying.
 *
 * @returns `null` if the client's program is not told
 *
 * @source Linux `icmp_err_convert`, `__udp4_lib_err`, `tcp_v4_err`, `sctp_v4_err_handle`
 */
function errorOutcome(packet: Packet, protocol: Packet['protocol'], isOpen: boolean): ClientOutcome | null {
  const { type, code } = packet.icmp!;
  if (type === ICMP.UNREACHABLE && code === ICMP.code.FRAGMENTATION_NEEDED) return 'message-too-long';
  if (isOpen || protocol === 'SCTP') return null;
  if (type === ICMP.UNREACHABLE && code === ICMP.code.PORT_UNREACHABLE) return 'refused';
  if (protocol === 'UDP') return null;
  if (type === ICMP.UNREACHABLE && code === ICMP.code.NET_UNREACHABLE) return 'net-unreachable';
  return 'host-unreachable';
}
