/** Blocks of addresses, as cases write them; upstream's own tests have octets with leading zeros. */
import { cidrOf, contains, formatCidr, parseCidr } from '../../src/domain/values/cidr.js';
import { ipv4, type Ipv4 } from '../../src/domain/values/ipv4.js';

const read = (text: string): Ipv4 => ipv4(text.split('.').map(Number).join('.'));

/** @returns the smallest block that holds all `addresses` and has at most `prefix` bits; `undefined` where there are none */
export function blockAround(addresses: readonly string[], prefix: number): string | undefined {
  const [first, ...others] = addresses.map(read);
  if (first === undefined) return undefined;
  let bits = prefix;
  while (bits > 0 && !others.every((other) => contains(cidrOf(first, bits), other))) bits -= 1;
  return formatCidr(cidrOf(first, bits));
}

export const isInBlock = (address: string, block: string): boolean => contains(parseCidr(block)!, read(address));
