import type { ConntrackState } from '../datapath/netfilter/rules.js';
import type { Packet } from '../packet/packet.js';
import type { InputRoute } from './input-route.js';
import type { Direction, TrackedConnection } from './tracked-connection.js';

/** A packet inside one namespace, with what the kernel notes on it there. @source Linux `struct sk_buff` */
export class Skb {
  packet: Packet;
  mark = 0;
  connection: TrackedConnection | null = null;
  direction: Direction = 0;
  /** `null`: not seen by conntrack (yet). */
  state: ConntrackState | null = null;
  /** PREROUTING was run by the bridge already. @source Linux `ip_sabotage_in` */
  prerouted = false;

  /** The bridge had to route it to see where it goes; it is not routed again. */
  routed: InputRoute | null = null;

  constructor(packet: Packet) {
    this.packet = packet;
  }
}
