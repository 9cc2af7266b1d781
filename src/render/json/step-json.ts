/**
 * A trace's steps as the API shows them. A step is discriminated by `kind`, which decides the type of its `evidence`.
 * Entries carry `text`, the line that the Linux tool named beside them would print, and the same facts as fields.
 */
import type { Hook, Table } from '../../domain/datapath/netfilter/rules.js';
import type { NeighbourState } from '../../domain/datapath/neighbours.js';
import type { Considered } from '../../domain/cluster/policy/decision.js';
import type { Direction, PolicyKind } from '../../domain/cluster/policy/policy.js';
import type { Protocol } from '../../domain/packet/packet.js';
import type { ProxyDecision, RouteFailure, StepKind } from '../../domain/trace/step.js';
import type { ArpJson, EthernetJson, PacketJson } from './packet-json.js';

/** Every kind that the API names; those that `EvidenceByKind` lacks are not produced yet. */
export const STEP_KINDS = [
  'ORIGINATE', 'DNS_LOOKUP', 'LOOPBACK', 'ROUTE_LOOKUP', 'NEIGHBOUR_LOOKUP', 'ARP_REQUEST', 'ARP_REPLY', 'TRANSMIT', 'RECEIVE',
  'BRIDGE_FORWARD', 'BRIDGE_FLOOD', 'NETFILTER', 'CONNTRACK', 'SERVICE_CHOICE', 'DNAT', 'SNAT', 'UN_NAT', 'POLICY', 'FORWARD_CHECK',
  'ENCAPSULATE', 'DECAPSULATE', 'LOAD_BALANCE', 'PROXY_ACCEPT', 'PROXY_CONNECT', 'SOCKET_LOOKUP', 'DELIVER', 'DROP', 'REJECT',
] as const satisfies readonly (StepKind | 'ENCAPSULATE' | 'DECAPSULATE')[];

/** `text`: `ip route`. */
export interface RouteJson {
  readonly text: string;
  /** A CIDR, or `default`. */
  readonly destination: string;
  /** Next hop; `null` for a network on the link. */
  readonly via: string | null;
  readonly device: string;
  /** Preferred source address. */
  readonly source: string | null;
  readonly metric: number;
  readonly scope: 'host' | 'link' | 'global';
  readonly protocol: 'kernel' | 'boot' | 'static';
  readonly table: 'local' | 'main';
  /** What put the route there, in words. */
  readonly origin: string | null;
}

/** Why a rule exists or a packet was lost: a reason code and the object that it speaks of. */
export interface CauseJson {
  readonly code: string;
  /** E.g. `Service default/web`; `''` if there is nothing to name. */
  readonly subject: string;
}

/** `text`: `iptables-save`. */
export interface RuleJson {
  readonly text: string;
  readonly chain: string;
  /** The rule's target: `ACCEPT`, `DNAT`, …; a jump has the name of the chain. */
  readonly target: string;
  readonly cause: CauseJson | null;
}

/** `text`: `ip neigh`. */
export interface NeighbourJson {
  readonly text: string;
  readonly address: string;
  readonly device: string;
  /** `null` while incomplete or failed. */
  readonly mac: string | null;
  readonly state: NeighbourState;
}

/** `text`: `bridge fdb`. */
export interface FdbJson {
  readonly text: string;
  readonly mac: string;
  readonly port: string;
  readonly bridge: string;
}

/** For ICMP echo both ports are the echo id. */
export interface TupleJson {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
}

/** `text`: `conntrack -L`. */
export interface ConntrackJson {
  readonly text: string;
  readonly protocol: Protocol;
  readonly original: TupleJson;
  /** What an answer looks like as it comes in. */
  readonly reply: TupleJson;
  readonly destinationNat: boolean;
  readonly sourceNat: boolean;
  /** Whether it is in the table, and not only attached to the packet. */
  readonly confirmed: boolean;
  readonly replied: boolean;
}

export interface SocketJson {
  readonly protocol: Protocol;
  /** 0.0.0.0 listens on every address. */
  readonly address: string;
  readonly port: number;
  /** Its owner, e.g. a container's name. */
  readonly owner: string | null;
}

export interface InterfaceRefJson {
  readonly netns: string;
  readonly interface: string;
}

/** A frame on its way, and the other end of the wire. */
interface WireEvidence {
  readonly eth: EthernetJson;
  /** Set when the frame is an ARP message. */
  readonly arp: ArpJson | null;
  readonly peer: InterfaceRefJson | null;
}

/** An endpoint that a Service's rules choose from. */
export interface CandidateJson {
  readonly ip: string | null;
  readonly port: number | null;
  readonly pod: string | null;
  readonly node: string | null;
  /** Exact chance, e.g. `1/2`. */
  readonly weight: string;
  readonly chosen: boolean;
  /** The rule that led to it: `iptables-save`; `null` for those not chosen. */
  readonly rule: string | null;
}

/** An endpoint of the Service that its rules do not choose from here. */
export interface NotTakenJson {
  readonly ip: string;
  readonly port: number;
  readonly pod: string | null;
  readonly node: string | null;
  readonly why: string;
}

/** The result of one policy. */
export interface PolicyAnswerJson {
  readonly kind: PolicyKind;
  /** `null` for kinds without. */
  readonly namespace: string | null;
  readonly name: string;
  readonly outcome: Considered['outcome'];
  /** Position of the deciding rule in the object: `spec.ingress[0] from[1] ports[0]`. */
  readonly place: string | null;
  readonly rule: number | null;
  readonly peer: number | null;
  readonly port: number | null;
  /** Rules of admin policies may have names. */
  readonly ruleName: string | null;
  /** The answer in words. */
  readonly text: string;
}

interface NatEvidence {
  readonly hook: Hook;
  readonly table: 'nat';
  readonly chain: string;
  readonly rule: RuleJson;
  /** `false`: the rule notably did not apply, for the reason in `skipped`. */
  readonly applied: boolean;
  readonly skipped: string | null;
  readonly entry: ConntrackJson | null;
}

/** One type of evidence per kind of step. */
export interface EvidenceByKind {
  readonly ORIGINATE: { readonly what: 'request' | 'answer' | 'error' | 'reset'; readonly container: string | null };
  readonly DNS_LOOKUP: {
    readonly name: string; readonly type: string; readonly server: string | null; readonly rcode: string; readonly answers: readonly string[];
    /** Every query that the resolver sent, in order. */
    readonly queries: readonly { readonly name: string; readonly type: string; readonly rcode: string; readonly answers: readonly string[] }[];
    readonly resolver: { readonly nameservers: readonly string[]; readonly search: readonly string[]; readonly options: readonly string[] };
    /** What public DNS is assumed to answer, and why. */
    readonly assumption: string | null;
  };
  readonly LOOPBACK: { readonly device: string };
  readonly ROUTE_LOOKUP: {
    readonly purpose: 'output' | 'input' | 'reroute';
    readonly destination: string;
    /** `null` if no route matches. */
    readonly route: RouteJson | null;
    /** Source address that the lookup picked for a packet that had none. */
    readonly pickedSource: string | null;
    readonly failure: RouteFailure | null;
  };
  readonly NEIGHBOUR_LOOKUP: {
    readonly nextHop: string;
    readonly answer: 'CACHED' | 'INCOMPLETE';
    readonly entry: NeighbourJson | null;
    readonly state: NeighbourState | null;
  };
  readonly ARP_REQUEST: {
    /** `who-has … tell …` */
    readonly text: string;
    readonly eth: EthernetJson; readonly arp: ArpJson;
    /** Number of requests, including retries. */
    readonly attempts: number;
    /** `null`: nothing answers. */
    readonly answeredBy: InterfaceRefJson | null;
  };
  readonly ARP_REPLY: {
    /** `… is-at …` */
    readonly text: string;
    readonly eth: EthernetJson; readonly arp: ArpJson;
    /** A program answers, not the kernel. */
    readonly fromUserSpace: boolean;
  };
  readonly TRANSMIT: WireEvidence;
  readonly RECEIVE: WireEvidence;
  readonly BRIDGE_FORWARD: {
    readonly eth: EthernetJson; readonly bridge: string;
    /** `local`: up to the bridge's own interface. */
    readonly port: string;
    /** The bridge learned the sender's port from this frame. */
    readonly learned: boolean;
    readonly entry: FdbJson;
  };
  readonly BRIDGE_FLOOD: {
    readonly eth: EthernetJson;
    readonly bridge: string;
    readonly reason: 'BROADCAST' | 'UNKNOWN_UNICAST';
    readonly ingress: string | null;
  };
  readonly NETFILTER: {
    readonly hook: Hook; readonly table: Table; readonly chain: string;
    readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT' | 'CONTINUE';
    /** No rule decided; the chain's policy did. */
    readonly byPolicy: boolean;
    /** Called for a bridged frame (bridge-nf-call-iptables). */
    readonly bridged: boolean;
    readonly inInterface: string | null; readonly outInterface: string | null;
    /** Packet marks, hexadecimal. */
    readonly markBefore: string; readonly markAfter: string;
    /** For a flooded frame: the number of copies that passed, one for each port. */
    readonly copies?: number;
    /** The rules that matched, in order, without jumps into chains that returned without an effect. */
    readonly rules: readonly RuleJson[];
  };
  readonly CONNTRACK: {
    readonly hook: Hook;
    readonly action: 'NEW' | 'ORIGINAL' | 'REPLY' | 'RELATED' | 'INVALID' | 'CONFIRM';
    readonly entry: ConntrackJson | null;
  };
  readonly SERVICE_CHOICE: {
    readonly hook: Hook; readonly table: Table; readonly chain: string;
    /** `namespace/name`; `null` if the chain belongs to no Service. */
    readonly service: string | null;
    /** Name of the port, or its number if it has none. */
    readonly servicePort: string | null;
    readonly candidates: readonly CandidateJson[];
    readonly notTaken: readonly NotTakenJson[];
  };
  readonly DNAT: NatEvidence;
  readonly SNAT: NatEvidence;
  readonly POLICY: {
    readonly hook: Hook; readonly table: Table; readonly chain: string;
    /** Whether the pod receives the packet or sends it. */
    readonly direction: Direction;
    /** The pod whose edge the packet passes: `namespace/name`. */
    readonly pod: string;
    readonly allowed: boolean;
    /** `false`: no policy was evaluated, for the reason in `skipped`. */
    readonly applied: boolean;
    readonly skipped: 'ESTABLISHED' | 'OWN_NODE' | 'ITSELF' | null;
    /** The rule that allowed or denied the packet; `null` if none did. */
    readonly decidedBy: PolicyAnswerJson | null;
    /** Every policy that was evaluated, in order. */
    readonly considered: readonly PolicyAnswerJson[];
  };
  readonly UN_NAT: { readonly hook: Hook; readonly undoes: 'DNAT' | 'SNAT'; readonly entry: ConntrackJson };
  readonly FORWARD_CHECK: {
    readonly outInterface: string; readonly outcome: 'FORWARDED' | 'TTL_EXPIRED' | 'MTU_EXCEEDED';
    /** Bytes that the outgoing interface carries. */
    readonly mtu: number;
  };
  readonly LOAD_BALANCE: {
    readonly address: string; readonly route: RouteJson;
    /** The Service that the address belongs to. */
    readonly service: string | null;
    /** The node that the load balancer sends to. */
    readonly chosen: string | null;
    /** Nodes that it could have sent to; only the first if there are very many. */
    readonly candidates: readonly { readonly node: string; readonly healthy: boolean; readonly why: string }[];
  };
  readonly SOCKET_LOOKUP: {
    readonly protocol: Protocol;
    readonly address: string;
    readonly port: number;
    readonly socket: SocketJson | null;
    readonly purpose: 'listener' | 'client';
  };
  readonly DELIVER: { readonly to: 'server' | 'client' | 'kernel'; readonly socket: SocketJson | null };
  readonly DROP: { readonly cause: CauseJson };
  readonly REJECT: { readonly cause: CauseJson; readonly rule: RuleJson | null; readonly icmpCode: number };
  readonly PROXY_ACCEPT: { readonly proxy: string; readonly http: ProxyDecision | null };
  readonly PROXY_CONNECT: { readonly proxy: string; readonly backend: string; readonly headers: Readonly<Record<string, string>> | null };
}

export interface AtJson {
  readonly netns: string;
  readonly interface?: string;
  readonly hook?: Hook;
  readonly table?: Table;
  readonly chain?: string;
}

/** `field` is a path in the packet's JSON (`ip.dst`), `eth.src`, `eth.dst`, or `mark`; values as text. */
export interface ChangeJson {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

interface StepBase<Kind extends StepKind> {
  /** Position in the leg, from 0. */
  readonly seq: number;
  readonly kind: Kind;
  readonly at: AtJson;
  /** As it is after this step; `null` for a step about ARP alone. */
  readonly packet: PacketJson | null;
  readonly changes: readonly ChangeJson[];
  readonly evidence: EvidenceByKind[Kind];
  /** Summary in one sentence. */
  readonly summary: string;
}

/** A union with one member per kind: `if (step.kind === 'DNAT')` narrows `step.evidence`. */
export type StepJson = { readonly [Kind in StepKind]: StepBase<Kind> }[StepKind];
export type StepJsonOf<Kind extends StepKind> = Extract<StepJson, { kind: Kind }>;

