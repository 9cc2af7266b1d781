import type { Arp, Frame, IcmpHeader, Packet, QuotedHeader, TcpFlags } from '../../domain/packet/packet.js';
import { ipLength } from '../../domain/packet/packet.js';
import { ipText, macText } from '../linux/address-text.js';
import type { ArpJson, EthernetJson, InnerJson, L4Json, PacketJson, StepIcmpJson, TcpFlagJson } from './packet-json.js';

const FLAGS: Record<TcpFlags, readonly TcpFlagJson[]> = {
  SYN: ['SYN'], 'SYN-ACK': ['SYN', 'ACK'], ACK: ['ACK'], 'PSH-ACK': ['PSH', 'ACK'], 'RST-ACK': ['RST', 'ACK'], RST: ['RST'],
};

export const presentPorts = ({ sourcePort, destinationPort, flags }: Packet): L4Json =>
  flags === null ? { sport: sourcePort, dport: destinationPort } : { sport: sourcePort, dport: destinationPort, flags: FLAGS[flags] };

export const presentQuoted = ({ source, destination, protocol, sourcePort, destinationPort }: QuotedHeader): InnerJson => ({
  ip: { src: ipText(source), dst: ipText(destination), protocol },
  l4: protocol === 'ICMP' ? null : { sport: sourcePort, dport: destinationPort },
});

const presentIcmp = ({ type, code, id, mtu }: IcmpHeader): StepIcmpJson => ({ type, code, id, mtu });

export function presentPacket(packet: Packet): PacketJson {
  const { icmp } = packet;
  const ip = {
    src: ipText(packet.source), dst: ipText(packet.destination), ttl: packet.ttl, protocol: packet.protocol,
    length: ipLength(packet), dontFragment: packet.dontFragment,
  };
  if (icmp === null) return { id: packet.id, ip, l4: presentPorts(packet) };
  if (icmp.quoted === null) return { id: packet.id, ip, icmp: presentIcmp(icmp) };
  return { id: packet.id, ip, icmp: presentIcmp(icmp), inner: presentQuoted(icmp.quoted) };
}

export const presentEthernet = ({ source, destination, arp }: Frame): EthernetJson => ({
  src: macText(source), dst: macText(destination), type: arp === null ? 'IPv4' : 'ARP',
});

export const presentArp = ({ op, senderMac, senderIp, targetMac, targetIp }: Arp): ArpJson => ({
  op, sha: macText(senderMac), spa: ipText(senderIp), tha: macText(targetMac), tpa: ipText(targetIp),
});

/** `who-has 10.244.1.1 tell 10.244.1.2`, `10.244.1.1 is-at 0a:58:0a:f4:01:01`: as tcpdump words it. */
export const arpText = ({ op, senderMac, senderIp, targetIp }: Arp): string =>
  op === 'request' ? `who-has ${ipText(targetIp)} tell ${ipText(senderIp)}` : `${ipText(senderIp)} is-at ${macText(senderMac)}`;
