/**
 * Gratuitous ARP: a host announces an address as its own. Hosts that have an entry for the address update it; others add
 * none.
 *
 * @source Linux `arp_process` (`is_garp`); RFC 5227 §3
 */
import type { InterfaceName } from '../datapath/interface-name.js';
import type { NetnsId, Network } from '../datapath/netns.js';
import type { Frame } from '../packet/packet.js';
import type { Ipv4 } from '../values/ipv4.js';
import { BROADCAST_MAC, ZERO_MAC } from '../values/mac.js';
import type { Advanced } from './advance.js';
import { ArpExchange, sendArp } from './arp.js';
import type { Tables } from './tables.js';
import { NO_CHOICES, Walk } from './walk.js';

export interface Announcement {
  readonly netns: NetnsId;
  readonly device: InterfaceName;
  readonly address: Ipv4;
}

export function announce(before: Tables, network: Network, { netns, device: name, address }: Announcement): Advanced {
  const walk = new Walk(network, before, NO_CHOICES, { capture: true });
  const host = walk.host(netns)!;
  const device = host.netns.interface(name)!;
  const frame: Frame = {
    source: device.mac, destination: BROADCAST_MAC, packet: null,
    arp: { op: 'request', senderMac: device.mac, senderIp: address, targetMac: ZERO_MAC, targetIp: address },
  };
  sendArp(new ArpExchange(walk), host, device, frame, walk.nextPacketId());
  return { tables: walk.tables(), frames: walk.frames! };
}
