/** Packets and frames, as steps and captures show them. */
import * as z from 'zod';
import type { FrameJson, PacketJson } from '../../render/json/packet-json.js';

export const ethernet = z.strictObject({ src: z.string(), dst: z.string(), type: z.enum(['IPv4', 'ARP']) });
export const arp = z
  .strictObject({ op: z.enum(['request', 'reply']), sha: z.string(), spa: z.string(), tha: z.string(), tpa: z.string() })
  .meta({ description: 'Sender and target, hardware and protocol address, by their names in RFC 826' });
export const protocol = z.enum(['TCP', 'UDP', 'SCTP', 'ICMP']);

const flags = z.array(z.enum(['SYN', 'ACK', 'PSH', 'RST'])).exactOptional().meta({ description: 'TCP only' });
const l4 = z.strictObject({ sport: z.int(), dport: z.int(), flags });
const inner = z
  .strictObject({
    ip: z.strictObject({ src: z.string(), dst: z.string(), protocol }),
    l4: z.strictObject({ sport: z.int(), dport: z.int() }).nullable(),
  })
  .meta({ description: 'The header that an ICMP error quotes' });

export const packet = z
  .strictObject({
    id: z.int().meta({ description: 'One number for all appearances of one packet, NAT or not; the `packet` of its frames' }),
    ip: z.strictObject({ src: z.string(), dst: z.string(), ttl: z.int(), protocol, length: z.int(), dontFragment: z.boolean() }),
    l4: l4.exactOptional(),
    icmp: z.strictObject({ type: z.int(), code: z.int(), id: z.int(), mtu: z.int() }).exactOptional(),
    inner: inner.exactOptional(),
  })
  .meta({ id: 'Packet' }) satisfies z.ZodType<PacketJson>;

export const frame = z
  .strictObject({
    seq: z.int(), packet: z.int(), netns: z.string(), interface: z.string(), direction: z.enum(['tx', 'rx']), eth: ethernet,
    arp: arp.exactOptional(),
    ip: z.strictObject({ src: z.string(), dst: z.string(), ttl: z.int(), protocol }).exactOptional(),
    l4: l4.exactOptional(),
    icmp: z.strictObject({ type: z.int(), code: z.int() }).exactOptional(),
    inner: inner.exactOptional(),
  })
  .meta({ id: 'Frame', description: 'As a capture (not promiscuous) on the interface shows it' }) satisfies z.ZodType<FrameJson>;
