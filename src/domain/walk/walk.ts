import type { Tuple } from '../datapath/conntrack.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { InterfaceRef, Network, NetnsId } from '../datapath/netns.js';
import type { Chain, Cause, Rule } from '../datapath/netfilter/rules.js';
import type { Frame, Packet } from '../packet/packet.js';
import type { Disposition } from '../trace/disposition.js';
import type { Step } from '../trace/step.js';
import type { CapturedFrame } from '../trace/trace.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import type { Skb } from './skb.js';
import { Host } from './host.js';
import type { Tables } from './tables.js';
import type { Direction, TrackedConnection } from './tracked-connection.js';

/** A random choice among rules of one chain, each as likely as the others. */
export interface Fork {
  readonly chain: Chain;
  readonly branches: readonly Rule[];
}

/** The random decisions of a walk. The caller makes them, so that a walk is deterministic. */
export interface Choices {
  /** Called even if there is only one branch. @returns index into `fork.branches` */
  branch(fork: Fork): number;
  /**
   * A random 16-bit number: where the search for a free source port begins, for a translation in `netns` that cannot keep its
   * port. Called again for each `round` of the search.
   */
  portOffset(netns: NetnsId, wanted: Tuple, round: number): number;
}

/** For walks that meet no random choice. */
export const NO_CHOICES: Choices = {
  branch: () => 0,
  portOffset: () => 0,
};

/** An end of a leg. */
export interface End {
  readonly disposition: Disposition;
  /** Why, where it is not `ACCEPTED`. */
  readonly cause: Cause | null;
  readonly netns: NetnsId;
  /** The packet as it was at its end. */
  readonly packet: Packet;
  /** Index of the step that ended it. */
  readonly step: number;
}

/** A packet that another one has caused: an answer, an ICMP error or a reset. */
export interface Offspring {
  readonly host: Host;
  readonly packet: Packet;
  readonly what: 'answer' | 'error' | 'reset';
  /** For an error: the connection of the packet that it is about. @source Linux `nf_ct_attach` */
  readonly connection: TrackedConnection | null;
  readonly direction: Direction;
}

/** The client's socket, which has called connect() and waits for an answer. */
export interface ClientSocket {
  readonly netns: NetnsId;
  readonly local: Ipv4;
  readonly localPort: number;
  readonly remote: Ipv4;
  readonly remotePort: number;
}

export interface WalkOptions {
  /** Keep every frame, flooded copies included. */
  readonly capture: boolean;
  /** How many packets earlier walks have numbered; numbering continues after them. */
  readonly packetsBefore?: number;
  /** `touched` holds only the entries that the walk has made, changed or used, not the whole tables. */
  readonly changesOnly?: boolean;
}

interface Arrival {
  readonly host: Host;
  readonly device: InterfaceName;
  readonly frame: Frame;
}

const NOWHERE: readonly InterfaceRef[] = [];

/**
 * The state of one walk. Stages read the datapath, write steps here, and hand a frame that crosses to another
 * namespace back through `arrival`, so that a long path does not become a deep call stack.
 */
export class Walk {
  readonly network: Network;
  readonly choices: Choices;
  readonly frames: CapturedFrame[] | null;
  /** Copies of a flooded frame that are still in the air; they arrive when the one on the path does. */
  readonly copies: CapturedFrame[] = [];
  steps: Step[] = [];
  arrival: Arrival | null = null;
  /** A packet that went out by `lo` and comes in again. It keeps its metadata, such as its connection. */
  looped: { readonly host: Host; readonly skb: Skb } | null = null;
  end: End | null = null;
  /** Whether the client's TCP connection was already open, so that the flow is a segment of it. */
  resumed = false;
  readonly offspring: Offspring[] = [];
  /** The kind of packet under way; `null` for one that the client sends. A datagram does not show it by itself. */
  underWay: Offspring['what'] | null = null;
  /** The MSS that the server has advertised, in bytes; `null` before that. */
  segment: number | null = null;
  /** The socket that waits for the answer; set once the first packet has its source address. */
  client: ClientSocket | null = null;
  /** For a flow from outside of the model, once its packet is on its way: the interface where answers to its source leave the model. */
  exit: { readonly netns: NetnsId; readonly device: InterfaceName; readonly address: Ipv4 } | null = null;

  readonly #hosts = new Map<NetnsId, Host>();
  readonly #tables: Tables;
  #packets: number;

  constructor(network: Network, tables: Tables, choices: Choices, options: WalkOptions) {
    this.network = network;
    this.#tables = tables;
    this.choices = choices;
    this.frames = options.capture ? [] : null;
    this.#packets = options.packetsBefore ?? 0;
  }

  /** @returns `undefined` when there is no such namespace. */
  host(id: NetnsId): Host | undefined {
    const known = this.#hosts.get(id);
    if (known) return known;
    const netns = this.network.netns(id);
    if (!netns) return undefined;
    const host = new Host(netns, this.#tables.get(id));
    this.#hosts.set(id, host);
    return host;
  }

  /** Packets numbered so far. */
  get packets(): number {
    return this.#packets;
  }

  nextPacketId(): number {
    this.#packets += 1;
    return this.#packets;
  }

  capture(host: Host, device: InterfaceName, direction: 'tx' | 'rx', frame: Frame, packet: number, flooded = false): void {
    if (this.frames === null) return;
    this.frames.push({ packet, netns: host.netns.id, interface: device, direction, frame, flooded });
    if (direction === 'rx') this.landCopies();
  }

  landCopies(): void {
    if (this.copies.length > 0) this.frames?.push(...this.copies.splice(0));
  }

  finish(disposition: Disposition, cause: Cause | null, host: Host, packet: Packet): void {
    this.end ??= { disposition, cause, netns: host.netns.id, packet, step: Math.max(0, this.steps.length - 1) };
  }

  /** Drops the packet here: adds a `DROP` step and records the end. */
  drop(host: Host, device: InterfaceName | null, skb: Skb, cause: Cause, disposition: Disposition = 'DROPPED'): void {
    this.steps.push({ kind: 'DROP', netns: host.netns.id, interface: device, packet: skb.packet, before: null, cause });
    this.finish(disposition, cause, host, skb.packet);
  }

  /** Interfaces whose neighbour entry for `address` had failed, or had another MAC address, before this walk. */
  mistakenAbout(address: Ipv4, mac: Mac): readonly InterfaceRef[] {
    let found: InterfaceRef[] | undefined;
    for (const [netns, { neighbours }] of this.#tables) {
      for (const entry of neighbours) if (entry.address === address && entry.mac !== mac) (found ??= []).push({ netns, name: entry.device });
    }
    return found ?? NOWHERE;
  }

  /** All tables as they are now, including those of namespaces that the walk has not visited. */
  tables(): Tables {
    const tables = new Map(this.#tables);
    for (const [id, host] of this.#hosts) tables.set(id, host.tables());
    return tables;
  }

  touchedHosts(): Iterable<Host> {
    return this.#hosts.values();
  }
}

export const cause = (code: string, subject = ''): Cause => ({ code, subject });
