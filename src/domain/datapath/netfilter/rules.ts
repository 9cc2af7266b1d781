/**
 * Netfilter rules as typed data. One rule is one line of `iptables-save`; its text exists only in `render/`.
 *
 *     prerouting ─┬─ (route) ─── forward ───┬─ postrouting ──▶
 *                 └─ input ─▶ socket ─▶ output ┘
 *
 * At a hook the base chains run in the order of their priority: conntrack (−200), mangle (−150), dstnat (−100),
 * filter (0), srcnat (100). nat chains see only the first packet of a connection.
 */
import type { Cidr } from '../../values/cidr.js';
import type { Ipv4 } from '../../values/ipv4.js';
import type { Packet, Protocol } from '../../packet/packet.js';
import type { InterfaceName } from '../interface-name.js';

export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';
export type Table = 'raw' | 'mangle' | 'nat' | 'filter';
export type ConntrackState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID';

export interface Negatable<T> {
  readonly value: T;
  readonly negate: boolean;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The matches of a rule beside the header fields, in the order in which they are printed. */
export type Match =
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'destinationPort'; readonly port: PortRange }
  /** `-m multiport --dports`, at most 15. */
  | { readonly kind: 'destinationPorts'; readonly ports: readonly number[] }
  | { readonly kind: 'addressType'; readonly side: 'source' | 'destination'; readonly type: 'LOCAL'; readonly negate: boolean }
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number; readonly negate: boolean }
  | { readonly kind: 'conntrackState'; readonly states: readonly (ConntrackState | 'DNAT')[]; readonly negate: boolean }
  /** True once in `outOf` times. The rule is one branch of a random choice; see `walk/evaluate-chain`. */
  | { readonly kind: 'statistic'; readonly outOf: number }
  /** `-m recent --name … --rcheck --seconds … --reap`: session affinity. Matches when `name` holds the source address. */
  | { readonly kind: 'recentCheck'; readonly name: string; readonly seconds: number }
  /** `-m recent --name … --set`: always matches, and remembers the source address under `name`. */
  | { readonly kind: 'recentSet'; readonly name: string };

export type Target =
  | { readonly kind: 'ACCEPT' }
  | { readonly kind: 'DROP' }
  | { readonly kind: 'RETURN' }
  | { readonly kind: 'REJECT'; readonly with: 'icmp-port-unreachable' }
  | { readonly kind: 'JUMP'; readonly chain: string }
  | { readonly kind: 'GOTO'; readonly chain: string }
  /** mark = (mark & ~mask) ^ value, as `--set-xmark value/mask` */
  | { readonly kind: 'MARK'; readonly value: number; readonly mask: number }
  | { readonly kind: 'DNAT'; readonly address: Ipv4; readonly port: number | null }
  | { readonly kind: 'SNAT'; readonly address: Ipv4 }
  | { readonly kind: 'MASQUERADE'; readonly randomFully: boolean }
  | { readonly kind: 'CONTINUE' };

export interface Rule {
  readonly source?: Negatable<Cidr>;
  readonly destination?: Negatable<Cidr>;
  /** A name, or a prefix ending in `+`. */
  readonly inInterface?: Negatable<InterfaceName>;
  readonly outInterface?: Negatable<InterfaceName>;
  readonly protocol?: Protocol;
  readonly matches: readonly Match[];
  readonly target: Target;
  /** A `reason.code` for the packet that this rule drops or rejects, e.g. `SERVICE_NO_ENDPOINTS`, with the object it speaks of. */
  readonly cause?: Cause;
}

/** Why a rule exists, in terms of what it was compiled from. The walk hands it on and never reads it. */
export interface Cause {
  readonly code: string;
  /** E.g. `Service default/web`. */
  readonly subject: string;
}

/** What a packet offers to match on at a hook. */
export interface MatchContext {
  readonly packet: Packet;
  readonly mark: number;
  readonly inInterface: InterfaceName | null;
  readonly outInterface: InterfaceName | null;
  readonly state: ConntrackState;
  /** Its connection's destination is translated; a state of its own in rules. */
  readonly destinationNat: boolean;
}

export interface Chain {
  readonly name: string;
  /** The rules that can match this packet, in chain order; others may be among them. */
  rulesFor(context: MatchContext): readonly Rule[];
  /** Every rule, in chain order. */
  allRules(): Iterable<Rule>;
  /** What a random choice in this chain is among; the walk hands it on and never reads it. */
  readonly choice?: object;
  /** What lets a packet return from this chain, or loses it there; the walk hands it on and never reads it. */
  explain?(context: MatchContext): object;
}

export interface BaseChain {
  readonly table: Table;
  readonly hook: Hook;
  readonly policy: 'ACCEPT' | 'DROP';
  readonly chain: Chain;
}

export interface Netfilter {
  /** Base chains at a hook, in priority order. */
  at(hook: Hook): readonly BaseChain[];
  /** @returns `undefined` when the table has no such user chain. */
  chain(table: Table, name: string): Chain | undefined;
  /** Every chain of a table, base chains first, user chains in name order; for exports. */
  allChains(table: Table): Iterable<Chain>;
  /** Does a rule keep the list of recent addresses of this name? It lives as long. */
  hasRecentList(name: string): boolean;
}
