import type { Packet, QuotedHeader } from '../../domain/packet/packet.js';
import { ipText } from '../linux/address-text.js';
import { markText } from '../linux/mark-text.js';
import type { EthernetJson } from './packet-json.js';
import type { ChangeJson } from './step-json.js';

export const NO_CHANGES: readonly ChangeJson[] = [];

export const presentMarkChange = (before: number, after: number): readonly ChangeJson[] =>
  before === after ? NO_CHANGES : [{ field: 'mark', from: markText(before), to: markText(after) }];

/** The changes of the Ethernet header on a new link: source and destination MAC. */
export function presentFrameChanges(before: EthernetJson | null, after: EthernetJson): readonly ChangeJson[] {
  if (before === null || (before.src === after.src && before.dst === after.dst)) return NO_CHANGES;
  const changes: ChangeJson[] = [];
  if (before.src !== after.src) changes.push({ field: 'eth.src', from: before.src, to: after.src });
  if (before.dst !== after.dst) changes.push({ field: 'eth.dst', from: before.dst, to: after.dst });
  return changes;
}

/** The header fields that a step rewrote, in the order of the packet's JSON. */
export function presentPacketChanges(before: Packet | null, after: Packet | null): readonly ChangeJson[] {
  if (before === null || after === null || before === after) return NO_CHANGES;
  const changes: ChangeJson[] = [];
  if (before.source !== after.source) changes.push({ field: 'ip.src', from: ipText(before.source), to: ipText(after.source) });
  if (before.destination !== after.destination) changes.push({ field: 'ip.dst', from: ipText(before.destination), to: ipText(after.destination) });
  if (before.ttl !== after.ttl) changes.push({ field: 'ip.ttl', from: String(before.ttl), to: String(after.ttl) });
  if (before.sourcePort !== after.sourcePort) changes.push({ field: 'l4.sport', from: String(before.sourcePort), to: String(after.sourcePort) });
  if (before.destinationPort !== after.destinationPort) {
    changes.push({ field: 'l4.dport', from: String(before.destinationPort), to: String(after.destinationPort) });
  }
  if (before.icmp !== null && after.icmp !== null) {
    if (before.icmp.id !== after.icmp.id) changes.push({ field: 'icmp.id', from: String(before.icmp.id), to: String(after.icmp.id) });
    if (before.icmp.quoted !== null && after.icmp.quoted !== null) pushQuotedChanges(changes, before.icmp.quoted, after.icmp.quoted);
  }
  return changes;
}

function pushQuotedChanges(changes: ChangeJson[], before: QuotedHeader, after: QuotedHeader): void {
  if (before.source !== after.source) changes.push({ field: 'inner.ip.src', from: ipText(before.source), to: ipText(after.source) });
  if (before.destination !== after.destination) changes.push({ field: 'inner.ip.dst', from: ipText(before.destination), to: ipText(after.destination) });
  if (before.sourcePort !== after.sourcePort) changes.push({ field: 'inner.l4.sport', from: String(before.sourcePort), to: String(after.sourcePort) });
  if (before.destinationPort !== after.destinationPort) {
    changes.push({ field: 'inner.l4.dport', from: String(before.destinationPort), to: String(after.destinationPort) });
  }
}
