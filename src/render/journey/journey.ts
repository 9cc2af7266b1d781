/** One path of a trace, as pictures show it: the places on the way, the packets between them, and what happens in each place. */
import type { Disposition } from '../../domain/trace/disposition.js';
import type { StepJson } from '../json/step-json.js';
import type { ConnectionJson, LegJson, PathJson } from '../json/trace-json.js';
import { packetLabel, type PacketLabel } from './packet-label.js';
import { remarkOf, type Remark } from './step-remark.js';

export type JourneyEvent =
  /** A packet passes from one network namespace to another; on the loopback interface to the same. */
  | { readonly kind: 'crossing'; readonly from: string; readonly to: string; readonly packet: PacketLabel }
  /** What happened in one place before the packet went on. */
  | { readonly kind: 'remarks'; readonly at: string; readonly remarks: readonly Remark[] };

export interface JourneyLeg {
  /** `again`: data that did not fit a link, sent again in smaller segments. */
  readonly way: 'there' | 'back' | 'data' | 'again';
  readonly disposition: Disposition;
  readonly events: readonly JourneyEvent[];
}

/** The title above a leg; those of the way there and back have none. */
export const TITLES = {
  there: null,
  back: null,
  data: 'data on the open connection',
  again: 'sent again, in smaller segments',
} as const satisfies Record<JourneyLeg['way'], string | null>;

export interface JourneyConnection {
  readonly role: ConnectionJson['role'];
  readonly disposition: Disposition;
  readonly legs: readonly JourneyLeg[];
}

export interface Journey {
  /** Network namespaces in order of first appearance; if nothing was sent, that of the client. */
  readonly places: readonly string[];
  readonly connections: readonly JourneyConnection[];
}

/** The events of a leg in order; consecutive remarks in one place are one event. */
class LegTeller {
  readonly events: JourneyEvent[] = [];
  #remarks: Remark[] = [];
  #at: string | null = null;
  #sent: StepJson | null = null;
  /** The place of the last ARP request, where the reply is shown. */
  #asker: string | null = null;

  tell(step: StepJson): void {
    const { kind, packet, at: { netns } } = step;
    if (kind === 'ARP_REQUEST') this.#asker = netns;
    if (packet !== null && kind === 'TRANSMIT') this.#sent = step;
    const isArrival = packet !== null && kind === 'RECEIVE' && this.#sent !== null && this.#sent.at.netns !== netns;
    if (isArrival || (packet !== null && kind === 'LOOPBACK')) {
      this.finish();
      this.events.push({ kind: 'crossing', from: isArrival ? this.#sent!.at.netns : netns, to: netns, packet: packetLabel(packet) });
      this.#sent = null;
    }
    const remark = remarkOf(step);
    if (remark) this.#remark(kind === 'ARP_REPLY' ? (this.#asker ?? netns) : netns, remark);
  }

  #remark(netns: string, remark: Remark): void {
    if (this.#at !== netns) this.finish();
    this.#at = netns;
    this.#remarks.push(remark);
  }

  finish(): void {
    if (this.#at !== null && this.#remarks.length > 0) this.events.push({ kind: 'remarks', at: this.#at, remarks: this.#remarks });
    this.#remarks = [];
    this.#at = null;
  }
}

function legOf(way: JourneyLeg['way'], disposition: Disposition, steps: readonly StepJson[]): JourneyLeg {
  const teller = new LegTeller();
  for (const step of steps) teller.tell(step);
  teller.finish();
  return { way, disposition, events: teller.events };
}

/**
 * Splits a leg of data, which also contains the errors or resets that come back, and the data sent again. What comes before
 * the first packet, such as the lookup of a name, belongs to it.
 */
function legsOfClient(way: 'there' | 'data', { disposition, steps }: LegJson): JourneyLeg[] {
  const isBack = (step: StepJson | undefined): boolean => step?.kind === 'ORIGINATE' && step.evidence.what !== 'request';
  const sent = steps.flatMap((step, index) => (step.kind === 'ORIGINATE' ? [index] : []));
  const turns = sent.filter((index) => index > 0 && (index !== sent[0] || isBack(steps[index])));
  return [0, ...turns].map((from, piece) => legOf(isBack(steps[from]) ? 'back' : piece === 0 ? way : 'again', disposition, steps.slice(from, turns[piece])));
}

/** The place where a leg begins, even if it leads nowhere. */
const startOf = ({ steps }: LegJson): readonly string[] => steps.slice(0, 1).map(({ at }) => at.netns);

export function journeyOf({ connections }: PathJson): Journey {
  const places = new Set<string>();
  const told = connections.map(({ role, disposition, forward, return: back, data }): JourneyConnection => {
    const legs = [
      ...legsOfClient('there', forward), ...(back ? [legOf('back', back.disposition, back.steps)] : []), ...(data ? legsOfClient('data', data) : []),
    ];
    for (const place of startOf(forward)) places.add(place);
    for (const event of legs.flatMap(({ events }) => events)) {
      for (const place of event.kind === 'crossing' ? [event.from, event.to] : [event.at]) places.add(place);
    }
    return { role, disposition, legs };
  });
  return { places: places.size > 0 ? [...places] : ['the client'], connections: told };
}
