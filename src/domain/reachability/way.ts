import type { TransportProtocol } from '../cluster/policy/policy.js';
import type { NodeEnd } from './reach-end.js';

/** How packets between two ends go where no policy stops them. */
export interface Way {
  /** `null`: they arrive, and the answers come back. Else the reason's code. */
  readonly lost: string | null;
  /** Is the sender's edge passed, where its policies for egress are asked? */
  readonly asksSender: boolean;
  /** Is the receiver's edge passed? */
  readonly asksReceiver: boolean;
  /** The node whose address the receiver's edge sees; `null`: the sender's own. */
  readonly seenAs: NodeEnd | 'SENDERS_NODE' | null;
}

/** The network between the ends, and their sockets. */
export interface Ways {
  between(source: number, destination: number, protocol: TransportProtocol, port: number): Way;
  listens(destination: number, protocol: TransportProtocol, port: number): boolean;
}

const STRAIGHT: Way = { lost: null, asksSender: true, asksReceiver: true, seenAs: null };

/** Nothing but the policies: everybody listens, and every packet gets through. */
export const POLICIES_ALONE: Ways = { between: () => STRAIGHT, listens: () => true };
