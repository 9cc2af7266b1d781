/** The bytes of transport headers, parsed by their specifications. */
import { expect, test } from 'vitest';
import { zeros } from '../../../src/render/pcapng/bytes.js';
import { sctpBytes, tcpBytes, udpBytes } from '../../../src/render/pcapng/transport-bytes.js';
import type { TcpFlagJson } from '../../../src/render/json/packet-json.js';

const ENDS = { src: '10.244.1.5', dst: '10.244.2.8' };
const PORTS = { sport: 40_000, dport: 8080 };
const [CLIENT, SERVER] = [0x1000_0000, 0x2000_0000];

test.each<{ flags: readonly TcpFlagJson[]; sequence: number; acknowledges: number; window: number }>([
  { flags: ['SYN'], sequence: CLIENT, acknowledges: 0, window: 64_240 },
  { flags: ['SYN', 'ACK'], sequence: SERVER, acknowledges: CLIENT + 1, window: 64_240 },
  { flags: ['PSH', 'ACK'], sequence: CLIENT + 1, acknowledges: SERVER + 1, window: 64_240 },
  { flags: ['RST', 'ACK'], sequence: 0, acknowledges: CLIENT + 1, window: 0 },
  { flags: ['RST'], sequence: SERVER + 1, acknowledges: 0, window: 0 },
])('TCP numbers and window of a segment with $flags', ({ flags, sequence, acknowledges, window }) => {
  const bytes = Buffer.from(tcpBytes(ENDS, { ...PORTS, flags }, zeros(0)));
  expect([bytes.readUInt32BE(4), bytes.readUInt32BE(8), bytes.readUInt16BE(14)]).toEqual([sequence, acknowledges, window]);
});

test('a UDP checksum of 0 is written as ffff', () => {
  const checksumWith = (payload: Buffer): number => Buffer.from(udpBytes(ENDS, PORTS, Uint8Array.from(payload))).readUInt16BE(6);
  const balance = Buffer.alloc(2);
  balance.writeUInt16BE(checksumWith(balance));
  expect(checksumWith(balance)).toBe(0xffff);
});

test.each([
  { what: 'request', payload: 0, tag: 0, chunk: 1, length: 20 },
  { what: 'answer', payload: 0, tag: 0x1000_0001, chunk: 2, length: 28 },
  { what: 'reset', payload: 0, tag: 0x1000_0001, chunk: 6, length: 4 },
  { what: 'request', payload: 3, tag: 0x2000_0001, chunk: 0, length: 19 },
] as const)('an SCTP $what with $payload bytes', ({ what, payload, tag, chunk, length }) => {
  const bytes = Buffer.from(sctpBytes(PORTS, what, zeros(payload)));
  expect([bytes.readUInt32BE(4), bytes[12], bytes.readUInt16BE(14)]).toEqual([tag, chunk, length]);
  expect(bytes.length).toBe(12 + Math.ceil(length / 4) * 4);
  // Tag, window, streams, first number, then the cookie, which an answer has to bring.
  if (what === 'answer') expect([bytes.readUInt16BE(32), bytes.readUInt16BE(34)]).toEqual([7, length - 20]);
});
