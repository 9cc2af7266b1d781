import type { CapturedFrame } from '../../domain/trace/trace.js';
import { ipText } from '../linux/address-text.js';
import type { FrameJson } from './packet-json.js';
import { presentArp, presentEthernet, presentPorts, presentQuoted } from './present-packet.js';

/** @param seq position in the capture, from 0 */
export function presentFrame(captured: CapturedFrame, seq: number): FrameJson {
  const { packet: id, netns, interface: device, direction, frame } = captured;
  const head = { seq, packet: id, netns, interface: device, direction, eth: presentEthernet(frame) };
  if (frame.arp !== null) return { ...head, arp: presentArp(frame.arp) };
  const { packet } = frame;
  if (packet === null) return head;
  const ip = { src: ipText(packet.source), dst: ipText(packet.destination), ttl: packet.ttl, protocol: packet.protocol };
  if (packet.icmp === null) return { ...head, ip, l4: presentPorts(packet) };
  const { type, code, quoted } = packet.icmp;
  return quoted === null ? { ...head, ip, icmp: { type, code } } : { ...head, ip, icmp: { type, code }, inner: presentQuoted(quoted) };
}

/** A capture in order. @param flooded with the copies that a bridge floods to ports off the path */
export const presentFrames = (frames: readonly CapturedFrame[], flooded: boolean): FrameJson[] =>
  (flooded ? frames : frames.filter((frame) => !frame.flooded)).map(presentFrame);
