/** Sequence numbers of TCP segments, which the model does not have. The initial numbers are arbitrary: Wireshark shows relative ones. */
import type { TcpFlagJson } from '../json/packet-json.js';

const CLIENT_SEQUENCE = 0x1000_0000;
const SERVER_SEQUENCE = 0x2000_0000;

export interface SegmentNumbers {
  readonly sequence: number;
  /** 0 if the segment acknowledges nothing. */
  readonly acknowledgement: number;
}

/** A segment with how far it gets on its side: its flags that count and its data. */
interface Sent extends SegmentNumbers {
  readonly length: number;
}

/**
 * On a connection on which one segment of data is sent, perhaps more than once.
 *
 * @param before the segment that this one answers; `null` where it is not known
 * @source RFC 9293 §3.5, §3.10.7.1
 */
export function segmentNumbers(flags: readonly TcpFlagJson[], isAnswer: boolean, before: Sent | null): SegmentNumbers {
  const has = (flag: TcpFlagJson): boolean => flags.includes(flag);
  const heard = before ? before.sequence + before.length : CLIENT_SEQUENCE + 1;
  if (has('SYN')) return has('ACK') ? { sequence: SERVER_SEQUENCE, acknowledgement: heard } : { sequence: CLIENT_SEQUENCE, acknowledgement: 0 };
  if (has('RST')) {
    return has('ACK') ? { sequence: 0, acknowledgement: heard } : { sequence: before?.acknowledgement ?? SERVER_SEQUENCE + 1, acknowledgement: 0 };
  }
  return isAnswer ? { sequence: SERVER_SEQUENCE + 1, acknowledgement: heard } : { sequence: CLIENT_SEQUENCE + 1, acknowledgement: SERVER_SEQUENCE + 1 };
}

export const sent = (numbers: SegmentNumbers, flags: readonly TcpFlagJson[], dataBytes: number): Sent => ({
  ...numbers,
  length: (flags.includes('SYN') ? 1 : 0) + dataBytes,
});
