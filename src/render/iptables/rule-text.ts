/** Rules as `iptables-save` prints them. @source iptables 1.8 `iptables/iptables.c` `print_rule4`, and the `save` of each extension */
import type { Match, PortRange, Rule, Target } from '../../domain/datapath/netfilter/rules.js';
import { formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import { markText } from '../linux/mark-text.js';

/** E.g. `-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000`. */
export function ruleText(chain: string, rule: Rule): string {
  let text = `-A ${chain}`;
  if (rule.source) text += block('-s', rule.source);
  if (rule.destination) text += block('-d', rule.destination);
  if (rule.inInterface) text += field('-i', rule.inInterface.negate, rule.inInterface.value);
  if (rule.outInterface) text += field('-o', rule.outInterface.negate, rule.outInterface.value);
  if (rule.protocol) text += ` -p ${rule.protocol.toLowerCase()}`;
  for (const match of rule.matches) text += ` ${matchText(match, rule)}`;
  const target = targetText(rule.target);
  return target === '' ? text : `${text} ${target}`;
}

/** 0.0.0.0/0 is not printed. @source iptables `xshared.c` `save_ipv4_addr` */
const block = (option: string, { value, negate }: NonNullable<Rule['source']>): string =>
  value.prefix === 0 && !negate ? '' : field(option, negate, formatCidr(value));
const field = (option: string, negate: boolean, value: string): string => ` ${not(negate)}${option} ${value}`;

const not = (negate: boolean): string => (negate ? '! ' : '');

/** @source libxtables `xtables_save_string` */
const quote = (text: string): string => (/^[\w-]+$/.test(text) ? text : `"${NEEDS_ESCAPE.test(text) ? text.replaceAll(/["\\']/g, '\\$&') : text}"`);
const NEEDS_ESCAPE = /["\\']/;

function portText(option: string, { from, to }: PortRange): string {
  if (from === 0 && to === 65535) return '';
  return ` ${option} ${from === to ? from : `${from}:${to}`}`;
}

/** The kernel stores a probability in 31 bits; kube-proxy writes it with ten decimals. @source libxt_statistic */
const probability = (outOf: number): string => (probabilities[outOf] ??= probabilityText(outOf));
const probabilities: string[] = [];
const probabilityText = (outOf: number): string => (Math.round(Number((1 / outOf).toFixed(10)) * 2 ** 31) / 2 ** 31).toFixed(11);

/** States are always printed in this order. @source libxt_conntrack `print_state` */
const STATES = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'DNAT'] as const;

function matchText(match: Match, { protocol = 'TCP' }: Rule): string {
  switch (match.kind) {
    case 'comment': return `-m comment --comment ${quote(match.text)}`;
    case 'destinationPort': return `-m ${protocol.toLowerCase()}${portText('--dport', match.port)}`;
    case 'destinationPorts': return `-m multiport --dports ${match.ports.join(',')}`;
    case 'addressType': return `-m addrtype ${not(match.negate)}--${match.side === 'source' ? 'src' : 'dst'}-type ${match.type}`;
    case 'mark': return `-m mark ${not(match.negate)}--mark ${markText(match.value)}/${markText(match.mask)}`;
    case 'conntrackState': return `-m conntrack ${not(match.negate)}--ctstate ${STATES.filter((state) => match.states.includes(state)).join(',')}`;
    case 'statistic': return `-m statistic --mode random --probability ${probability(match.outOf)}`;
    case 'recentCheck': return `-m recent --rcheck --seconds ${match.seconds} --reap --name ${match.name} --mask 255.255.255.255 --rsource`;
    case 'recentSet': return `-m recent --set --name ${match.name} --mask 255.255.255.255 --rsource`;
  }
}

function targetText(target: Target): string {
  switch (target.kind) {
    case 'ACCEPT': case 'DROP': case 'RETURN': return `-j ${target.kind}`;
    case 'REJECT': return `-j REJECT --reject-with ${target.with}`;
    case 'JUMP': return `-j ${target.chain}`;
    case 'GOTO': return `-g ${target.chain}`;
    case 'MARK': return `-j MARK --set-xmark ${markText(target.value)}/${markText(target.mask)}`;
    case 'DNAT': return `-j DNAT --to-destination ${formatIpv4(target.address)}${target.port === null ? '' : `:${target.port}`}`;
    case 'SNAT': return `-j SNAT --to-source ${formatIpv4(target.address)}`;
    case 'MASQUERADE': return `-j MASQUERADE${target.randomFully ? ' --random-fully' : ''}`;
    case 'CONTINUE': return '';
  }
}
