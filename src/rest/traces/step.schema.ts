/** The steps of a trace: one schema for each kind, told apart by `kind`, which decides the shape of `evidence`. */
import * as z from 'zod';
import type { StepKind } from '../../domain/trace/step.js';
import type { EvidenceByKind, StepJson } from '../../render/json/step-json.js';
import { cause, conntrackEntry, fdbEntry, interfaceRef, neighbour, neighbourState, route, rule, socket } from './entries.schema.js';
import { arp, ethernet, packet, protocol } from './packet.schema.js';

const hook = z.enum(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);
const table = z.enum(['raw', 'mangle', 'nat', 'filter']);

const wire = z.strictObject({
  eth: ethernet,
  arp: arp.nullable().meta({ description: 'Set if the frame is an ARP message' }),
  peer: interfaceRef.nullable().meta({ description: 'The other end of the wire' }),
});

const candidate = z.strictObject({
  ip: z.string().nullable(), port: z.int().nullable(), pod: z.string().nullable(), node: z.string().nullable(),
  weight: z.string().meta({ description: 'Exact chance', example: '1/2' }),
  chosen: z.boolean(),
  rule: z.string().nullable().meta({ description: 'The rule that led to it, as `iptables-save` prints it; null for those not chosen' }),
});
const notTaken = z.strictObject({ ip: z.string(), port: z.int(), pod: z.string().nullable(), node: z.string().nullable(), why: z.string() });

const nat = z.strictObject({
  hook,
  table: z.literal('nat'),
  chain: z.string(),
  rule,
  applied: z.boolean().meta({ description: 'false: the rule notably did not apply, for the reason in `skipped`' }),
  skipped: z.string().nullable(),
  entry: conntrackEntry.nullable(),
});

const policyAnswer = z
  .strictObject({
    kind: z.enum(['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy']),
    namespace: z.string().nullable(),
    name: z.string(),
    outcome: z.enum(['ALLOWED', 'DENIED', 'PASSED', 'NO_RULES', 'NO_PEER', 'NO_PORT']),
    place: z.string().nullable().meta({ description: 'Position of the deciding rule in the object', example: 'spec.ingress[0] from[1] ports[0]' }),
    rule: z.int().nullable(), peer: z.int().nullable(), port: z.int().nullable(),
    ruleName: z.string().nullable().meta({ description: 'Rules of admin policies may have names' }),
    text: z.string().meta({ description: 'The answer in words' }),
  })
  .meta({ id: 'PolicyAnswer', description: 'The result of one policy' });

const proxyDecision = z
  .strictObject({
    method: z.string(),
    host: z.string(),
    path: z.string(),
    tls: z.strictObject({ serverName: z.string(), certificate: z.string() }).nullable(),
    rules: z
      .array(z.strictObject({ text: z.string(), taken: z.boolean() }))
      .meta({ description: 'The rules that it considered, including those that do not match' }),
    status: z.int().nullable().meta({ description: 'Status of its own answer; null: it asks a backend, or could not answer' }),
    location: z.string().nullable(),
  })
  .meta({ id: 'ProxyDecision', description: "A proxy's decision about an HTTP request" });

const EVIDENCE = {
  ORIGINATE: z.strictObject({ what: z.enum(['request', 'answer', 'error', 'reset']), container: z.string().nullable() }),
  DNS_LOOKUP: z.strictObject({
    name: z.string(),
    type: z.string(),
    server: z.string().nullable(),
    rcode: z.string(),
    answers: z.array(z.string()),
    queries: z
      .array(z.strictObject({ name: z.string(), type: z.string(), rcode: z.string(), answers: z.array(z.string()) }))
      .meta({ description: 'Every query that the resolver sent, in order' }),
    resolver: z.strictObject({ nameservers: z.array(z.string()), search: z.array(z.string()), options: z.array(z.string()) }),
    assumption: z.string().nullable().meta({ description: 'What public DNS is assumed to answer, and why' }),
  }),
  LOOPBACK: z.strictObject({ device: z.string() }),
  ROUTE_LOOKUP: z.strictObject({
    purpose: z.enum(['output', 'input', 'reroute']),
    destination: z.string(),
    route: route.nullable().meta({ description: 'null if no route matches' }),
    pickedSource: z.string().nullable().meta({ description: 'Source address that the lookup picked for a packet that had none' }),
    failure: z.enum(['NO_ROUTE', 'MARTIAN_SOURCE', 'MARTIAN_DESTINATION', 'REVERSE_PATH']).nullable(),
  }),
  NEIGHBOUR_LOOKUP: z.strictObject({
    nextHop: z.string(),
    answer: z.enum(['CACHED', 'INCOMPLETE']),
    entry: neighbour.nullable(),
    state: neighbourState.nullable(),
  }),
  ARP_REQUEST: z.strictObject({
    text: z.string(),
    eth: ethernet,
    arp,
    attempts: z.int().meta({ description: 'Number of requests, including retries' }),
    answeredBy: interfaceRef.nullable().meta({ description: 'null: nothing answers' }),
  }),
  ARP_REPLY: z.strictObject({
    text: z.string(),
    eth: ethernet,
    arp,
    fromUserSpace: z.boolean().meta({ description: 'A program answers, not the kernel' }),
  }),
  TRANSMIT: wire,
  RECEIVE: wire,
  BRIDGE_FORWARD: z.strictObject({
    eth: ethernet,
    bridge: z.string(),
    port: z.string().meta({ description: "`local`: up to the bridge's own interface" }),
    learned: z.boolean().meta({ description: "The bridge learned the sender's port from this frame" }),
    entry: fdbEntry,
  }),
  BRIDGE_FLOOD: z.strictObject({
    eth: ethernet,
    bridge: z.string(),
    reason: z.enum(['BROADCAST', 'UNKNOWN_UNICAST']),
    ingress: z.string().nullable(),
  }),
  NETFILTER: z.strictObject({
    hook,
    table,
    chain: z.string(),
    verdict: z.enum(['ACCEPT', 'DROP', 'REJECT', 'CONTINUE']),
    byPolicy: z.boolean().meta({ description: "No rule decided; the chain's policy did" }),
    bridged: z.boolean().meta({ description: 'Called for a bridged frame (bridge-nf-call-iptables)' }),
    inInterface: z.string().nullable(),
    outInterface: z.string().nullable(),
    markBefore: z.string().meta({ description: 'Packet marks, hexadecimal' }),
    markAfter: z.string(),
    copies: z.int().exactOptional().meta({ description: 'For a flooded frame: how many copies passed, one for each port' }),
    rules: z.array(rule).meta({ description: 'The rules that matched, in order, without jumps into chains that returned without an effect' }),
  }),
  CONNTRACK: z.strictObject({
    hook,
    action: z.enum(['NEW', 'ORIGINAL', 'REPLY', 'RELATED', 'INVALID', 'CONFIRM']),
    entry: conntrackEntry.nullable(),
  }),
  SERVICE_CHOICE: z.strictObject({
    hook,
    table,
    chain: z.string(),
    service: z.string().nullable().meta({ description: '`namespace/name`; null if the chain belongs to no Service' }),
    servicePort: z.string().nullable().meta({ description: 'Name of the port, or its number if it has none' }),
    candidates: z.array(candidate),
    notTaken: z.array(notTaken).meta({ description: 'Endpoints that the rules do not choose from here' }),
  }),
  DNAT: nat,
  SNAT: nat,
  POLICY: z.strictObject({
    hook,
    table,
    chain: z.string(),
    direction: z.enum(['INGRESS', 'EGRESS']),
    pod: z.string().meta({ description: 'The pod whose edge the packet passes: `namespace/name`' }),
    allowed: z.boolean(),
    applied: z.boolean().meta({ description: 'false: no policy was evaluated, for the reason in `skipped`' }),
    skipped: z.enum(['ESTABLISHED', 'OWN_NODE', 'ITSELF']).nullable(),
    decidedBy: policyAnswer.nullable().meta({ description: 'The rule that allowed or denied the packet; null if none did' }),
    considered: z.array(policyAnswer).meta({ description: 'Every policy that was evaluated, in order' }),
  }),
  UN_NAT: z.strictObject({ hook, undoes: z.enum(['DNAT', 'SNAT']), entry: conntrackEntry }),
  FORWARD_CHECK: z.strictObject({ outInterface: z.string(), outcome: z.enum(['FORWARDED', 'TTL_EXPIRED', 'MTU_EXCEEDED']), mtu: z.int() }),
  LOAD_BALANCE: z.strictObject({
    address: z.string(),
    route,
    service: z.string().nullable().meta({ description: 'The Service that the address belongs to' }),
    chosen: z.string().nullable().meta({ description: 'The node that the load balancer sends to' }),
    candidates: z
      .array(z.strictObject({ node: z.string(), healthy: z.boolean(), why: z.string() }))
      .meta({ description: 'Nodes that it could have sent to; only the first if there are very many' }),
  }),
  SOCKET_LOOKUP: z.strictObject({ protocol, address: z.string(), port: z.int(), socket: socket.nullable(), purpose: z.enum(['listener', 'client']) }),
  DELIVER: z.strictObject({ to: z.enum(['server', 'client', 'kernel']), socket: socket.nullable() }),
  DROP: z.strictObject({ cause }),
  REJECT: z.strictObject({ cause, rule: rule.nullable(), icmpCode: z.int() }),
  PROXY_ACCEPT: z.strictObject({ proxy: z.string(), http: proxyDecision.nullable().meta({ description: 'null: it does not read HTTP' }) }),
  PROXY_CONNECT: z.strictObject({
    proxy: z.string(),
    backend: z.string(),
    headers: z.record(z.string(), z.string()).nullable().meta({ description: 'Headers that it adds or passes on; null if it is not an HTTP proxy' }),
  }),
} satisfies { readonly [Kind in StepKind]: z.ZodType<EvidenceByKind[Kind]> };

const at = z
  .strictObject({
    netns: z.string(), interface: z.string().exactOptional(), hook: hook.exactOptional(), table: table.exactOptional(), chain: z.string().exactOptional(),
  })
  .meta({ id: 'StepPlace' });
const change = z
  .strictObject({
    field: z.string().meta({ description: 'A path in the packet, `eth.src`, `eth.dst`, or `mark`', example: 'ip.dst' }),
    from: z.string(),
    to: z.string(),
  })
  .meta({ id: 'Change', description: 'A field of the header that the step rewrote' });

/** `RouteLookupStep`, as GraphQL names it. */
const nameOf = (kind: StepKind): string => `${kind.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Step`;

const stepOf = <Kind extends StepKind>(kind: Kind) =>
  z
    .strictObject({
      seq: z.int().meta({ description: 'Position in the leg, from 0' }),
      kind: z.literal(kind),
      at,
      packet: packet.nullable().meta({ description: 'The packet after this step; null for steps that concern only ARP' }),
      changes: z.array(change),
      evidence: EVIDENCE[kind],
      summary: z.string().meta({ description: 'Summary in one sentence' }),
    })
    .meta({ id: nameOf(kind) });

const KINDS = Object.keys(EVIDENCE) as [StepKind, ...StepKind[]];
const [first, ...others] = KINDS.map(stepOf) as unknown as [ReturnType<typeof stepOf>, ...ReturnType<typeof stepOf>[]];

export const step = z
  .discriminatedUnion('kind', [first, ...others])
  .meta({
    id: 'Step',
    description: 'One thing that happened to the packet, with the evidence that decided it. ENCAPSULATE and DECAPSULATE are kept for overlays',
  }) as unknown as z.ZodType<StepJson>;
