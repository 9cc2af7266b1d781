/** One path of a trace as a picture tells it: who is on the way, what passes between them, and what each does with it. */
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
  /** `again`: what did not fit a link, in smaller segments. */
  readonly way: 'there' | 'back' | 'data' | 'again';
  readonly disposition: Disposition;
  readonly events: readonly JourneyEvent[];
}

/** What a picture says above a leg; the way there and back speak for themselves. */
export const TITLES = { there: null, back: null, data: 'data on the open connection', again: 'sent again, in smaller segments' } as const satisfies Record<JourneyLeg['way'], string | null>;

export interface JourneyConnection {
  readonly role: ConnectionJson['role'];
  readonly disposition: Disposition;
  readonly legs: readonly JourneyLeg[];
}

export interface Journey {
  /** Network namespaces in order of first appearance; where nothing was sent, who would have. */
  readonly places: readonly string[];
  readonly connections: readonly JourneyConnection[];
}

/** The events of a leg in order; remarks of one place that follow one another are one event. */
class LegTeller {
  readonly events: JourneyEvent[] = [];
  #remarks: Remark[] = [];
  #at: string | null = null;
  #sent: StepJson | null = null;
  /** Who asked last by ARP: an answer is told where it was waited for. */
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

/** A leg of data has what comes back of it, an error or a reset, in itself, and what is sent again after an error. */
function legsOfClient(way: 'there' | 'data', { disposition, steps }: LegJson): JourneyLeg[] {
  const isBack = (step: StepJson | undefined): boolean => step?.kind === 'ORIGINATE' && step.evidence.what !== 'request';
  const turns = steps.flatMap((step, index) => (step.kind === 'ORIGINATE' && index > 0 ? [index] : []));
  return [0, ...turns].map((from, piece) => legOf(isBack(steps[from]) ? 'back' : piece === 0 ? way : 'again', disposition, steps.slice(from, turns[piece])));
}

/** Where a leg begins, also one that leads nowhere. */
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
