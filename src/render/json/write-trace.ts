/**
 * A trace as JSON text, the same bytes as `JSON.stringify(presentTrace(record))`, without the objects in between:
 * walking a packet costs less than the objects and their serialization would.
 */
import type { Frame, Packet } from '../../domain/packet/packet.js';
import type { Step } from '../../domain/trace/step.js';
import type { Connection, Leg, Path } from '../../domain/trace/trace.js';
import { presentFrameChanges, presentMarkChange, presentPacketChanges } from './present-changes.js';
import { presentEthernet } from './present-packet.js';
import { presentFrames } from './present-frame.js';
import { presentBackend, presentTranslation, type PresentableTrace } from './present-trace.js';
import type { ChangeJson } from './step-json.js';
import { summarize } from './summarize.js';
import type { RequestJson } from './trace-json.js';
import { writeConntrackFields, writeFdbFields, writeNeighbourFields } from './write-entries.js';
import { writeEvidence } from './write-evidence.js';
import { inOnePiece, writeArray, writeName, writeString } from './write-json.js';
import { writePacket } from './write-packet.js';

function writeAt(step: Step): string {
  const device = step.interface;
  const place = device === null ? `{"netns":${writeName(step.netns)}` : `{"netns":${writeName(step.netns)},"interface":${writeName(device)}`;
  switch (step.kind) {
    case 'NETFILTER': case 'SERVICE_CHOICE': case 'POLICY': case 'DNAT': case 'SNAT': return `${place},"hook":"${step.hook}","table":"${step.table}","chain":${writeName(step.chain)}}`;
    case 'CONNTRACK': case 'UN_NAT': return `${place},"hook":"${step.hook}"}`;
    default: return `${place}}`;
  }
}

const writeChange = ({ field, from, to }: ChangeJson): string => `{"field":"${field}","from":"${from}","to":"${to}"}`;

/** `LegPresenter` as text. */
class LegWriter {
  #packet: Packet | null = null;
  #packetText = '';
  #frame: Frame | null = null;
  #previous: Step | null = null;

  write(step: Step, seq: number): string {
    const text = `{"seq":${seq},"kind":"${step.kind}","at":${writeAt(step)},"packet":${this.#writePacket(step.packet)},"changes":${writeArray(this.#changes(step), writeChange)},`
      + `"evidence":${writeEvidence(step, this.#previous)},"summary":${writeString(summarize(step))}}`;
    this.#previous = step;
    return text;
  }

  #writePacket(packet: Packet | null): string {
    if (packet === null) return 'null';
    if (packet !== this.#packet) {
      this.#packet = packet;
      this.#packetText = inOnePiece(writePacket(packet));
    }
    return this.#packetText;
  }

  #changes(step: Step): readonly ChangeJson[] {
    switch (step.kind) {
      case 'TRANSMIT': case 'RECEIVE': case 'BRIDGE_FORWARD': case 'BRIDGE_FLOOD': {
        const { frame } = step;
        if (frame.arp !== null) return [];
        const before = this.#frame;
        this.#frame = frame;
        if (before === null || (before.source === frame.source && before.destination === frame.destination)) return [];
        return presentFrameChanges(presentEthernet(before), presentEthernet(frame));
      }
      case 'NETFILTER': return presentMarkChange(step.markBefore, step.markAfter);
      default: return presentPacketChanges(step.before, step.packet);
    }
  }
}

function writeLeg({ disposition, steps }: Leg): string {
  const writer = new LegWriter();
  let text = `{"disposition":"${disposition}","steps":[`;
  for (let seq = 0; seq < steps.length; seq += 1) text += seq === 0 ? writer.write(steps[seq]!, seq) : `,${writer.write(steps[seq]!, seq)}`;
  return `${text}]}`;
}

function writeConnection({ role, disposition, forward, return: back, data, translations, conntrack, neighboursLearned, fdbLearned }: Connection): string {
  return `{"role":"${role}","disposition":"${disposition}","forward":${writeLeg(forward)},"return":${back === null ? 'null' : writeLeg(back)},`
    + `${data === null ? '' : `"data":${writeLeg(data)},`}"translations":${JSON.stringify(translations.map(presentTranslation))},`
    + `"conntrack":${writeArray(conntrack, ({ netns, entry }) => `{"netns":${writeName(netns)},${writeConntrackFields(entry)}}`)},`
    + `"neighboursLearned":${writeArray(neighboursLearned, ({ netns, entry }) => `{"netns":${writeName(netns)},${writeNeighbourFields(entry)}}`)},`
    + `"fdbLearned":${writeArray(fdbLearned, ({ netns, bridge, entry }) => `{"netns":${writeName(netns)},${writeFdbFields(entry.mac, entry.port, bridge)}}`)}}`;
}

function writePath(path: Path, withFrames: boolean): string {
  const { weight, backend, disposition, reason, clientSees, seenByServer, seenByClient, http, connections, frames } = path;
  return `{"weight":"${weight}","backend":${backend === null ? 'null' : JSON.stringify(presentBackend(backend))},"disposition":"${disposition}","reason":${JSON.stringify(reason)},`
    + `"clientSees":${JSON.stringify(clientSees)},"seenByServer":${JSON.stringify(seenByServer)},"seenByClient":${JSON.stringify(seenByClient)},`
    + `${http === null ? '' : `"http":${JSON.stringify(http)},`}"connections":${writeArray(connections, writeConnection)}${withFrames && frames !== null ? `,"frames":${JSON.stringify(presentFrames(frames, false))}` : ''}}`;
}

export function writeTrace<Request extends RequestJson>({ id, cluster, createdAt, trace, differences }: PresentableTrace<Request>): string {
  const { request, revision, live, verdict, warnings, totalPaths, truncated } = trace;
  const withFrames = request.include.includes('frames');
  const expectation = differences === null ? '' : `"met":${differences.length === 0},"differences":${JSON.stringify(differences)},`;
  return `{"id":${JSON.stringify(id)},"cluster":${writeString(cluster)},"revision":${revision},${live ? `"stateRevision":${live.stateRevision},"clockSeconds":${live.clockSeconds},` : ''}"createdAt":${writeString(createdAt)},"request":${JSON.stringify(request)},`
    + `"verdict":"${verdict}","warnings":${JSON.stringify(warnings)},${expectation}"totalPaths":${totalPaths},"truncated":${truncated},`
    + `"paths":${writeArray(trace.paths, (path) => writePath(path, withFrames))}}`;
}
