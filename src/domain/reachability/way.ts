import type { TransportProtocol } from '../cluster/policy/policy.js';
import type { NodeEnd } from './reach-end.js';

/** How packets travel between two ends if no policy stops them. */
export interface Way {
  /** The reason's code; `null` if they arrive and the answers come back. */
  readonly lost: string | null;
  /** Do packets pass the sender's edge, where its egress policies are evaluated? */
  readonly asksSender: boolean;
  /** Do packets pass the receiver's edge? */
  readonly asksReceiver: boolean;
  /** The node whose address the receiver's edge sees as the source; `null` if it sees the sender's own. */
  readonly seenAs: NodeEnd | 'SENDERS_NODE' | null;
}

/** The network between the ends, and their sockets. */
export interface Ways {
  between(source: number, destination: number, protocol: TransportProtocol, port: number): Way;
  listens(destination: number, protocol: TransportProtocol, port: number): boolean;
}

const STRAIGHT: Way = { lost: null, asksSender: true, asksReceiver: true, seenAs: null };

/** Only policies count: every end listens, and every packet arrives. */
export const POLICIES_ALONE: Ways = { between: () => STRAIGHT, listens: () => true };
