import type { Match, MatchContext, Negatable, Rule } from '../datapath/netfilter/rules.js';
import { contains, type Cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Host } from './host.js';

const inBlock = (match: Negatable<Cidr>, address: Ipv4): boolean => contains(match.value, address) !== match.negate;

/** `eth+` matches every name that begins with `eth`. @source iptables(8) `--in-interface` */
function isInterface(match: Negatable<string>, name: string | null): boolean {
  const { value } = match;
  const same = name !== null && (value.endsWith('+') ? name.startsWith(value.slice(0, -1)) : name === value);
  return same !== match.negate;
}

/** Do all matches of `rule` hold for this packet? A `statistic` match counts as true. */
export function matchesRule(rule: Rule, context: MatchContext, host: Host): boolean {
  const { packet } = context;
  if (rule.protocol !== undefined && rule.protocol !== packet.protocol) return false;
  if (rule.destination !== undefined && !inBlock(rule.destination, packet.destination)) return false;
  if (rule.source !== undefined && !inBlock(rule.source, packet.source)) return false;
  if (rule.inInterface !== undefined && !isInterface(rule.inInterface, context.inInterface)) return false;
  if (rule.outInterface !== undefined && !isInterface(rule.outInterface, context.outInterface)) return false;
  for (const match of rule.matches) if (!holds(match, context, host)) return false;
  return true;
}

function holds(match: Match, context: MatchContext, host: Host): boolean {
  const { packet } = context;
  switch (match.kind) {
    case 'comment':
    case 'statistic': // decided by the caller, among all branches at once
    case 'recentSet':
      return true;
    case 'destinationPort':
      return packet.destinationPort >= match.port.from && packet.destinationPort <= match.port.to;
    case 'destinationPorts':
      return match.ports.includes(packet.destinationPort);
    case 'addressType':
      return (host.netns.localInterface(match.side === 'source' ? packet.source : packet.destination) !== null) !== match.negate;
    case 'mark':
      return ((context.mark & match.mask) >>> 0 === match.value) !== match.negate;
    case 'conntrackState':
      // @source Linux `xt_conntrack.c` conntrack_mt: DNAT is looked for beside the state
      return (match.states.includes(context.state) || (context.destinationNat && match.states.includes('DNAT'))) !== match.negate;
    case 'recentCheck': // the name of the list is expensive to compute, and most lists are empty
      return host.hasRecent(packet.source) && host.isRecent(match.name, packet.source, match.seconds);
  }
}

/** Carries out the `--set` of a rule that has matched. */
export function remember(rule: Rule, context: MatchContext, host: Host): void {
  for (const match of rule.matches) if (match.kind === 'recentSet') host.rememberRecent(match.name, context.packet.source);
}

export const isRandom = (rule: Rule): boolean => rule.matches.some((match) => match.kind === 'statistic');
