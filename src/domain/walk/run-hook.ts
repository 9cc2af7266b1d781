/**
 * One netfilter hook: connection tracking first, then the base chains in priority order, then confirmation. (The raw table
 * would come before connection tracking, but no namespace has raw rules.)
 *
 * @source Linux `nf_hook_slow`, `enum nf_ip_hook_priorities`
 */
import type { BaseChain, Hook } from '../datapath/netfilter/rules.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import { ICMP, isIcmpError, type Packet } from '../packet/packet.js';
import type { Ipv4 } from '../values/ipv4.js';
import { confirm, track } from './conntrack.js';
import { evaluateBaseChain, type Evaluation, type Exemption } from './evaluate-chain.js';
import { icmpError } from './icmp-error.js';
import { bind, masqueradeAddress, sideAt, translate, type Side } from './nat.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

interface HookDevices {
  readonly in: InterfaceName | null;
  readonly out: InterfaceName | null;
  /** POSTROUTING only: where the packet goes next, for MASQUERADE's choice of address. */
  readonly nextHop: Ipv4 | null;
  /** The hook is run by the bridge (bridge-nf-call-iptables). */
  readonly bridged: boolean;
  /** For a flooded frame: how many copies pass the hook. Only the first consults the nat table, because they share one connection. */
  readonly copies?: number;
}

/**
 * Runs the hook. Connection tracking implies NAT: a hook without a nat chain still binds the connection to its own
 * addresses, and to another source port if its own is taken.
 *
 * @returns whether the packet goes on; if not, its end has been recorded
 * @source Linux `nf_nat_register_fn`, `nf_nat_alloc_null_binding`
 */
export function runHook(walk: Walk, host: Host, hook: Hook, skb: Skb, devices: HookDevices): boolean {
  const { netfilter } = host.netns;
  if (!netfilter) return true;
  const device = devices.in ?? devices.out;
  if (hook === 'PREROUTING' || hook === 'OUTPUT') track(walk, host, skb, hook, device);
  let hasNat = hook === 'FORWARD';
  let before: Packet | null = null;
  for (const base of netfilter.at(hook)) {
    if (base.table === 'nat') {
      before = runNat(walk, host, base, skb, devices);
      hasNat = true;
    } else if (!runFilter(walk, host, base, skb, devices)) return false;
  }
  if (!hasNat) before = keepAddresses(walk, host, hook, skb, device);
  return (hook !== 'POSTROUTING' && hook !== 'INPUT') || confirm(walk, host, skb, hook, device, before);
}

/** @returns the packet before translation if its source port was taken and had to be replaced; else `null` */
function keepAddresses(walk: Walk, host: Host, hook: Hook, skb: Skb, device: InterfaceName | null): Packet | null {
  const before = skb.packet;
  const side = sideAt(hook);
  const isNew = isUndecided(skb, side);
  if (isNew) bind(host, skb, side, null, walk.choices, null);
  translate(walk, host, skb, hook, device, isNew);
  return isNew && skb.packet !== before ? before : null;
}

/**
 * Is NAT for this side of the connection still undecided? The first packet decides it; an ICMP error about that packet does
 * not.
 *
 * @source Linux `nf_nat_inet_fn`
 */
const isUndecided = ({ connection, packet }: Skb, side: Side): boolean =>
  connection !== null && !(side === 'source' ? connection.sourceDecided : connection.destinationDecided) && !isIcmpError(packet);

/**
 * Consults the nat table if this side of the connection is undecided, then translates the packet by its connection.
 *
 * @returns as `keepAddresses`, for a change that no rule asked for
 */
function runNat(walk: Walk, host: Host, base: BaseChain, skb: Skb, devices: HookDevices): Packet | null {
  const side = sideAt(base.hook);
  const device = devices.in ?? devices.out;
  if (!isUndecided(skb, side)) {
    translate(walk, host, skb, base.hook, device, false);
    return null;
  }
  const evaluation = evaluateBaseChain(walk, host, base, skb, devices.in, devices.out);
  recordHits(walk, host, base, skb, devices, evaluation, 'ACCEPT');
  const { decision, exemption } = evaluation;
  const newSource = decision?.target.kind === 'MASQUERADE' ? masqueradeAddress(host.netns, devices.out!, devices.nextHop!)
    : decision?.target.kind === 'SNAT' ? decision.target.address : null;
  bind(host, skb, side, decision, walk.choices, newSource);
  const before = skb.packet;
  translate(walk, host, skb, base.hook, device, true);
  if (decision !== null && (decision.target.kind === 'DNAT' || newSource !== null)) recordNat(walk, host, base, skb, device, decision, before);
  else {
    if (exemption && side === 'source') recordNat(walk, host, base, skb, device, exemption, null);
    return skb.packet === before ? null : before;
  }
  return null;
}

/** @param before `null` if the rule exempted the packet from translation; the rule's cause says why */
function recordNat(
  walk: Walk,
  host: Host,
  base: BaseChain,
  skb: Skb,
  device: InterfaceName | null,
  { chain, rule }: Exemption,
  before: Packet | null,
): void {
  const applied = before !== null;
  walk.steps.push({
    kind: sideAt(base.hook) === 'destination' ? 'DNAT' : 'SNAT', netns: host.netns.id, interface: device, packet: skb.packet, before,
    hook: base.hook, table: 'nat', chain, rule, applied,
    skipped: applied ? null : rule.cause!.code, entry: applied ? skb.connection!.entry() : null,
  });
}

function runFilter(walk: Walk, host: Host, base: BaseChain, skb: Skb, devices: HookDevices): boolean {
  const evaluation = evaluateBaseChain(walk, host, base, skb, devices.in, devices.out);
  const { decision } = evaluation;
  const device = devices.in ?? devices.out;
  if (!decision) {
    if (base.policy === 'ACCEPT') {
      recordHits(walk, host, base, skb, devices, evaluation, 'ACCEPT');
      return true;
    }
    recordHits(walk, host, base, skb, devices, evaluation, 'DROP');
    walk.drop(host, device, skb, cause(`${base.hook}_POLICY_DROP`, base.chain.name));
    return false;
  }
  switch (decision.target.kind) {
    case 'DROP':
      recordHits(walk, host, base, skb, devices, evaluation, 'DROP');
      walk.drop(host, device, skb, decision.rule.cause ?? cause('DROPPED_BY_RULE', decision.chain));
      return false;
    case 'REJECT': {
      const why = decision.rule.cause ?? cause('REJECTED_BY_RULE', decision.chain);
      recordHits(walk, host, base, skb, devices, evaluation, 'REJECT');
      walk.steps.push({
        kind: 'REJECT', netns: host.netns.id, interface: device, packet: skb.packet, before: null,
        cause: why, chain: decision.chain, rule: decision.rule, icmpCode: ICMP.code.PORT_UNREACHABLE,
      });
      walk.finish('REJECTED', why, host, skb.packet);
      for (let copy = 0; copy < (devices.copies ?? 1); copy += 1) icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.PORT_UNREACHABLE);
      return false;
    }
    default:
      recordHits(walk, host, base, skb, devices, evaluation, 'ACCEPT');
      return true;
  }
}

/** Adds the step of a base chain, unless nothing matched and its policy accepts. */
function recordHits(
  walk: Walk, host: Host, base: BaseChain, skb: Skb, devices: HookDevices, evaluation: Evaluation, verdict: 'ACCEPT' | 'DROP' | 'REJECT',
): void {
  const byPolicy = evaluation.decision === null;
  if (evaluation.hits.length === 0 && !(byPolicy && verdict === 'DROP')) return;
  walk.steps.push({
    kind: 'NETFILTER', netns: host.netns.id, interface: devices.in ?? devices.out, packet: skb.packet, before: null,
    hook: base.hook, table: base.table, chain: base.chain.name, hits: evaluation.hits, verdict, byPolicy, bridged: devices.bridged,
    inInterface: devices.in, outInterface: devices.out, markBefore: evaluation.markBefore, markAfter: skb.mark,
    ...(devices.copies !== undefined && base.table !== 'nat' && { copies: devices.copies }),
  });
}
