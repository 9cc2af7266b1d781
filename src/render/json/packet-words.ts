import { ICMP, type IcmpHeader, type Packet } from '../../domain/packet/packet.js';
import { ipText } from '../linux/address-text.js';

const UNREACHABLE_WORDS: Readonly<Record<number, string>> = {
  [ICMP.code.NET_UNREACHABLE]: 'net unreachable', [ICMP.code.HOST_UNREACHABLE]: 'host unreachable', [ICMP.code.PORT_UNREACHABLE]: 'port unreachable',
  [ICMP.code.FRAGMENTATION_NEEDED]: 'fragmentation needed',
};

export const unreachableWords = (code: number): string => UNREACHABLE_WORDS[code] ?? `unreachable, code ${code}`;

/** `echo request`, `port unreachable`, … */
export function icmpWords({ type, code }: Pick<IcmpHeader, 'type' | 'code'>): string {
  switch (type) {
    case ICMP.ECHO_REQUEST: return 'echo request';
    case ICMP.ECHO_REPLY: return 'echo reply';
    case ICMP.TIME_EXCEEDED: return 'time exceeded';
    default: return unreachableWords(code);
  }
}

/** `a TCP SYN`, `a UDP datagram`, `an ICMP port unreachable`. */
export function packetWords({ protocol, flags, icmp, payloadBytes }: Packet): string {
  if (icmp !== null) return `an ICMP ${icmpWords(icmp)}`;
  if (protocol === 'TCP') {
    if (flags === 'ACK' && payloadBytes > 0) return `the first ${payloadBytes} bytes of its TCP data`;
    return flags === 'PSH-ACK' ? `${payloadBytes} bytes of TCP data` : flags === null ? 'a TCP segment' : `a TCP ${flags}`;
  }
  return protocol === 'UDP' ? 'a UDP datagram' : 'an SCTP packet';
}

const endpoint = (address: Packet['source'], port: number): string => (port === 0 ? ipText(address) : `${ipText(address)}:${port}`);

/** `10.244.1.5:40000`; the address alone for ICMP. */
export const sourceWords = (packet: Packet): string => endpoint(packet.source, packet.sourcePort);
export const destinationWords = (packet: Packet): string => endpoint(packet.destination, packet.destinationPort);

