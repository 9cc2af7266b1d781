import { payloadBytesIn } from '../../domain/packet/packet.js';
import { icmpWords } from '../json/packet-words.js';
import type { PacketJson } from '../json/packet-json.js';

export interface PacketLabel {
  /** `TCP SYN`, `UDP, 100 bytes`, `ICMP port unreachable`. */
  readonly what: string;
  /** `10.244.1.5:40000`; the address alone for ICMP. */
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
}

function whatOf({ ip, l4, icmp }: PacketJson): string {
  if (icmp) return `ICMP ${icmpWords(icmp)}`;
  const payload = payloadBytesIn(ip.protocol, ip.length);
  return [[ip.protocol, l4?.flags?.join('-') ?? ''].filter((word) => word !== '').join(' '), ...(payload > 0 ? [`${payload} bytes`] : [])].join(', ');
}

export function packetLabel(packet: PacketJson): PacketLabel {
  const { ip, l4 } = packet;
  const [sport, dport] = l4 ? [`:${l4.sport}`, `:${l4.dport}`] : ['', ''];
  return { what: whatOf(packet), source: ip.src + sport, destination: ip.dst + dport, ttl: ip.ttl };
}
