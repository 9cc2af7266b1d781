import { formatIpv4, parseIpv4, toIpv4, type Ipv4 } from './ipv4.js';

/** A block of addresses: `base` has no bit set beyond `prefix`. */
export interface Cidr {
  readonly base: Ipv4;
  /** 0–32 */
  readonly prefix: number;
}

export const maskOf = (prefix: number): number => (prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);

/** The block of `prefix` bits that `address` lies in. */
export const cidrOf = (address: Ipv4, prefix: number): Cidr => ({ base: toIpv4(address & maskOf(prefix)), prefix });

/** @returns `undefined` when `text` is not `a.b.c.d/n`; host bits are cut off. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIpv4(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^\d{1,2}$/.test(digits)) return undefined;
  const prefix = Number(digits);
  return prefix > 32 || String(prefix) !== digits ? undefined : cidrOf(address, prefix);
}

/** For literals and for text that was validated before. @throws RangeError on anything else. */
export function cidr(text: string): Cidr {
  const block = parseCidr(text);
  if (!block) throw new RangeError(`not an IPv4 CIDR: ${text}`);
  return block;
}

export const formatCidr = ({ base, prefix }: Cidr): string => `${formatIpv4(base)}/${prefix}`;

export const contains = ({ base, prefix }: Cidr, address: Ipv4): boolean => ((address & maskOf(prefix)) >>> 0) === base;

/** Whether the whole of `inner` is in `outer`. */
export const covers = (outer: Cidr, inner: Cidr): boolean => outer.prefix <= inner.prefix && contains(outer, inner.base);

export const overlaps = (a: Cidr, b: Cidr): boolean => contains(a.prefix <= b.prefix ? a : b, a.prefix <= b.prefix ? b.base : a.base);

/** Number of addresses in the block, network and broadcast address included. */
export const sizeOf = ({ prefix }: Cidr): number => 2 ** (32 - prefix);

/** The last address that a host can have, the one before the broadcast address. */
export const lastHostOf = (block: Cidr): Ipv4 => addressAt(block, sizeOf(block) - 2);

/** The last address of all, at which every host of the block is meant. */
export const broadcastOf = (block: Cidr): Ipv4 => addressAt(block, sizeOf(block) - 1);

/** The address `offset` places after the block's base. */
export const addressAt = ({ base }: Cidr, offset: number): Ipv4 => toIpv4(base + offset);
