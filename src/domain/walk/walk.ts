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

/** Everything a walk leaves to its caller, so that the same input has the same output. */
export interface Choices {
  /** Asked for a single branch too. @returns index into `fork.branches` */
  branch(fork: Fork): number;
  /**
   * A random 16-bit number: where the search for a free port begins, for a translation in `netns` that may not or can not
   * keep its own; asked again for each `round` of it.
   */
  portOffset(netns: NetnsId, wanted: Tuple, round: number): number;
}

/** For what meets no choice. */
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

/** A packet that this one gave rise to: an answer, an error, a reset. */
export interface Offspring {
  readonly host: Host;
  readonly packet: Packet;
  readonly what: 'answer' | 'error' | 'reset';
  /** The connection of the packet it speaks of. @source Linux `nf_ct_attach` */
  readonly connection: TrackedConnection | null;
  readonly direction: Direction;
}

/** A socket that has called connect() and waits. */
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
  /** Packets of earlier walks; numbering goes on after them. */
  readonly packetsBefore?: number;
  /** `touched` tells only what the walk has made, changed or used, not all that a namespace knows. */
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
 * namespace back through `arrival`, so that a long way does not become a deep stack.
 */
export class Walk {
  readonly network: Network;
  readonly choices: Choices;
  readonly frames: CapturedFrame[] | null;
  /** Copies of a flooded frame that are still in the air; they arrive when the one on the path does. */
  readonly copies: CapturedFrame[] = [];
  steps: Step[] = [];
  arrival: Arrival | null = null;
  /** A packet that `lo` has turned round; it keeps what the kernel noted on it. */
  looped: { readonly host: Host; readonly skb: Skb } | null = null;
  end: End | null = null;
  /** The client's connection is open already: what is sent is a segment of it. */
  resumed = false;
  readonly offspring: Offspring[] = [];
  /** What is under way, beside packets of the client's own: of a datagram only its sender knows. */
  underWay: Offspring['what'] | null = null;
  /** What the server says that it takes in one TCP segment, in bytes of data; `null` while it has said nothing. */
  segment: number | null = null;
  /** Where the answers are awaited; set once the first packet has its source. */
  client: ClientSocket | null = null;
  /** While answers are under way: where those to a source outside of the model leave, by the way its packet came in. */
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

  /** Loses the packet here, with a step that says so. */
  drop(host: Host, device: InterfaceName | null, skb: Skb, cause: Cause, disposition: Disposition = 'DROPPED'): void {
    this.steps.push({ kind: 'DROP', netns: host.netns.id, interface: device, packet: skb.packet, before: null, cause });
    this.finish(disposition, cause, host, skb.packet);
  }

  /** Where, before this walk, the neighbour `address` was given up on, or taken to have another MAC address. */
  mistakenAbout(address: Ipv4, mac: Mac): readonly InterfaceRef[] {
    let found: InterfaceRef[] | undefined;
    for (const [netns, { neighbours }] of this.#tables) {
      for (const entry of neighbours) if (entry.address === address && entry.mac !== mac) (found ??= []).push({ netns, name: entry.device });
    }
    return found ?? NOWHERE;
  }

  /** All caches as they are now, those of untouched namespaces included. */
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
