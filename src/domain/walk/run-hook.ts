/**
 * One netfilter hook: connection tracking first (raw, which would come before it, has no rules in any namespace), then the
 * base chains in priority order, confirmation last.
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

export interface HookDevices {
  readonly in: InterfaceName | null;
  readonly out: InterfaceName | null;
  /** POSTROUTING only: where the packet goes next, for MASQUERADE's choice of address. */
  readonly nextHop: Ipv4 | null;
  /** The hook is run by the bridge (bridge-nf-call-iptables). */
  readonly bridged: boolean;
  /** Of a flooded frame so many copies come by, one after another. The nat table is asked by the first, whose connection they share. */
  readonly copies?: number;
}

/**
 * Where there is connection tracking there is NAT: a hook without rules of it gives a connection its own addresses, with
 * another source port where that one is taken.
 *
 * @returns whether the packet goes on; otherwise it has met its end.
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

/** @returns the packet as it was, where its source port was taken and another one came in its place; else `null` */
function keepAddresses(walk: Walk, host: Host, hook: Hook, skb: Skb, device: InterfaceName | null): Packet | null {
  const before = skb.packet;
  const side = sideAt(hook);
  const isNew = isUndecided(skb, side);
  if (isNew) bind(host, skb, side, null, walk.choices, null);
  translate(walk, host, skb, hook, device, isNew);
  return isNew && skb.packet !== before ? before : null;
}

/** Has the connection not got its answer for this side yet? It is given with its first packet, and never with an error about that. @source Linux `nf_nat_inet_fn` */
const isUndecided = ({ connection, packet }: Skb, side: Side): boolean =>
  connection !== null && !(side === 'source' ? connection.sourceDecided : connection.destinationDecided) && !isIcmpError(packet);

/**
 * Asks the nat table, if the connection has not got its answer for this side yet, and rewrites by the entry.
 *
 * @returns as `keepAddresses`, where no rule asked for the change
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
  if (decision?.target.kind === 'DNAT') recordNat(walk, host, base, skb, device, 'DNAT', decision, before);
  else if (newSource !== null) recordNat(walk, host, base, skb, device, 'SNAT', decision!, before);
  else {
    if (exemption && side === 'source') recordNat(walk, host, base, skb, device, 'SNAT', exemption, null);
    return skb.packet === before ? null : before;
  }
  return null;
}

/** @param before `null`: the rule kept the packet from being translated, and its cause says why */
function recordNat(
  walk: Walk,
  host: Host,
  base: BaseChain,
  skb: Skb,
  device: InterfaceName | null,
  kind: 'DNAT' | 'SNAT',
  { chain, rule }: Exemption,
  before: Packet | null,
): void {
  const applied = before !== null;
  walk.steps.push({
    kind, netns: host.netns.id, interface: device, packet: skb.packet, before, hook: base.hook, table: 'nat', chain, rule, applied,
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

/** A chain in which nothing matched leaves no step, unless its policy loses the packet. */
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
