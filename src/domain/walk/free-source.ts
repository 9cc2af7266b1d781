/**
 * The source that a connection is translated to.
 *
 * @source Linux `nf_nat_core.c`: `get_unique_tuple`, `nf_nat_l4proto_unique_tuple`
 */
import type { Tuple } from '../datapath/conntrack.js';
import type { Host } from './host.js';
import { invertTuple, type TrackedConnection } from './tracked-connection.js';
import type { Choices } from './walk.js';

/** Ports tried from the first random start, fewer than any range has; each next start tries half as many. */
const FIRST_ROUND = 128;
/** The search ends after a round shorter than this. */
const LAST_ROUND = 16;

/**
 * The port is kept unless the reply tuple is taken or the rule asks for a random port. If another connection from this
 * client port is already translated to the same address, its port is used again. If nothing is free, the last tuple tried
 * is returned, and the packet is lost when its connection is confirmed.
 *
 * @param before the tuple with the client's own source
 * @param wanted the same tuple with the translated source address
 * @param randomly the rule has `--random-fully`
 */
export function freeSource(host: Host, connection: TrackedConnection, before: Tuple, wanted: Tuple, choices: Choices, randomly: boolean): Tuple {
  const isFree = (tuple: Tuple): boolean => !host.connections.isTaken(invertTuple(tuple), connection);
  if (!randomly) {
    const mapped = wanted.source === before.source ? null : host.connections.sourcePortMappedTo(connection.original, wanted.source);
    const kept = mapped === null ? wanted : withPort(wanted, mapped);
    if (isFree(kept)) return kept;
    if (kept !== wanted && isFree(wanted)) return wanted;
  }
  return search(host, wanted, choices, isFree);
}

function search({ netns }: Host, wanted: Tuple, choices: Choices, isFree: (tuple: Tuple) => boolean): Tuple {
  const [lowest, size] = portsLike(wanted);
  let tuple = wanted;
  for (let round = 0, attempts = FIRST_ROUND; ; round += 1, attempts = Math.floor(attempts / 2)) {
    const offset = choices.portOffset(netns.id, wanted, round);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      tuple = withPort(wanted, lowest + ((offset + attempt) % size));
      if (isFree(tuple)) return tuple;
    }
    if (attempts < LAST_ROUND) return tuple;
  }
}

/** A port is replaced by one of its own range, so that a privileged port stays privileged. @returns the lowest port, and the size of the range */
function portsLike({ protocol, sourcePort }: Tuple): readonly [number, number] {
  if (protocol === 'ICMP') return [0, 65_536];
  if (sourcePort < 512) return [1, 511];
  return sourcePort < 1024 ? [600, 424] : [1024, 64_512];
}

/** An echo has one id at both ends. */
const withPort = (tuple: Tuple, port: number): Tuple =>
  ({ ...tuple, sourcePort: port, destinationPort: tuple.protocol === 'ICMP' ? port : tuple.destinationPort });
