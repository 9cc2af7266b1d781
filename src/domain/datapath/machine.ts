import type { Ipv4 } from '../values/ipv4.js';
import type { Netfilter } from './netfilter/rules.js';
import type { Interface, NetnsId, Route, Socket, Sysctls } from './netns.js';

/** A proxy's listener, and where it connects to for each client. */
export interface Relay {
  readonly address: Ipv4;
  readonly port: number;
  readonly toAddress: Ipv4;
  readonly toPort: number;
}

/** A network namespace in full, for an export: everything that `Netns` answers by lookups. */
export interface Machine {
  readonly id: NetnsId;
  readonly sysctls: Sysctls;
  /** `lo` first. */
  readonly interfaces: readonly Interface[];
  /** The main table, without the routes that the kernel makes for an interface's own network. */
  readonly routes: readonly Route[];
  readonly netfilter: Netfilter | null;
  readonly sockets: readonly Socket[];
  /** TCP only. */
  readonly relays: readonly Relay[];
  /** Addresses for which a program answers ARP requests on `eth0`. */
  readonly announces: readonly Ipv4[];
}
