import type { Ipv4 } from '../values/ipv4.js';

/** One end of an open TCP connection, as its host's kernel knows it. */
export interface OpenSocket {
  readonly local: Ipv4;
  readonly localPort: number;
  readonly remote: Ipv4;
  readonly remotePort: number;
  /** What the other end takes in one segment, in bytes of data; absent where it has not said. */
  readonly segment?: number;
}
