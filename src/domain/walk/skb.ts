import type { ConntrackState } from '../datapath/netfilter/rules.js';
import type { Packet } from '../packet/packet.js';
import type { InputRoute } from './input-route.js';
import type { Direction, TrackedConnection } from './tracked-connection.js';

/** A packet inside one namespace, with the kernel's metadata about it. @source Linux `struct sk_buff` */
export class Skb {
  packet: Packet;
  mark = 0;
  connection: TrackedConnection | null = null;
  direction: Direction = 0;
  /** `null`: not seen by conntrack (yet). */
  state: ConntrackState | null = null;
  /** PREROUTING was run by the bridge already. @source Linux `ip_sabotage_in` */
  prerouted = false;

  /** The route that the bridge has already looked up for the packet. */
  routed: InputRoute | null = null;

  constructor(packet: Packet) {
    this.packet = packet;
  }
}
