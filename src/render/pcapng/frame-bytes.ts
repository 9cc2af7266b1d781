/** The bytes of a captured frame. What its JSON does not have (lengths, ids, the quoted packet) comes from the trace's steps. */
import { IP_HEADER_BYTES, payloadBytesIn } from '../../domain/packet/packet.js';
import type { FrameJson, InnerJson, IpJson, PacketJson } from '../json/packet-json.js';
import { internetChecksum } from './checksums.js';
import { ipBytes, join, macBytes, u16, u8, withNumber, zeros, type Bytes } from './bytes.js';
import type { PacketFacts, PathPackets, Purpose } from './packet-facts.js';
import type { SegmentNumbers } from './tcp-sequence.js';
import { protocolNumber, sctpBytes, tcpBytes, udpBytes } from './transport-bytes.js';

const ETHERTYPE = { IPv4: 0x0800, ARP: 0x0806 } as const;
const DONT_FRAGMENT = 0x4000;
const FRAGMENTATION_NEEDED = 4;

const arpBytes = ({ op, sha, spa, tha, tpa }: NonNullable<FrameJson['arp']>): Bytes =>
  join(u16(1, ETHERTYPE.IPv4), u8(6, 4), u16(op === 'request' ? 1 : 2), macBytes(sha), ipBytes(spa), macBytes(tha), ipBytes(tpa));

/** The identification is the packet's number in the trace, so that a reader can filter for all appearances of a packet. */
function ipv4Bytes({ src, dst, ttl, protocol }: IpJson, id: number, dontFragment: boolean, transport: Bytes): Bytes {
  const length = IP_HEADER_BYTES + transport.length;
  const header = join(
    u8(0x45, 0),
    u16(length, id & 0xffff, dontFragment ? DONT_FRAGMENT : 0),
    u8(ttl, protocolNumber(protocol)),
    u16(0),
    ipBytes(src),
    ipBytes(dst),
  );
  return join(withNumber(header, 10, u16(internetChecksum(header))), transport);
}

const withChecksum = (icmp: Bytes): Bytes => withNumber(icmp, 2, u16(internetChecksum(icmp)));

/** The known facts about a packet at a frame. */
interface Known {
  readonly packet: PacketJson | undefined;
  readonly payload: Bytes;
  readonly purpose: Purpose;
  readonly numbers: SegmentNumbers | undefined;
}

function knownOf(facts: PacketFacts | undefined, packet: PacketJson | undefined, protocol: IpJson['protocol']): Known {
  const length = packet ? payloadBytesIn(protocol, packet.ip.length) : 0;
  return { packet, payload: facts?.payload ?? zeros(length), purpose: facts?.purpose ?? 'request', numbers: facts?.numbers ?? undefined };
}

type Header = Pick<FrameJson, 'l4' | 'icmp' | 'inner'> & { readonly ip: IpJson };

function packetBytes(id: number, header: Header, known: Known, packets: PathPackets): Bytes {
  return ipv4Bytes(header.ip, id, known.packet?.ip.dontFragment ?? false, transportBytes(id, header, known, packets));
}

function transportBytes(id: number, { ip, l4, icmp, inner }: Header, known: Known, packets: PathPackets): Bytes {
  const { packet, payload, purpose, numbers } = known;
  if (icmp && inner) {
    const { mtu = 0 } = packet?.icmp ?? {};
    const rest = icmp.code === FRAGMENTATION_NEEDED ? u16(0, mtu) : u16(0, 0);
    // As much of the quoted packet as the model has.
    const quoted = quotedBytes(inner, id, packets);
    return withChecksum(join(u8(icmp.type, icmp.code), u16(0), rest, payload.length > 0 ? quoted.slice(0, payload.length) : quoted));
  }
  if (icmp) return withChecksum(join(u8(icmp.type, icmp.code), u16(0, packet?.icmp?.id ?? 0, 1), payload));
  if (!l4) return payload;
  switch (ip.protocol) {
    case 'TCP': return tcpBytes(ip, l4, payload, numbers);
    case 'UDP': return udpBytes(ip, l4, payload);
    case 'SCTP': return sctpBytes(l4, purpose, payload);
    case 'ICMP': return payload;
  }
}

/** The quoted packet, with the addresses in the error, which NAT rewrites on the error's way back. */
function quotedBytes(inner: InnerJson, error: number, packets: PathPackets): Bytes {
  const quoted = packets.quotedBy(inner, error);
  const ip = { ...inner.ip, ttl: quoted?.packet.ip.ttl ?? 1 };
  const flags = quoted?.packet.l4?.flags;
  const header: Header = {
    ip,
    ...(inner.l4 && { l4: flags ? { ...inner.l4, flags } : inner.l4 }),
    ...(inner.ip.protocol === 'ICMP' && { icmp: quoted?.packet.icmp ?? { type: 8, code: 0 } }),
  };
  return packetBytes(quoted?.id ?? 0, header, knownOf(quoted?.facts, quoted?.packet, inner.ip.protocol), packets);
}

/** The appearance of the packet whose header this frame shows. */
function appearanceOf(facts: PacketFacts | undefined, { ip, l4 }: Header): PacketJson | undefined {
  return facts?.appearances.find((each) => each.ip.src === ip.src && each.ip.dst === ip.dst && each.l4?.sport === l4?.sport && each.l4?.dport === l4?.dport)
    ?? facts?.appearances[0];
}

export function frameBytes(frame: FrameJson, packets: PathPackets): Bytes {
  const ethernet = join(macBytes(frame.eth.dst), macBytes(frame.eth.src), u16(ETHERTYPE[frame.eth.type]));
  if (frame.arp) return join(ethernet, arpBytes(frame.arp));
  const { ip } = frame;
  if (!ip) return ethernet;
  const header: Header = { ...frame, ip };
  const facts = packets.of(frame.packet);
  return join(ethernet, packetBytes(frame.packet, header, knownOf(facts, appearanceOf(facts, header), ip.protocol), packets));
}
