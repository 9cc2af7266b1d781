/** The bytes of TCP, UDP and SCTP in a packet. */
import type { L4Json, TcpFlagJson } from '../json/packet-json.js';
import { internetChecksum, sctpChecksum } from './checksums.js';
import { ipBytes, join, padded, u16, u32, u8, withNumber, zeros, type Bytes } from './bytes.js';
import type { Purpose } from './packet-facts.js';
import { segmentNumbers } from './tcp-sequence.js';

export interface Ends {
  readonly src: string;
  readonly dst: string;
}

const PROTOCOL_NUMBERS = { TCP: 6, UDP: 17, SCTP: 132, ICMP: 1 } as const;
export const protocolNumber = (protocol: keyof typeof PROTOCOL_NUMBERS): number => PROTOCOL_NUMBERS[protocol];

const pseudoHeader = ({ src, dst }: Ends, protocol: 'TCP' | 'UDP', length: number): Bytes =>
  join(ipBytes(src), ipBytes(dst), u8(0, PROTOCOL_NUMBERS[protocol]), u16(length));

const WINDOW = 64_240;
const FLAG_BITS: Record<TcpFlagJson, number> = { SYN: 0x02, RST: 0x04, PSH: 0x08, ACK: 0x10 };

/** A TCP header without options, as in the model. A reset has no window. @source Linux `tcp_v4_send_reset`, `nf_reject_ip_tcphdr_put` */
export function tcpBytes(
  ends: Ends,
  { sport, dport, flags = [] }: L4Json,
  payload: Bytes,
  { sequence, acknowledgement } = segmentNumbers(flags, false, null),
): Bytes {
  const bits = flags.reduce((sum, flag) => sum | FLAG_BITS[flag], 0);
  const segment = join(u16(sport, dport), u32(sequence, acknowledgement), u8(5 << 4, bits), u16(flags.includes('RST') ? 0 : WINDOW, 0, 0), payload);
  return withNumber(segment, 16, u16(internetChecksum(join(pseudoHeader(ends, 'TCP', segment.length), segment))));
}

export function udpBytes(ends: Ends, { sport, dport }: L4Json, payload: Bytes): Bytes {
  const length = 8 + payload.length;
  const datagram = join(u16(sport, dport, length, 0), payload);
  const checksum = internetChecksum(join(pseudoHeader(ends, 'UDP', length), datagram));
  return withNumber(datagram, 6, u16(checksum === 0 ? 0xffff : checksum)); // 0 would mean that there is no checksum
}

const CHUNK = { DATA: 0, INIT: 1, INIT_ACK: 2, ABORT: 6 } as const;
const STATE_COOKIE = 7;
const CLIENT_TAG = 0x1000_0001;
const SERVER_TAG = 0x2000_0001;

const chunk = (type: number, flags: number, value: Bytes): Bytes => padded(join(u8(type, flags), u16(4 + value.length), value));

/** Tag, receive window, streams out and in, first number of a chunk of data. */
const initValue = (tag: number): Bytes => join(u32(tag, 106_496), u16(10, 65_535), u32(1));

/**
 * The chunk that the packet stands for, which the model's length leaves out: a message where there is a payload, else the
 * opening of an association. @source RFC 9260 §3.3
 */
function sctpChunk(purpose: Purpose, payload: Bytes): Bytes {
  if (purpose === 'reset') return chunk(CHUNK.ABORT, 0, zeros(0));
  if (payload.length > 0) return chunk(CHUNK.DATA, 0b11, join(u32(1), u16(0, 0), u32(0), payload)); // first and last fragment
  if (purpose === 'answer') return chunk(CHUNK.INIT_ACK, 0, join(initValue(SERVER_TAG), u16(STATE_COOKIE, 8), u32(SERVER_TAG)));
  return chunk(CHUNK.INIT, 0, initValue(CLIENT_TAG));
}

export function sctpBytes({ sport, dport }: L4Json, purpose: Purpose, payload: Bytes): Bytes {
  const isOpening = purpose === 'request' && payload.length === 0;
  const tag = isOpening ? 0 : purpose === 'request' ? SERVER_TAG : CLIENT_TAG;
  const packet = join(u16(sport, dport), u32(tag, 0), sctpChunk(purpose, payload));
  return withNumber(packet, 8, u32(sctpChecksum(packet)));
}
