/** Packets and frames as the API shows them, with the same field names for a step's packet and a captured frame. */
import type { Protocol } from '../../domain/packet/packet.js';

export interface EthernetJson {
  readonly src: string;
  readonly dst: string;
  readonly type: 'IPv4' | 'ARP';
}

export interface ArpJson {
  readonly op: 'request' | 'reply';
  /** Sender and target, hardware (`h`) and protocol (`p`) address, by their names in RFC 826. */
  readonly sha: string;
  readonly spa: string;
  readonly tha: string;
  readonly tpa: string;
}

export interface IpJson {
  readonly src: string;
  readonly dst: string;
  readonly ttl: number;
  readonly protocol: Protocol;
}

/** The IP header in a step, with what an MTU check reads. */
interface StepIpJson extends IpJson {
  /** Bytes, IP header included. */
  readonly length: number;
  readonly dontFragment: boolean;
}

export type TcpFlagJson = 'SYN' | 'ACK' | 'PSH' | 'RST';

export interface L4Json {
  readonly sport: number;
  readonly dport: number;
  /** TCP only. */
  readonly flags?: readonly TcpFlagJson[];
}

interface IcmpJson {
  readonly type: number;
  readonly code: number;
}

/** The ICMP header in a step. */
export interface StepIcmpJson extends IcmpJson {
  /** Echo id; 0 for errors. */
  readonly id: number;
  /** MTU of the next hop in a "fragmentation needed", else 0. */
  readonly mtu: number;
}

/** The header that an ICMP error quotes. */
export interface InnerJson {
  readonly ip: { readonly src: string; readonly dst: string; readonly protocol: Protocol };
  /** `null` if the quoted protocol has no ports. */
  readonly l4: { readonly sport: number; readonly dport: number } | null;
}

/** The packet as it is after a step. */
export interface PacketJson {
  /** One number for all appearances of one packet, NAT or not; the `packet` of its frames. */
  readonly id: number;
  readonly ip: StepIpJson;
  /** TCP, UDP and SCTP. */
  readonly l4?: L4Json;
  readonly icmp?: StepIcmpJson;
  /** ICMP errors. */
  readonly inner?: InnerJson;
}

/** One frame as a (not promiscuous) capture on `interface` shows it. */
export interface FrameJson {
  /** Position in the capture, from 0. */
  readonly seq: number;
  readonly packet: number;
  readonly netns: string;
  readonly interface: string;
  readonly direction: 'tx' | 'rx';
  readonly eth: EthernetJson;
  readonly arp?: ArpJson;
  readonly ip?: IpJson;
  readonly l4?: L4Json;
  readonly icmp?: IcmpJson;
  readonly inner?: InnerJson;
}
