import type { Packet } from '../../domain/packet/packet.js';
import type { Step } from '../../domain/trace/step.js';
import type { Leg } from '../../domain/trace/trace.js';
import type { EthernetJson, PacketJson } from './packet-json.js';
import { NO_CHANGES, presentFrameChanges, presentMarkChange, presentPacketChanges } from './present-changes.js';
import { presentEvidence } from './present-evidence.js';
import { presentPacket } from './present-packet.js';
import type { AtJson, ChangeJson, EvidenceByKind, StepJson } from './step-json.js';
import { summarize } from './summarize.js';
import type { LegJson } from './trace-json.js';

function presentAt(step: Step): AtJson {
  const { netns } = step;
  const device = step.interface;
  switch (step.kind) {
    case 'NETFILTER': case 'SERVICE_CHOICE': case 'POLICY': case 'DNAT': case 'SNAT':
      return device === null
        ? { netns, hook: step.hook, table: step.table, chain: step.chain }
        : { netns, interface: device, hook: step.hook, table: step.table, chain: step.chain };
    case 'CONNTRACK': case 'UN_NAT':
      return device === null ? { netns, hook: step.hook } : { netns, interface: device, hook: step.hook };
    default:
      return device === null ? { netns } : { netns, interface: device };
  }
}

/**
 * Presents the steps of one leg in order: a frame is compared with the one before it around the same packet, a packet that
 * stays as it is is shown once.
 */
class LegPresenter {
  #packet: Packet | null = null;
  #packetJson: PacketJson | null = null;
  #ethernet: EthernetJson | null = null;

  present(step: Step, seq: number): StepJson {
    const evidence = presentEvidence(step);
    return {
      seq,
      kind: step.kind,
      at: presentAt(step),
      packet: this.#presentPacket(step.packet),
      changes: this.#presentChanges(step, evidence),
      evidence,
      summary: summarize(step),
    } as StepJson; // `evidence` is that of `kind` by construction
  }

  #presentPacket(packet: Packet | null): PacketJson | null {
    if (packet === null) return null;
    if (packet !== this.#packet) {
      this.#packet = packet;
      this.#packetJson = presentPacket(packet);
    }
    return this.#packetJson;
  }

  #presentChanges(step: Step, evidence: EvidenceByKind[Step['kind']]): readonly ChangeJson[] {
    switch (step.kind) {
      case 'ORIGINATE': // the first frame of a new packet is not a change
        this.#ethernet = null;
        return NO_CHANGES;
      case 'TRANSMIT': case 'RECEIVE': case 'BRIDGE_FORWARD': case 'BRIDGE_FLOOD': {
        if (step.frame.arp !== null) return NO_CHANGES;
        const { eth } = evidence as EvidenceByKind['TRANSMIT' | 'BRIDGE_FORWARD'];
        const before = this.#ethernet;
        this.#ethernet = eth;
        return presentFrameChanges(before, eth);
      }
      case 'NETFILTER': return presentMarkChange(step.markBefore, step.markAfter);
      default: return presentPacketChanges(step.before, step.packet);
    }
  }
}

export function presentLeg({ disposition, steps }: Leg): LegJson {
  const presenter = new LegPresenter();
  const shown: StepJson[] = [];
  for (let seq = 0; seq < steps.length; seq += 1) shown.push(presenter.present(steps[seq]!, seq));
  return { disposition, steps: shown };
}
