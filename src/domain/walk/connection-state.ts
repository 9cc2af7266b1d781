import type { TcpFlags } from '../packet/packet.js';
import type { Direction, TrackedConnection } from './tracked-connection.js';

/** Seconds after which an answered UDP exchange counts as a stream. @source Linux `nf_conntrack_udp_packet` */
const UDP_STREAM_AFTER_SECONDS = 2;

/**
 * Updates a TCP connection for a further segment. A SYN changes nothing, not even the timeout: it may open the connection
 * again or meet one that the server has reset, and only the answer will show which. A connection that was picked up in
 * mid-stream becomes assured when it continues after its first answer.
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
 * Updates an SCTP association for a further packet: the answer to its INIT, or an ABORT.
 *
 * @source Linux `sctp_conntracks`
 */
export function followSctp(connection: TrackedConnection, direction: Direction, isAbort: boolean): void {
  if (isAbort) connection.sctp = 'CLOSED';
  else if (direction === 1 && connection.sctp === 'CLOSED') connection.sctp = 'COOKIE_WAIT';
  connection.secondsLeft = null;
}

/** The client completes the handshake: it acknowledges the SYN-ACK, or echoes the cookie of the INIT-ACK and has that acknowledged. */
export function complete(connection: TrackedConnection): void {
  if (connection.tcp === 'SYN_RECV') connection.tcp = 'ESTABLISHED';
  else if (connection.sctp === 'COOKIE_WAIT') connection.sctp = 'ESTABLISHED';
  else return;
  connection.assured = true;
}

/** A connection becomes a stream (assured) after its first answer at the earliest, however late that comes. */
export function followUdp(connection: TrackedConnection): void {
  if (connection.replied && connection.age > UDP_STREAM_AFTER_SECONDS) connection.assured = true;
  connection.secondsLeft = null;
}
