/** Turns a walked connection into its part of a trace. */
import type { Packet } from '../../domain/packet/packet.js';
import type { Disposition } from '../../domain/trace/disposition.js';
import type { Step } from '../../domain/trace/step.js';
import type { Connection, Leg, Translation } from '../../domain/trace/trace.js';
import { sideAt } from '../../domain/walk/nat.js';
import { isBackAtSender, type WalkedFlow, type WalkedLeg } from '../../domain/walk/walk-flow.js';
import { addressAndPort } from './client-outcome.js';
import { lookupStep } from './lookup-step.js';
import type { Proxied, WalkedConnection } from './run-path.js';

export function describeConnection({ role, walked, lookup, proxied }: WalkedConnection): Connection {
  const { forward, return: back, data, touched } = walked;
  const accepted = proxied === null ? [] : proxySteps(proxied, forward);
  const isAnswered = back?.end.disposition === 'ACCEPTED' && back.what === 'answer';
  const lookedUp: Step[] = lookup && isAnswered ? [lookupStep(lookup, back.end.netns, back.end.packet)] : [];
  return {
    role, disposition: dispositionOf(walked), forward: legOf(forward, accepted), return: back && legOf(back, lookedUp), data: data && legOf(data),
    translations: translationsOf(forward.steps),
    conntrack: touched.flatMap(({ netns, tables }) => tables.conntrack.map((entry) => ({ netns, entry }))),
    neighboursLearned: touched.flatMap(({ netns, tables }) => tables.neighbours.map((entry) => ({ netns, entry }))),
    fdbLearned: touched.flatMap(({ netns, tables }) => tables.fdb.map(({ bridge, entry }) => ({ netns, bridge, entry }))),
  };
}

/** The disposition of the first leg that did not arrive. If nothing came back the client times out, unless it is also the receiver. */
function dispositionOf({ forward, return: back, data }: WalkedFlow): Disposition {
  const lost = [forward, back, data].find((leg) => leg && leg.end.disposition !== 'ACCEPTED');
  if (lost) return lost.end.disposition;
  return back || isBackAtSender(forward) ? 'ACCEPTED' : 'TIMED_OUT';
}

const legOf = (leg: WalkedLeg, more: readonly Step[] = []): Leg => ({
  disposition: leg.end.disposition,
  steps: more.length > 0 ? [...leg.steps, ...more] : leg.steps,
});

function proxySteps({ decision, backend, headers }: Proxied, { end }: WalkedLeg): Step[] {
  const at = { netns: end.netns, interface: null, packet: end.packet, before: null, proxy: end.netns };
  const accept: Step = { ...at, kind: 'PROXY_ACCEPT', http: decision };
  return backend === null ? [accept] : [accept, { ...at, kind: 'PROXY_CONNECT', backend, headers }];
}

/** Translations on the way there: by a rule, by the entry of an open connection, or because the source port was taken. */
function translationsOf(steps: readonly Step[]): Translation[] {
  const translations: Translation[] = [];
  for (const [index, step] of steps.entries()) {
    const { before, packet } = step;
    if ((step.kind !== 'DNAT' && step.kind !== 'SNAT' && step.kind !== 'CONNTRACK') || !before || !packet || before === packet) continue;
    const [type, end] = sideAt(step.hook) === 'destination' ? ['DNAT', destinationOf] as const : ['SNAT', sourceOf] as const;
    const hasOtherId = before.icmp?.id !== packet.icmp?.id;
    translations.push({ type, netns: step.netns, hook: step.hook, before: end(before, hasOtherId), after: end(packet, hasOtherId), step: index });
  }
  return translations;
}

/** An echo has an id instead of ports; the id is shown only if it was changed. */
const sourceOf = ({ source, sourcePort, icmp }: Packet, withId: boolean): string => addressAndPort(source, icmp?.id ?? sourcePort, icmp !== null && !withId);
const destinationOf = ({ destination, destinationPort, icmp }: Packet, withId: boolean): string =>
  addressAndPort(destination, icmp?.id ?? destinationPort, icmp !== null && !withId);
