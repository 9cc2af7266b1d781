/**
 * The frames of one path as a capture file that Wireshark and tshark read. Each interface of each network namespace is an
 * interface of the file.
 *
 * What the model does not have is made up, always in the same way: a frame every 10 µs, starting at the epoch,
 * sequence numbers, and payloads of zeros, except for DNS, whose questions and answers are known.
 */
import { placeName } from '../../domain/trace/place-name.js';
import type { FrameJson } from '../json/packet-json.js';
import type { PathJson, TraceJson } from '../json/trace-json.js';
import { requestText } from '../text/request-text.js';
import { interfaceBlock, packetBlock, sectionBlock } from './blocks.js';
import { join, type Bytes } from './bytes.js';
import { frameBytes } from './frame-bytes.js';
import { FrameComments } from './frame-comments.js';
import { PathPackets } from './packet-facts.js';

const MICROSECONDS_BETWEEN_FRAMES = 10;
const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** @param frames those of `path`, in order */
export function renderTracePcapng(trace: TraceJson, path: PathJson, frames: readonly FrameJson[]): Bytes {
  const interfaces = new Map<string, { readonly id: number; readonly block: Bytes }>();
  const packets = new PathPackets(path);
  const comments = new FrameComments(path);
  const blocks = frames.map((frame, index) => {
    const name = `${frame.netns} ${frame.interface}`;
    let found = interfaces.get(name);
    if (!found) interfaces.set(name, (found = { id: interfaces.size, block: interfaceBlock(name, `${frame.interface} of ${placeName(frame.netns)}`) }));
    return packetBlock({
      interfaceId: found.id, microseconds: index * MICROSECONDS_BETWEEN_FRAMES, bytes: frameBytes(frame, packets), direction: frame.direction,
      isBroadcast: frame.eth.dst === BROADCAST, packetId: frame.packet, comment: comments.next(frame),
    });
  });
  const comment = [`${trace.verdict}: ${requestText(trace.request)}`, ...(path.reason ? [path.reason.message] : [])].join('\n');
  return join(sectionBlock('Packetwalk', comment), ...[...interfaces.values()].map(({ block }) => block), ...blocks);
}
