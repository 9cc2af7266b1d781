/** Parses a capture file by the formats' specifications, independently of the code that writes it: blocks, frames, lengths and checksums. */
import { expect } from 'vitest';
import type { FrameJson } from '../../src/render/json/packet-json.js';

export interface ReadCapture {
  /** The comments of the file as a whole. */
  readonly comment: string;
  readonly interfaces: readonly string[];
  readonly comments: readonly (string | null)[];
  readonly microseconds: readonly number[];
  /** As the API shows them. */
  readonly frames: readonly FrameJson[];
  /** What stands behind the transport header of each. */
  readonly payloads: readonly Buffer[];
  /** `null`: of what is no echo. */
  readonly echoIds: readonly (number | null)[];
  /** Sequence and acknowledgement of each segment; `null`: of what is not TCP. */
  readonly numbers: readonly (readonly [number, number] | null)[];
}

const ETHERNET = 1;

function optionsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const [code, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    if (code === 0) return options;
    options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return options;
}

/** @source draft-ietf-opsawg-pcapng */
export function readCapture(file: Buffer): ReadCapture {
  let comment = '';
  const interfaces: string[] = [];
  const comments: (string | null)[] = [];
  const microseconds: number[] = [];
  const frames: FrameJson[] = [];
  const payloads: Buffer[] = [];
  const echoIds: (number | null)[] = [];
  const numbers: (readonly [number, number] | null)[] = [];
  expect([file.readUInt32BE(0), file.readUInt32BE(8)]).toEqual([0x0a0d0d0a, 0x1a2b3c4d]);
  for (let at = 0; at < file.length;) {
    const [type, length] = [file.readUInt32BE(at), file.readUInt32BE(at + 4)];
    expect([length % 4, file.readUInt32BE(at + length - 4)]).toEqual([0, length]);
    const body = file.subarray(at + 8, at + length - 4);
    if (type === 1) {
      expect(body.readUInt16BE(0)).toBe(ETHERNET);
      const options = optionsOf(body.subarray(8));
      expect([...options.get(9)!], 'decimal places of the time stamps').toEqual([6]);
      interfaces.push(options.get(2)!.toString());
    } else if (type === 6) {
      const [captured, original] = [body.readUInt32BE(12), body.readUInt32BE(16)];
      expect(captured).toBe(original);
      const options = optionsOf(body.subarray(20 + Math.ceil(captured / 4) * 4));
      const [netns = '', device = ''] = interfaces[body.readUInt32BE(0)]!.split(' ');
      const flags = options.get(2)!.readUInt32BE(0);
      const direction = (flags & 3) === 1 ? 'rx' : 'tx';
      const { payload, ...frame } = readFrame(body.subarray(20, 20 + captured));
      expect(flags >> 2, 'unicast or broadcast').toBe(frame.eth.dst === 'ff:ff:ff:ff:ff:ff' ? 3 : 1);
      frames.push({ seq: frames.length, packet: Number(options.get(5)!.readBigUInt64BE(0)), netns, interface: device, direction, ...frame });
      payloads.push(payload);
      echoIds.push(frame.icmp && !frame.inner ? body.readUInt16BE(20 + 14 + 20 + 4) : null);
      numbers.push(frame.ip?.protocol === 'TCP' ? [body.readUInt32BE(20 + 14 + 20 + 4), body.readUInt32BE(20 + 14 + 20 + 8)] : null);
      comments.push(options.get(1)?.toString() ?? null);
      microseconds.push(Number(body.readBigUInt64BE(4)));
    } else {
      expect(type).toBe(0x0a0d0d0a);
      comment = optionsOf(body.subarray(16)).get(1)!.toString();
    }
    at += length;
  }
  return { comment, interfaces, comments, microseconds, frames, payloads, echoIds, numbers };
}

const mac = (bytes: Buffer): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
const ip = (bytes: Buffer): string => [...bytes].join('.');

function readFrame(bytes: Buffer): Pick<FrameJson, 'eth' | 'arp' | 'ip' | 'l4' | 'icmp' | 'inner'> & { readonly payload: Buffer } {
  const isArp = bytes.readUInt16BE(12) === 0x0806;
  const eth = { src: mac(bytes.subarray(6, 12)), dst: mac(bytes.subarray(0, 6)), type: isArp ? 'ARP' : 'IPv4' } as const;
  const rest = bytes.subarray(14);
  if (!isArp) return { eth, ...readPacket(rest, true) };
  expect(rest.subarray(0, 6).toString('hex')).toBe('000108000604');
  expect(rest.length).toBe(28);
  return {
    eth,
    payload: rest.subarray(28),
    arp: {
      op: rest.readUInt16BE(6) === 1 ? 'request' : 'reply',
      sha: mac(rest.subarray(8, 14)),
      spa: ip(rest.subarray(14, 18)),
      tha: mac(rest.subarray(18, 24)),
      tpa: ip(rest.subarray(24, 28)),
    },
  };
}

/** Zero where the checksum in `bytes` is right. @source RFC 1071 */
function sumOf(bytes: Buffer): number {
  let sum = 0n;
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
  for (let at = 0; at < even.length; at += 2) sum += BigInt(even.readUInt16BE(at));
  return Number(0xffffn - (sum % 0xffffn)) % 0xffff;
}

const PROTOCOLS = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 132: 'SCTP' } as const;
const FLAGS = [['SYN', 2], ['RST', 4], ['PSH', 8], ['ACK', 16]] as const;

function readPacket(bytes: Buffer, isWhole: boolean): Pick<FrameJson, 'l4' | 'icmp' | 'inner'> & { readonly ip: NonNullable<FrameJson['ip']>; readonly payload: Buffer } {
  expect([bytes[0], sumOf(bytes.subarray(0, 20))]).toEqual([0x45, 0]);
  if (isWhole) expect(bytes.readUInt16BE(2)).toBe(bytes.length);
  const protocol = PROTOCOLS[bytes[9] as keyof typeof PROTOCOLS];
  const header = { src: ip(bytes.subarray(12, 16)), dst: ip(bytes.subarray(16, 20)), ttl: bytes[8]!, protocol };
  const transport = bytes.subarray(20);
  const isCut = bytes.readUInt16BE(2) > bytes.length;
  const pseudo = Buffer.concat([bytes.subarray(12, 20), Buffer.from([0, bytes[9]!, transport.length >> 8, transport.length & 0xff])]);
  if (!isCut && protocol !== 'SCTP') expect(sumOf(protocol === 'ICMP' ? transport : Buffer.concat([pseudo, transport])), `checksum of ${protocol}`).toBe(0);
  if (protocol === 'ICMP') {
    const icmp = { type: transport[0]!, code: transport[1]! };
    if (icmp.type === 8 || icmp.type === 0) return { ip: header, icmp, payload: transport.subarray(8) };
    const { ip: { src, dst, protocol: quoted }, l4 } = readPacket(transport.subarray(8), false);
    return { ip: header, icmp, inner: { ip: { src, dst, protocol: quoted }, l4: l4 ? { sport: l4.sport, dport: l4.dport } : null }, payload: transport.subarray(8) };
  }
  const ports = { sport: transport.readUInt16BE(0), dport: transport.readUInt16BE(2) };
  switch (protocol) {
    case 'TCP':
      return {
        ip: header,
        l4: { ...ports, flags: FLAGS.flatMap(([flag, bit]) => ((transport[13]! & bit) === 0 ? [] : [flag])) },
        payload: transport.subarray(20),
      };
    case 'UDP':
      if (!isCut) expect(transport.readUInt16BE(4)).toBe(transport.length);
      return { ip: header, l4: ports, payload: transport.subarray(8) };
    case 'SCTP':
      return { ip: header, l4: ports, payload: transport.subarray(12) };
  }
}
