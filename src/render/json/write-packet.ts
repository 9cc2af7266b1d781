/** `present-packet.ts` as text. */
import { ipLength, type Arp, type Frame, type IcmpHeader, type Packet, type TcpFlags } from '../../domain/packet/packet.js';
import { ipText, macText } from '../linux/address-text.js';

const FLAGS: Record<TcpFlags, string> = {
  SYN: ',"flags":["SYN"]', 'SYN-ACK': ',"flags":["SYN","ACK"]', ACK: ',"flags":["ACK"]', 'PSH-ACK': ',"flags":["PSH","ACK"]',
  'RST-ACK': ',"flags":["RST","ACK"]', RST: ',"flags":["RST"]',
};

function writeIcmp({ type, code, id, mtu, quoted }: IcmpHeader): string {
  const header = `"icmp":{"type":${type},"code":${code},"id":${id},"mtu":${mtu}}`;
  if (quoted === null) return header;
  const ports = quoted.protocol === 'ICMP' ? 'null' : `{"sport":${quoted.sourcePort},"dport":${quoted.destinationPort}}`;
  return `${header},"inner":{"ip":{"src":"${ipText(quoted.source)}","dst":"${ipText(quoted.destination)}","protocol":"${quoted.protocol}"},"l4":${ports}}`;
}

export function writePacket(packet: Packet): string {
  const { id, source, destination, ttl, protocol, sourcePort, destinationPort, flags, icmp, dontFragment } = packet;
  const rest = icmp === null ? `"l4":{"sport":${sourcePort},"dport":${destinationPort}${flags === null ? '' : FLAGS[flags]}}` : writeIcmp(icmp);
  return `{"id":${id},"ip":{"src":"${ipText(source)}","dst":"${ipText(destination)}","ttl":${ttl},"protocol":"${protocol}","length":${ipLength(packet)},"dontFragment":${dontFragment}},${rest}}`;
}

export const writeEthernet = ({ source, destination, arp }: Frame): string =>
  `{"src":"${macText(source)}","dst":"${macText(destination)}","type":"${arp === null ? 'IPv4' : 'ARP'}"}`;

export const writeArp = ({ op, senderMac, senderIp, targetMac, targetIp }: Arp): string =>
  `{"op":"${op}","sha":"${macText(senderMac)}","spa":"${ipText(senderIp)}","tha":"${macText(targetMac)}","tpa":"${ipText(targetIp)}"}`;
