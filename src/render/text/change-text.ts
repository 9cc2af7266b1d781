import type { PacketJson } from '../json/packet-json.js';
import type { ChangeJson, StepJson } from '../json/step-json.js';

type Fields = ReadonlyMap<string, ChangeJson>;

/** `dst 10.96.0.12:80 → 10.244.2.8:8080`: an address with its port, even if only one of them changed. */
function endpointChange(fields: Fields, side: 'src' | 'dst', packet: PacketJson): string | null {
  const address = fields.get(`ip.${side}`);
  const port = fields.get(side === 'src' ? 'l4.sport' : 'l4.dport');
  if (!address && !port) return null;
  const currentPort = side === 'src' ? packet.l4?.sport : packet.l4?.dport;
  const before = port?.from ?? (currentPort === undefined ? null : String(currentPort));
  const after = port?.to ?? (currentPort === undefined ? null : String(currentPort));
  const join = (ip: string, number: string | null): string => (number === null ? ip : `${ip}:${number}`);
  return `${side} ${join(address?.from ?? packet.ip[side], before)} → ${join(address?.to ?? packet.ip[side], after)}`;
}

const OTHER_FIELDS: readonly (readonly [field: string, name: string])[] = [
  ['ip.ttl', 'ttl'], ['mark', 'mark'], ['icmp.id', 'icmp id'], ['inner.ip.src', 'quoted src'], ['inner.l4.sport', 'quoted sport'],
  ['inner.ip.dst', 'quoted dst'], ['inner.l4.dport', 'quoted dport'],
];

/** The header changes of a step, one line each. */
export function changeLines({ kind, changes, packet, evidence }: StepJson): string[] {
  if (changes.length === 0) return [];
  const fields: Fields = new Map(changes.map((change) => [change.field, change]));
  const lines: string[] = [];
  for (const side of ['src', 'dst'] as const) {
    const line = packet === null ? null : endpointChange(fields, side, packet);
    if (line !== null) lines.push(line);
  }
  for (const [field, name] of OTHER_FIELDS) {
    const change = fields.get(field);
    if (change) lines.push(`${name} ${change.from} → ${change.to}`);
  }
  // Old and new MAC addresses do not fit on one line, so only the new ones are shown.
  if ((fields.has('eth.src') || fields.has('eth.dst')) && 'eth' in evidence) {
    // `>` as in tcpdump: from source to destination, not from old to new.
    const { src, dst } = evidence.eth;
    const why = kind !== 'BRIDGE_FORWARD' && kind !== 'BRIDGE_FLOOD' ? 'a new frame around the same packet'
      : fields.has('eth.src') ? 'the bridge puts the sender\'s address back' : 'the bridge puts the new destination\'s address in';
    lines.push(`frame ${src} > ${dst} (${why})`);
  }
  return lines;
}
