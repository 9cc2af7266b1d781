import type { Ipv4 } from '../values/ipv4.js';

/** One end of an open TCP connection, as its host's kernel knows it. */
export interface OpenSocket {
  readonly local: Ipv4;
  readonly localPort: number;
  readonly remote: Ipv4;
  readonly remotePort: number;
  /** Largest segment that the other end accepts, in bytes of data; absent if it did not say. */
  readonly segment?: number;
}
