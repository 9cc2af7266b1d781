/**
 * Timeouts of connection tracking, in seconds. Every packet of a connection restarts its entry's timeout.
 *
 * @source Linux `tcp_timeouts`, `udp_timeouts`, `sctp_timeouts`, `nf_ct_icmp_timeout`
 */
import type { ConntrackEntry, SctpState, TcpState } from './conntrack.js';

const TCP_SECONDS: Readonly<Record<TcpState, number>> = { SYN_SENT: 120, SYN_RECV: 60, ESTABLISHED: 432_000, CLOSE: 10 };
/** For a connection that was picked up in mid-stream, until a packet follows the first answer. @source Linux `TCP_CONNTRACK_UNACK` */
const TCP_UNACKNOWLEDGED_SECONDS = 300;
const UDP_SECONDS = 30;
/** Answered, and still in use after two seconds. */
const UDP_STREAM_SECONDS = 120;
const SCTP_SECONDS: Readonly<Record<SctpState, number>> = { CLOSED: 10, COOKIE_WAIT: 3, ESTABLISHED: 210 };
const ICMP_SECONDS = 30;

export const tcpStateOf = ({ tcp, replied }: ConntrackEntry): TcpState => tcp ?? (replied ? 'ESTABLISHED' : 'SYN_SENT');
export const sctpStateOf = ({ sctp, replied }: ConntrackEntry): SctpState => sctp ?? (replied ? 'ESTABLISHED' : 'CLOSED');

export function isAssured(entry: ConntrackEntry): boolean {
  if (entry.assured !== undefined) return entry.assured;
  const { protocol } = entry.original;
  if (protocol === 'SCTP') return sctpStateOf(entry) === 'ESTABLISHED';
  return protocol === 'TCP' && entry.replied && tcpStateOf(entry) === 'ESTABLISHED';
}

/** The full timeout of an entry in its state, in seconds. */
export function fullSeconds(entry: ConntrackEntry): number {
  switch (entry.original.protocol) {
    case 'TCP': {
      const state = tcpStateOf(entry);
      return state === 'ESTABLISHED' && !isAssured(entry) ? TCP_UNACKNOWLEDGED_SECONDS : TCP_SECONDS[state];
    }
    case 'UDP': return isAssured(entry) ? UDP_STREAM_SECONDS : UDP_SECONDS;
    case 'SCTP': return SCTP_SECONDS[sctpStateOf(entry)];
    case 'ICMP': return ICMP_SECONDS;
  }
}

export const secondsLeft = (entry: ConntrackEntry): number => entry.secondsLeft ?? fullSeconds(entry);
