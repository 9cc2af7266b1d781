import type { FrameJson } from '../../../src/render/json/packet-json.js';

/** A frame before its packet has a number; frames of one `key` are of one packet. */
export type KeyedFrame = Omit<FrameJson, 'seq' | 'packet'> & { readonly key: string };

/** Numbers packets in order of first appearance, and leaves out repetitions: a packet that is sent again looks the same again where it began. */
export function numbered(frames: readonly KeyedFrame[]): FrameJson[] {
  const numbers = new Map<string, number>();
  const seen = new Set<string>();
  const found: FrameJson[] = [];
  for (const frame of frames) {
    const packet = numbers.get(frame.key) ?? numbers.size + 1;
    numbers.set(frame.key, packet);
    const { netns, interface: device, direction, eth, ip, l4, arp } = frame;
    const sighting = JSON.stringify([packet, netns, device, direction, eth, ip, l4, arp]);
    if (seen.has(sighting)) continue;
    seen.add(sighting);
    found.push({ ...frame, seq: found.length, packet });
  }
  return found;
}
