/**
 * One thing that happened to a packet, with the evidence that decided it. Kinds are those of the API; addresses are
 * numbers and entries are references, and become text only when a trace is presented.
 */
import type { Rcode } from '../dns/dns-record.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import type { Frame, Packet, Protocol } from '../packet/packet.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { InterfaceRef, NetnsId, Route, Socket } from '../datapath/netns.js';
import type { Cause, Hook, Rule, Table } from '../datapath/netfilter/rules.js';
import type { ConntrackEntry } from '../datapath/conntrack.js';
import type { NeighbourEntry, NeighbourState } from '../datapath/neighbours.js';

interface At {
  readonly netns: NetnsId;
  readonly interface: InterfaceName | null;
  /** The packet after this step; `null` for steps that concern only ARP. */
  readonly packet: Packet | null;
  /** The packet before this step, if the step changed it. */
  readonly before: Packet | null;
}

/** A rule that matched, in the chain it stands in. */
export interface Hit {
  readonly chain: string;
  readonly rule: Rule;
}

interface Branch {
  readonly rule: Rule;
  /** One of the branches is; each had the same chance. */
  readonly chosen: boolean;
}

/** A proxy's decision about an HTTP request. */
export interface ProxyDecision {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly tls: { readonly serverName: string; readonly certificate: string } | null;
  /** The rules that it considered, including those that do not match. */
  readonly rules: readonly { readonly text: string; readonly taken: boolean }[];
  /** Status of its own answer; `null` if it asks a backend, or could not answer. */
  readonly status: number | null;
  readonly location: string | null;
}

/**
 * Why routing drops a packet: no route, an address that is impossible on that interface, or the reverse-path filter.
 *
 * @source Linux `ip_route_input_slow`, `__fib_validate_source`
 */
export type RouteFailure = 'NO_ROUTE' | 'MARTIAN_SOURCE' | 'MARTIAN_DESTINATION' | 'REVERSE_PATH';

export type Step = At & (
  | { readonly kind: 'ORIGINATE'; readonly container: string | null; readonly what: 'request' | 'answer' | 'error' | 'reset' }
  | { readonly kind: 'LOOPBACK' }
  | { readonly kind: 'ROUTE_LOOKUP'; readonly purpose: 'output' | 'input' | 'reroute'; readonly destination: Ipv4; readonly route: Route | null;
      /** Source address that the lookup picked for a packet that had none. */
      readonly pickedSource: Ipv4 | null; readonly failure: RouteFailure | null }
  | { readonly kind: 'NEIGHBOUR_LOOKUP'; readonly nextHop: Ipv4; readonly answer: 'CACHED' | 'INCOMPLETE';
      readonly entry: NeighbourEntry | null; readonly state: NeighbourState | null }
  | { readonly kind: 'ARP_REQUEST'; readonly frame: Frame; readonly attempts: number; readonly answeredBy: InterfaceRef | null }
  | { readonly kind: 'ARP_REPLY'; readonly frame: Frame; readonly fromUserSpace: boolean }
  | { readonly kind: 'TRANSMIT'; readonly frame: Frame; readonly peer: InterfaceRef | null }
  | { readonly kind: 'RECEIVE'; readonly frame: Frame; readonly peer: InterfaceRef | null }
  | { readonly kind: 'BRIDGE_FORWARD'; readonly frame: Frame; readonly mac: Mac; readonly bridge: InterfaceName;
      readonly port: InterfaceName | 'local'; readonly learned: boolean }
  | { readonly kind: 'BRIDGE_FLOOD'; readonly frame: Frame; readonly bridge: InterfaceName;
      readonly reason: 'BROADCAST' | 'UNKNOWN_UNICAST'; readonly ingress: InterfaceName | null }
  | { readonly kind: 'NETFILTER'; readonly hook: Hook; readonly table: Table; readonly chain: string; readonly hits: readonly Hit[];
      readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT'; readonly byPolicy: boolean; readonly bridged: boolean;
      readonly inInterface: InterfaceName | null; readonly outInterface: InterfaceName | null;
      readonly markBefore: number; readonly markAfter: number;
      /** For a flooded frame: the number of identical copies that passed. */
      readonly copies?: number }
  | { readonly kind: 'CONNTRACK'; readonly hook: Hook; readonly action: 'NEW' | 'ORIGINAL' | 'REPLY' | 'RELATED' | 'INVALID' | 'CONFIRM';
      readonly entry: ConntrackEntry | null }
  | { readonly kind: 'SERVICE_CHOICE'; readonly hook: Hook; readonly table: Table; readonly chain: string;
      readonly branches: readonly Branch[]; readonly choice: object | null }
  | { readonly kind: 'DNAT' | 'SNAT'; readonly hook: Hook; readonly table: 'nat'; readonly chain: string; readonly rule: Rule;
      readonly applied: boolean; readonly skipped: string | null; readonly entry: ConntrackEntry | null }
  | { readonly kind: 'POLICY'; readonly hook: Hook; readonly table: Table; readonly chain: string; readonly verdict: 'ALLOW' | 'DENY';
      readonly explanation: object }
  | { readonly kind: 'UN_NAT'; readonly hook: Hook; readonly undoes: 'DNAT' | 'SNAT'; readonly entry: ConntrackEntry }
  | { readonly kind: 'FORWARD_CHECK'; readonly outInterface: InterfaceName; readonly outcome: 'FORWARDED' | 'TTL_EXPIRED' | 'MTU_EXCEEDED';
      readonly mtu: number }
  | { readonly kind: 'LOAD_BALANCE'; readonly address: Ipv4; readonly route: Route }
  | { readonly kind: 'SOCKET_LOOKUP'; readonly protocol: Protocol; readonly address: Ipv4; readonly port: number;
      readonly socket: Socket | null; readonly purpose: 'listener' | 'client' }
  | { readonly kind: 'DELIVER'; readonly socket: Socket | null; readonly to: 'server' | 'client' | 'kernel' }
  | { readonly kind: 'DROP'; readonly cause: Cause }
  | { readonly kind: 'REJECT'; readonly cause: Cause; readonly chain: string; readonly rule: Rule; readonly icmpCode: number }
  | { readonly kind: 'PROXY_ACCEPT'; readonly proxy: string; /** `null`: it does not read HTTP. */ readonly http: ProxyDecision | null }
  | { readonly kind: 'PROXY_CONNECT'; readonly proxy: string; readonly backend: string;
      /** Headers that it adds or passes on; `null` if it is not an HTTP proxy. */
      readonly headers: Readonly<Record<string, string>> | null }
  | { readonly kind: 'DNS_LOOKUP'; readonly name: string; readonly type: string; readonly server: Ipv4 | null; readonly rcode: Rcode;
      readonly answers: readonly Ipv4[];
      /** Every query that the resolver sent; this packet carried the one that decided. */
      readonly queries: readonly { readonly name: string; readonly type: string; readonly rcode: Rcode; readonly answers: readonly string[] }[];
      readonly resolver: { readonly nameservers: readonly string[]; readonly search: readonly string[]; readonly options: readonly string[] };
      /** What public DNS is assumed to answer, and why; `null` if no assumption was needed. */
      readonly assumption: string | null }
);

export type StepKind = Step['kind'];
