/** `present-entries.ts` as text. */
import type { ConntrackEntry, Tuple } from '../../domain/datapath/conntrack.js';
import type { NeighbourEntry } from '../../domain/datapath/neighbours.js';
import type { Cause, Rule } from '../../domain/datapath/netfilter/rules.js';
import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { InterfaceRef, Route, Socket } from '../../domain/datapath/netns.js';
import type { Mac } from '../../domain/values/mac.js';
import { ipText, macText } from '../linux/address-text.js';
import { conntrackText } from '../linux/conntrack-text.js';
import { fdbText } from '../linux/fdb-text.js';
import { neighbourText } from '../linux/neighbour-text.js';
import { destinationText, routeText } from '../linux/route-text.js';
import { ruleLine, targetName } from './present-entries.js';
import { inOnePiece, writeName, writeNullable, writeNullableName, writeString } from './write-json.js';

const writeNullableIp = (address: Parameters<typeof ipText>[0] | null): string => (address === null ? 'null' : `"${ipText(address)}"`);

export const writeRouteFields = (route: Route): string =>
  `"text":${writeString(routeText(route))},"destination":"${destinationText(route.destination)}","via":${writeNullableIp(route.via)},"device":${writeName(route.device)},`
  + `"source":${writeNullableIp(route.source)},"metric":${route.metric},"scope":"${route.scope}","protocol":"${route.protocol}","table":"${route.table}","origin":${writeNullable(route.origin ?? null)}`;

export const writeRoute = (route: Route): string => `{${writeRouteFields(route)}}`;

export const writeCause = ({ code, subject }: Cause): string => `{"code":${writeName(code)},"subject":${writeString(subject)}}`;

/** Rules outlive a trace where their chain does; one rule may stand in several base chains. */
const written = new WeakMap<Rule, { readonly chain: string; readonly text: string }>();

export function writeRule(chain: string, rule: Rule): string {
  const known = written.get(rule);
  if (known?.chain === chain) return known.text;
  const text = inOnePiece(`{"text":${writeString(ruleLine(chain, rule))},"chain":${writeName(chain)},"target":${writeName(targetName(rule))},"cause":${rule.cause === undefined ? 'null' : writeCause(rule.cause)}}`);
  written.set(rule, { chain, text });
  return text;
}

export const writeNeighbourFields = (entry: NeighbourEntry): string =>
  `"text":${writeString(neighbourText(entry))},"address":"${ipText(entry.address)}","device":${writeName(entry.device)},"mac":${entry.mac === null ? 'null' : `"${macText(entry.mac)}"`},"state":"${entry.state}"`;

export const writeFdbFields = (mac: Mac, port: InterfaceName, bridge: InterfaceName): string =>
  `"text":${writeString(fdbText(mac, port, bridge))},"mac":"${macText(mac)}","port":${writeName(port)},"bridge":${writeName(bridge)}`;

const writeTuple = ({ source, destination, sourcePort, destinationPort }: Tuple): string =>
  `{"src":"${ipText(source)}","dst":"${ipText(destination)}","sport":${sourcePort},"dport":${destinationPort}}`;

export const writeConntrackFields = (entry: ConntrackEntry): string =>
  `"text":"${conntrackText(entry)}","protocol":"${entry.original.protocol}","original":${writeTuple(entry.original)},"reply":${writeTuple(entry.reply)},`
  + `"destinationNat":${entry.destinationNat},"sourceNat":${entry.sourceNat},"confirmed":${entry.confirmed},"replied":${entry.replied}`;

export const writeConntrack = (entry: ConntrackEntry | null): string => (entry === null ? 'null' : `{${writeConntrackFields(entry)}}`);

export const writeSocket = (socket: Socket | null): string =>
  socket === null ? 'null' : `{"protocol":"${socket.protocol}","address":"${ipText(socket.address)}","port":${socket.port},"owner":${writeNullableName(socket.owner)}}`;

export const writeRef = (ref: InterfaceRef | null): string => (ref === null ? 'null' : `{"netns":${writeName(ref.netns)},"interface":${writeName(ref.name)}}`);
