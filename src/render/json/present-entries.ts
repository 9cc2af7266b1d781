/** Entries of the tables that decide about a packet, each with the line that the Linux tool prints for it. */
import type { ConntrackEntry, Tuple } from '../../domain/datapath/conntrack.js';
import type { NeighbourEntry } from '../../domain/datapath/neighbours.js';
import type { Cause, Rule } from '../../domain/datapath/netfilter/rules.js';
import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { InterfaceRef, Route, Socket } from '../../domain/datapath/netns.js';
import type { Mac } from '../../domain/values/mac.js';
import { ruleText } from '../iptables/rule-text.js';
import { ipText, macText } from '../linux/address-text.js';
import { conntrackText } from '../linux/conntrack-text.js';
import { fdbText } from '../linux/fdb-text.js';
import { neighbourText } from '../linux/neighbour-text.js';
import { destinationText, routeText } from '../linux/route-text.js';
import type { CauseJson, ConntrackJson, FdbJson, InterfaceRefJson, NeighbourJson, RouteJson, RuleJson, SocketJson, TupleJson } from './step-json.js';

export const presentRoute = (route: Route): RouteJson => ({
  text: routeText(route), destination: destinationText(route.destination), via: route.via === null ? null : ipText(route.via), device: route.device,
  source: route.source === null ? null : ipText(route.source), metric: route.metric, scope: route.scope, protocol: route.protocol,
  table: route.table, origin: route.origin ?? null,
});

export const presentCause = ({ code, subject }: Cause): CauseJson => ({ code, subject });

/** Caches the text of rules, which live as long as their chain. One rule may be in several base chains. */
const ruleTexts = new WeakMap<Rule, { readonly chain: string; readonly text: string }>();

/** A line of `iptables-save`. */
export function ruleLine(chain: string, rule: Rule): string {
  const known = ruleTexts.get(rule);
  if (known?.chain === chain) return known.text;
  const text = ruleText(chain, rule);
  ruleTexts.set(rule, { chain, text });
  return text;
}

/** A jump is named by the chain it leads to. */
const targetName = ({ target }: Rule): string => (target.kind === 'JUMP' || target.kind === 'GOTO' ? target.chain : target.kind);

export const presentRule = (chain: string, rule: Rule): RuleJson => ({
  text: ruleLine(chain, rule), chain, target: targetName(rule), cause: rule.cause === undefined ? null : presentCause(rule.cause),
});

export const presentNeighbour = (entry: NeighbourEntry): NeighbourJson => ({
  text: neighbourText(entry), address: ipText(entry.address), device: entry.device, mac: entry.mac === null ? null : macText(entry.mac), state: entry.state,
});

export const presentFdb = (mac: Mac, port: InterfaceName, bridge: InterfaceName): FdbJson => ({
  text: fdbText(mac, port, bridge),
  mac: macText(mac),
  port,
  bridge,
});

const presentTuple = ({ source, destination, sourcePort, destinationPort }: Tuple): TupleJson => ({
  src: ipText(source), dst: ipText(destination), sport: sourcePort, dport: destinationPort,
});

export const presentConntrack = (entry: ConntrackEntry): ConntrackJson => ({
  text: conntrackText(entry), protocol: entry.original.protocol, original: presentTuple(entry.original), reply: presentTuple(entry.reply),
  destinationNat: entry.destinationNat, sourceNat: entry.sourceNat, confirmed: entry.confirmed, replied: entry.replied,
});

export const presentSocket = ({ protocol, address, port, owner }: Socket): SocketJson => ({ protocol, address: ipText(address), port, owner });

export const presentRef = ({ netns, name }: InterfaceRef): InterfaceRefJson => ({ netns, interface: name });
