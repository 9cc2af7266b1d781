/**
 * The blocks of a capture file, in network byte order, which a file may choose.
 *
 * @source draft-ietf-opsawg-pcapng §3, §4
 */
import { join, padded, u16, u32, u64, u8, utf8, type Bytes } from './bytes.js';

const BLOCK = { SECTION: 0x0a0d0d0a, INTERFACE: 1, ENHANCED_PACKET: 6 } as const;
const OPTION = { END: 0, COMMENT: 1, USER_APPLICATION: 4, IF_NAME: 2, IF_DESCRIPTION: 3, IF_RESOLUTION: 9, FLAGS: 2, PACKET_ID: 5 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;
/** Decimal places of a second in a time stamp. */
const MICROSECONDS = 6;
/** An option's length has 16 bits. */
const LONGEST_OPTION = 0xfffc;

const option = (code: number, value: Bytes): Bytes => {
  const fitting = value.subarray(0, LONGEST_OPTION);
  return join(u16(code, fitting.length), padded(fitting));
};

function block(type: number, body: Bytes, options: readonly Bytes[]): Bytes {
  const content = join(body, ...options, ...(options.length > 0 ? [u16(OPTION.END, 0)] : []));
  const length = u32(content.length + 12);
  return join(u32(type), length, content, length);
}

/** @param comment on the file as a whole */
export const sectionBlock = (application: string, comment: string): Bytes =>
  block(BLOCK.SECTION, join(u32(BYTE_ORDER_MAGIC), u16(1, 0), u32(0xffff_ffff, 0xffff_ffff)), [
    option(OPTION.COMMENT, utf8(comment)),
    option(OPTION.USER_APPLICATION, utf8(application)),
  ]);

export const interfaceBlock = (name: string, description: string): Bytes =>
  block(BLOCK.INTERFACE, join(u16(LINKTYPE_ETHERNET, 0), u32(0)), [
    option(OPTION.IF_NAME, utf8(name)),
    option(OPTION.IF_DESCRIPTION, utf8(description)),
    option(OPTION.IF_RESOLUTION, u8(MICROSECONDS)),
  ]);

interface CapturedPacket {
  /** Position of its interface's block, from 0. */
  readonly interfaceId: number;
  /** Since the epoch. */
  readonly microseconds: number;
  readonly bytes: Bytes;
  readonly direction: 'tx' | 'rx';
  readonly isBroadcast: boolean;
  /** The same on every interface that sees the packet. */
  readonly packetId: number;
  readonly comment: string | null;
}

const DIRECTION = { rx: 1, tx: 2 } as const;
const RECEPTION = { unicast: 1 << 2, broadcast: 3 << 2 } as const;

export function packetBlock({ interfaceId, microseconds, bytes, direction, isBroadcast, packetId, comment }: CapturedPacket): Bytes {
  const flags = DIRECTION[direction] | (isBroadcast ? RECEPTION.broadcast : RECEPTION.unicast);
  return block(BLOCK.ENHANCED_PACKET, join(u32(interfaceId), u64(microseconds), u32(bytes.length, bytes.length), padded(bytes)), [
    ...(comment === null ? [] : [option(OPTION.COMMENT, utf8(comment))]),
    option(OPTION.FLAGS, u32(flags)),
    option(OPTION.PACKET_ID, u64(packetId)),
  ]);
}
