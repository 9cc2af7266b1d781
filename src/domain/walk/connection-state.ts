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

/** The first answer is no stream yet, however late it comes. */
export function followUdp(connection: TrackedConnection): void {
  if (connection.replied && connection.age > UDP_STREAM_AFTER_SECONDS) connection.assured = true;
  connection.secondsLeft = null;
}
