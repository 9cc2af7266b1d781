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

export function formatMac(mac: Mac): string {
  const hex = mac.toString(16).padStart(12, '0');
  return `${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}:${hex.slice(8, 10)}:${hex.slice(10)}`;
}
