import type { StepJson } from '../json/step-json.js';
import type { PathJson } from '../json/trace-json.js';
import type { FrameJson } from '../json/packet-json.js';

/** Steps that a reader of a capture cannot see in the frames themselves. */
const TOLD: ReadonlySet<StepJson['kind']> = new Set([
  'ORIGINATE', 'DNS_LOOKUP', 'SERVICE_CHOICE', 'DNAT', 'SNAT', 'UN_NAT', 'POLICY', 'LOAD_BALANCE', 'PROXY_ACCEPT', 'PROXY_CONNECT', 'DELIVER', 'DROP', 'REJECT',
] satisfies StepJson['kind'][]);

const isTold = (step: StepJson): boolean => {
  switch (step.kind) {
    case 'DNAT': case 'SNAT': return step.evidence.applied;
    case 'FORWARD_CHECK': return step.evidence.outcome !== 'FORWARDED';
    case 'ROUTE_LOOKUP': return step.evidence.failure !== null;
    case 'SOCKET_LOOKUP': return step.evidence.purpose === 'listener' && step.evidence.socket === null;
    case 'CONNTRACK': return step.evidence.action === 'INVALID' || (step.evidence.action !== 'CONFIRM' && step.changes.length > 0);
    default: return TOLD.has(step.kind);
  }
};

const keyOf = (packet: number, netns: string, device: string | undefined, direction: FrameJson['direction']): string =>
  `${packet} ${netns} ${device ?? ''} ${direction}`;

/**
 * The comments on a packet, placed at its captured frames: at the frame by which it came in, and for a packet that starts
 * here, at the frame by which it leaves. If it passes an interface twice, each frame gets its own comments.
 */
export class FrameComments {
  readonly #byFrame = new Map<string, string[]>();

  constructor({ connections }: PathJson) {
    for (const { forward, return: back, data } of connections) for (const leg of [forward, back, data]) if (leg) this.#collect(leg.steps);
  }

  #collect(steps: readonly StepJson[]): void {
    let waiting: string[] = [];
    let key: string | null = null;
    const tell = (): void => {
      if (key === null) return;
      const told = this.#byFrame.get(key) ?? [];
      this.#byFrame.set(key, [...told, waiting.join('\n')]);
      waiting = [];
    };
    for (const step of steps) {
      const { packet } = step;
      if (packet !== null && (step.kind === 'RECEIVE' || step.kind === 'TRANSMIT')) {
        tell(); // of what came before the first frame nothing: it waits for that one
        key = keyOf(packet.id, step.at.netns, step.at.interface, step.kind === 'RECEIVE' ? 'rx' : 'tx');
      } else if (isTold(step)) waiting.push(step.summary);
    }
    tell();
  }

  /** Must be called for the frames in order. */
  next({ packet, netns, interface: device, direction }: FrameJson): string | null {
    const comment = this.#byFrame.get(keyOf(packet, netns, device, direction))?.shift();
    return comment === undefined || comment === '' ? null : comment;
  }
}
