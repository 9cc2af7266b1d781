import type { TcpFlags } from '../packet/packet.js';
import type { Direction, TrackedConnection } from './tracked-connection.js';

/** Seconds after which an answered UDP exchange counts as a stream. @source Linux `nf_conntrack_udp_packet` */
const UDP_STREAM_AFTER_SECONDS = 2;

/**
 * What a further segment makes of a TCP connection. A SYN is let through, translated as before, and changes nothing, not
 * even the time that is left: whether it begins anew what is open, or was reset by the server, the answer tells. What was
 * picked up in mid-stream counts once it goes on after its first answer.
 *
 * @source Linux `tcp_conntracks`, `nf_conntrack_tcp_packet` (`TCP_CONNTRACK_IGNORE`)
 */
export function followTcp(connection: TrackedConnection, direction: Direction, flags: TcpFlags): void {
  if (flags === 'SYN') return;
  const { tcp } = connection;
  if (flags.startsWith('RST')) connection.tcp = 'CLOSE';
  else if (flags === 'SYN-ACK') connection.tcp = 'SYN_RECV';
  else if (tcp === 'SYN_RECV' && direction === 0) {
    connection.tcp = 'ESTABLISHED';
    connection.assured = true;
  } else if (tcp === 'ESTABLISHED' && connection.replied) connection.assured = true;
  connection.secondsLeft = null;
}

/**
 * What a further packet makes of an SCTP association: the answer to its INIT, or an ABORT.
 *
 * @source Linux `sctp_conntracks`
 */
export function followSctp(connection: TrackedConnection, direction: Direction, isAbort: boolean): void {
  if (isAbort) connection.sctp = 'CLOSED';
  else if (direction === 1 && connection.sctp === 'CLOSED') connection.sctp = 'COOKIE_WAIT';
  connection.secondsLeft = null;
}

/** The client goes on with what it was answered: it acknowledges a SYN-ACK, and gives back the cookie of an INIT-ACK, which is acknowledged. */
export function complete(connection: TrackedConnection): void {
  if (connection.tcp === 'SYN_RECV') connection.tcp = 'ESTABLISHED';
  else if (connection.sctp === 'COOKIE_WAIT') connection.sctp = 'ESTABLISHED';
  else return;
  connection.assured = true;
}

/** The first answer is no stream yet, however late it comes. */
export function followUdp(connection: TrackedConnection): void {
  if (connection.replied && connection.age > UDP_STREAM_AFTER_SECONDS) connection.assured = true;
  connection.secondsLeft = null;
}
