import type { Ipv4 } from './ipv4.js';

/** An Ethernet address as a 48-bit number (exact in a double). */
export type Mac = number & { readonly __brand: 'Mac' };

const toMac = (value: number): Mac => value as Mac;
const TWO_32 = 2 ** 32;

export const BROADCAST_MAC: Mac = toMac(2 ** 48 - 1);
/** The address of `lo`, which has none. */
export const ZERO_MAC: Mac = toMac(0);

/** `0a:58` + the IPv4 bytes: pod interfaces and bridges. @source containernetworking/plugins `hwaddr.PrivateMACPrefix` */
export const podMac = (address: Ipv4): Mac => toMac(0x0a58 * TWO_32 + address);
/** `02:00` + the IPv4 bytes: every other interface with an address. */
export const hostMac = (address: Ipv4): Mac => toMac(0x0200 * TWO_32 + address);
/** `02:01` + 4 bytes of a hash: interfaces without an address. */
export const hashMac = (hash32: number): Mac => toMac(0x0201 * TWO_32 + (hash32 >>> 0));

/** The two hexadecimal digits of each byte. */
const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function formatMac(mac: Mac): string {
  const high = Math.floor(mac / TWO_32);
  const low = mac % TWO_32;
  return `${DIGITS[high >>> 8]}:${DIGITS[high & 255]}:${DIGITS[low >>> 24]}:${DIGITS[(low >>> 16) & 255]}:${DIGITS[(low >>> 8) & 255]}:${DIGITS[low & 255]}`;
}
