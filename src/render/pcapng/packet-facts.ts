/** Facts about packets from a trace's steps that the frames do not show. */
import { payloadBytesIn } from '../../domain/packet/packet.js';
import type { EvidenceByKind } from '../json/step-json.js';
import type { PacketJson } from '../json/packet-json.js';
import type { LegJson, PathJson } from '../json/trace-json.js';
import type { Bytes } from './bytes.js';
import { dnsAnswer, dnsQuestion } from './dns-message.js';
import { segmentNumbers, sent, type SegmentNumbers } from './tcp-sequence.js';

/** The purpose of a packet. */
export type Purpose = EvidenceByKind['ORIGINATE']['what'];

export interface PacketFacts {
  readonly purpose: Purpose;
  /** The packet at each place where its header changed, in order. */
  readonly appearances: readonly PacketJson[];
  /** The content, if it is known. */
  readonly payload: Bytes | null;
  /** `null`: not TCP. */
  readonly numbers: SegmentNumbers | null;
}

export class PathPackets {
  readonly #facts = new Map<number, { purpose: Purpose; appearances: PacketJson[]; payload: Bytes | null; numbers: SegmentNumbers | null }>();

  constructor(path: PathJson) {
    for (const { forward, return: back, data } of path.connections) {
      const before = this.#facts.size;
      for (const leg of [forward, back, data]) if (leg) this.#collect(leg);
      this.#number(before);
      const lookup = back?.steps.find((step) => step.kind === 'DNS_LOOKUP');
      const [question, answer] = [forward, back].map((leg) => leg?.steps.find(({ packet }) => packet !== null)?.packet);
      if (!lookup || lookup.kind !== 'DNS_LOOKUP' || !question || !answer || question.ip.protocol !== 'UDP') continue;
      this.#facts.get(question.id)!.payload = dnsQuestion(lookup.evidence, question.ip.length);
      this.#facts.get(answer.id)!.payload = dnsAnswer(lookup.evidence, question.ip.length);
    }
  }

  #collect({ steps }: LegJson): void {
    for (const step of steps) {
      const { packet } = step;
      if (packet === null) continue;
      let facts = this.#facts.get(packet.id);
      if (!facts) this.#facts.set(packet.id, (facts = { purpose: 'request', appearances: [], payload: null, numbers: null }));
      if (step.kind === 'ORIGINATE') facts.purpose = step.evidence.what;
      if (facts.appearances.at(-1) !== packet) facts.appearances.push(packet);
    }
  }

  /** The packets of one connection. @param from the first of its packets */
  #number(from: number): void {
    let last: Parameters<typeof segmentNumbers>[2] = null;
    for (const facts of [...this.#facts.values()].slice(from)) {
      const { ip, l4 } = facts.appearances[0]!;
      if (ip.protocol !== 'TCP' || !l4) continue;
      const flags = l4.flags ?? [];
      facts.numbers = segmentNumbers(flags, facts.purpose === 'answer', last);
      last = sent(facts.numbers, flags, payloadBytesIn('TCP', ip.length));
    }
  }

  of(id: number): PacketFacts | undefined {
    return this.#facts.get(id);
  }

  /** The packet that an error quotes, as it was when it went wrong: of those of its flow the last one before the error. @param error its id */
  quotedBy(
    { ip, l4 }: NonNullable<PacketJson['inner']>,
    error: number,
  ): { readonly id: number; readonly packet: PacketJson; readonly facts: PacketFacts } | undefined {
    for (const [id, facts] of [...this.#facts].toReversed()) {
      if (id >= error) continue;
      const isIt = facts.appearances.some(
        (each) =>
          each.ip.src === ip.src &&
          each.ip.dst === ip.dst &&
          each.ip.protocol === ip.protocol &&
          !each.inner &&
          (l4 === null || (each.l4?.sport === l4.sport && each.l4.dport === l4.dport)),
      );
      if (isIt) return { id, packet: facts.appearances.at(-1)!, facts };
    }
    return undefined;
  }
}
