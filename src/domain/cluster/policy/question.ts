import type { Protocol } from '../../packet/packet.js';
import type { Ipv4 } from '../../values/ipv4.js';
import type { Labels } from '../label-selector.js';
import type { Direction, TransportProtocol } from './policy.js';

/** The fields of a pod that policies use. */
export interface PolicyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** `null`: not scheduled. */
  readonly node: string | null;
  readonly hostNetwork: boolean;
  readonly finished: boolean;
  readonly containers: readonly {
    readonly ports: readonly { readonly name: string | null; readonly containerPort: number; readonly protocol: TransportProtocol }[];
  }[];
}

/** The other end of the traffic. */
export interface PolicyEnd {
  /** `null`: unknown, so that no block contains it. */
  readonly address: Ipv4 | null;
  /** The pod with a network namespace of its own that has the address. A hostNetwork pod is its node. */
  readonly pod: PolicyPod | null;
  /** The node that has the address. */
  readonly node: { readonly name: string; readonly labels: Labels } | null;
}

/** May this traffic pass the edge of `subject`, a pod with a network namespace of its own? */
export interface PolicyQuestion {
  readonly direction: Direction;
  readonly subject: PolicyPod;
  readonly peer: PolicyEnd;
  readonly protocol: Protocol;
  /** Destination port, after DNAT; ignored for ICMP. */
  readonly port: number;
}

/** The end whose containers define named ports. */
export const destinationOf = ({ direction, subject, peer }: PolicyQuestion): PolicyPod | null => (direction === 'INGRESS' ? subject : peer.pod);
