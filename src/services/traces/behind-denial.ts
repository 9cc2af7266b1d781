/**
 * Finds what a flow would meet next if the policy that stopped it let it through. If it would fail again, changing the policy
 * alone does not help, and the reason says so.
 */
import type { LetThrough } from '../../compile/compilation.js';
import type { Direction } from '../../domain/cluster/policy/policy.js';
import type { Packet } from '../../domain/packet/packet.js';
import type { Path, Reason } from '../../domain/trace/trace.js';
import type { WalkedPath } from './run-path.js';

/** Most denials that are ignored one after the other: DNS lookup, egress, ingress, and one more. */
const TOLD = 4;

const DIRECTIONS: Readonly<Record<string, Direction>> = { NETWORK_POLICY_EGRESS: 'EGRESS', NETWORK_POLICY_INGRESS: 'INGRESS' };

interface Denial {
  readonly direction: Direction;
  readonly packet: Packet;
}

interface Walk {
  readonly path: Path;
  readonly walked: WalkedPath;
}

/**
 * Adds to the reason of a denied path, and to its fix, what would fail after the denial.
 *
 * @param walkAgain walks the same path with the policies ignored for the packets that `letThrough` accepts
 */
export function withLaterFailures(first: Walk, walkAgain: (letThrough: LetThrough) => Walk): Path {
  const denials: Denial[] = [];
  const behind: Reason[] = [];
  let walk = first;
  for (let denial = denialOf(walk); denial && denials.length < TOLD; denial = denialOf(walk)) {
    denials.push(denial);
    walk = walkAgain((direction, packet) => denials.some((each) => each.direction === direction && isSame(each.packet, packet)));
    // UNSUPPORTED means that the outcome is unknown, not that it fails.
    if (walk.path.reason && walk.path.disposition !== 'UNSUPPORTED') behind.push(walk.path.reason);
  }
  const { path } = first;
  if (!path.reason || behind.length === 0) return path;
  const { message, fix } = path.reason;
  return {
    ...path,
    reason: {
      ...path.reason,
      message: [message, ...behind.map((each, index) => `${index === 0 ? 'Let through, it would still fail' : 'And then'}: ${each.message}`)].join(' '),
      fix: [fix, ...behind.map((each) => `Also: ${each.fix}`)].join(' '),
    },
  };
}

/** The packet that a policy stopped, if that is why the path failed. */
function denialOf({ path: { reason }, walked: { connections } }: Walk): Denial | undefined {
  const [, index, leg] = /^connections\/(\d+)\/(forward|return|data)\//.exec(reason?.step ?? '') ?? [];
  const end = index === undefined ? undefined : connections[Number(index)]?.walked[leg as 'forward']?.end;
  const direction = DIRECTIONS[end?.cause?.code ?? ''];
  return end && direction && { direction, packet: end.packet };
}

const isSame = (one: Packet, other: Packet): boolean =>
  one.source === other.source && one.destination === other.destination && one.protocol === other.protocol && one.destinationPort === other.destinationPort;
