import { expect, test } from 'vitest';
import { presentFrames } from '../../../src/render/json/present-frame.js';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { sctpChecksum } from '../../../src/render/pcapng/checksums.js';
import { renderTracePcapng } from '../../../src/render/pcapng/trace-pcapng.js';
import type { Packet } from '../../../src/domain/packet/packet.js';
import type { CapturedFrame } from '../../../src/domain/trace/trace.js';
import { readCapture } from '../../support/capture-file.js';
import { serviceRecord } from '../../support/service-trace.js';
import { at, connection, frame, icmpError, ip, leg, mac, path, record, tcp, type BuiltRecord } from '../../support/trace-builder.js';

const capture = (built: BuiltRecord, frames: readonly CapturedFrame[]) => {
  const trace = presentTrace(built);
  const shown = presentFrames(frames, false);
  return { shown, read: readCapture(Buffer.from(renderTracePcapng(trace, trace.paths[0]!, shown))) };
};

test('a capture can be read back with the same frames', () => {
  const { shown, read } = capture(serviceRecord, serviceRecord.trace.paths[0]!.frames!);
  expect(shown).toHaveLength(3);
  expect(read.frames).toEqual(shown);
});

test('a path without packets gives an empty capture', () => {
  expect(capture(record([path([])]), []).read).toMatchObject({ interfaces: [], frames: [] });
});

const unreachable = (message: string) => record([path([], { disposition: 'NO_ROUTE', reason: { code: 'NO_ROUTE', message, step: '', fix: '' } })]);
const QUESTION = 'UNREACHABLE: pod default/client → service default/web port 80, TCP';

test('the file\'s comment has the request and the reason, and is cut at its maximum length', () => {
  expect(capture(unreachable('Nobody has the address.'), []).read.comment).toBe(`${QUESTION}\nNobody has the address.`);
  expect(Buffer.byteLength(capture(unreachable('x'.repeat(70_000)), []).read.comment)).toBe(65_532);
});

test('an ICMP error contains its MTU, and an echo its id', () => {
  const ping: Packet = { ...tcp('10.244.1.5', '10.244.2.8'), protocol: 'ICMP', flags: null, icmp: { type: 8, code: 0, id: 7, mtu: 0, quoted: null } };
  const error = icmpError('10.244.1.1', '10.244.1.5', 4, tcp('10.244.1.5:40000', '10.244.2.8:8080'), { id: 2 });
  const tooBig: Packet = { ...error, icmp: { ...error.icmp!, mtu: 1450 } };
  const built = record([
    path([
      connection(
        leg('ACCEPTED', at('pod:default/client', 'eth0', ping, { kind: 'LOOPBACK' })),
        leg('ACCEPTED', at('pod:default/client', 'eth0', tooBig, { kind: 'LOOPBACK' })),
      ),
    ]),
  ]);
  const file = Buffer.from(renderTracePcapng(presentTrace(built), presentTrace(built).paths[0]!, presentFrames([ping, tooBig].map((packet) => (
    { packet: packet.id, netns: 'pod:default/client', interface: 'eth0', direction: 'rx', flooded: false, frame: frame(mac.pod('10.244.1.1'), mac.pod('10.244.1.5'), packet) } as const)), false)));
  // Type, code, any checksum; then id and number, or zeros and the MTU.
  expect(file.toString('latin1')).toMatch(/\x08\x00[^]{2}\x00\x07\x00\x01[^]*\x03\x04[^]{2}\x00\x00\x05\xaa\x45/);
});

test('an ICMP error quotes the segment that caused it', () => {
  const syn = tcp('10.244.1.5:40000', '10.244.2.8:8080');
  const data = { ...syn, id: 3, flags: 'PSH-ACK', payloadBytes: 1440, ttl: 61 } as const;
  const error = icmpError('10.244.1.1', '10.244.1.5', 4, data, { id: 4, payloadBytes: 548 });
  const steps = [syn, data, error].map((packet) => at('pod:default/client', 'eth0', packet, { kind: 'ORIGINATE', container: null, what: 'request' }));
  const built = record([path([connection(leg('ACCEPTED', steps[0]!), leg('ACCEPTED', steps[2]!), { data: leg('MTU_EXCEEDED', steps[1]!) })])]);
  const { read } = capture(built, [
    {
      packet: 4,
      netns: 'pod:default/client',
      interface: 'eth0',
      direction: 'rx',
      flooded: false,
      frame: frame(mac.pod('10.244.1.1'), mac.pod('10.244.1.5'), error),
    },
  ]);
  const [quoted] = read.payloads;
  expect(quoted!.length).toBe(548);
  // Total length, identification, DF, and TTL of the quoted header; PSH and ACK.
  expect([quoted!.readUInt16BE(2), quoted!.readUInt16BE(4), quoted!.readUInt16BE(6), quoted![8], quoted![33]]).toEqual([1480, 3, 0x4000, 61, 0x18]);
});

const [CLIENT, SERVER] = [0x1000_0000, 0x2000_0000];
test.each<{ name: string; sent: readonly (readonly [flags: NonNullable<Packet['flags']>, bytes: number, what: 'request' | 'answer' | 'reset'])[]; numbers: readonly (readonly [number, number])[] }>([
  {
    name: 'an acknowledgement of more on an open connection', sent: [['PSH-ACK', 100, 'request'], ['ACK', 0, 'answer']],
    numbers: [[CLIENT + 1, SERVER + 1], [SERVER + 1, CLIENT + 101]],
  },
  {
    name: 'a reset of more on a connection that is gone', sent: [['PSH-ACK', 100, 'request'], ['RST', 0, 'reset']],
    numbers: [[CLIENT + 1, SERVER + 1], [SERVER + 1, 0]],
  },
  {
    name: 'a reset of an answer that nobody waits for', sent: [['SYN', 0, 'request'], ['SYN-ACK', 0, 'answer'], ['RST', 0, 'reset']],
    numbers: [[CLIENT, 0], [SERVER, CLIENT + 1], [CLIENT + 1, 0]],
  },
  {
    name: 'a segment that is sent again, shorter', sent: [['PSH-ACK', 1440, 'request'], ['ACK', 512, 'request']],
    numbers: [[CLIENT + 1, SERVER + 1], [CLIENT + 1, SERVER + 1]],
  },
])('TCP sequence numbers: $name', ({ sent, numbers }) => {
  const packets = sent.map(([flags, payloadBytes, what], index) => ({
    ...(what === 'request' ? tcp('10.244.1.5:40000', '10.244.2.8:8080') : tcp('10.244.2.8:8080', '10.244.1.5:40000')),
    id: index + 1,
    flags,
    payloadBytes,
  }));
  const steps = packets.map((packet, index) => at('pod:default/client', 'eth0', packet, { kind: 'ORIGINATE', container: null, what: sent[index]![2] }));
  const built = record([path([connection(leg('ACCEPTED', steps[0]!), leg('ACCEPTED', ...steps.slice(1)))])]);
  const { read } = capture(
    built,
    packets.map((packet) => ({
      packet: packet.id,
      netns: 'pod:default/client',
      interface: 'eth0',
      direction: 'rx',
      flooded: false,
      frame: frame(mac.pod('10.244.1.1'), mac.pod('10.244.1.5'), packet),
    })),
  );
  expect(read.numbers).toEqual(numbers);
});

test('an echo has its id at that place, which NAT may have changed', () => {
  const ping: Packet = { ...tcp('10.244.1.5', '10.244.2.8'), protocol: 'ICMP', flags: null, icmp: { type: 8, code: 0, id: 7, mtu: 0, quoted: null } };
  const masqueraded: Packet = { ...ping, source: ip('192.168.1.11'), icmp: { ...ping.icmp!, id: 20 } };
  const built = record([
    path([connection(leg('ACCEPTED', ...[ping, masqueraded].map((packet) => at('pod:default/client', 'eth0', packet, { kind: 'LOOPBACK' }))), null)]),
  ]);
  const { read } = capture(
    built,
    [ping, masqueraded].map((packet) => ({
      packet: packet.id,
      netns: 'pod:default/client',
      interface: 'eth0',
      direction: 'tx',
      flooded: false,
      frame: frame(mac.pod('10.244.1.5'), mac.pod('10.244.1.1'), packet),
    })),
  );
  expect(read.echoIds).toEqual([7, 20]);
});

test('the SCTP checksum is that of RFC 3720', () => {
  // 32 bytes of zeros: CRC 0x8a9136aa. @source RFC 3720 B.4
  expect(sctpChecksum(new Uint8Array(32))).toBe(0xaa36918a);
});
