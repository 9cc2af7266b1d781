import type { Bytes } from './bytes.js';

/** The ones' complement sum of 16-bit words; an odd byte at the end stands before a zero. @source RFC 1071 */
export function internetChecksum(bytes: Bytes): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** CRC32c, reflected. */
const POLYNOMIAL = 0x82f63b78;

/** SCTP's checksum, as it stands in the header: its bytes are in the other order. @source RFC 9260 appendix A */
export function sctpChecksum(bytes: Bytes): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
  }
  const value = ~crc >>> 0;
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
