import type { FrameJson } from '../../../src/render/json/packet-json.js';

/** A frame whose packet has no number yet; frames with the same `key` are of the same packet. */
export type KeyedFrame = Omit<FrameJson, 'seq' | 'packet'> & { readonly key: string };

/** Numbers packets in order of first appearance. Repetitions are left out: a packet that is sent again has the same frame at its first place. */
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
