/** Blocks around the addresses of cases. Upstream's tests contain octets with leading zeros. */
import { cidrOf, contains, formatCidr, parseCidr } from '../../src/domain/values/cidr.js';
import { ipv4, type Ipv4 } from '../../src/domain/values/ipv4.js';

const read = (text: string): Ipv4 => ipv4(text.split('.').map(Number).join('.'));

/** The smallest block that contains all `addresses` and whose prefix has at most `prefix` bits; `undefined` without addresses. */
export function blockAround(addresses: readonly string[], prefix: number): string | undefined {
  const [first, ...others] = addresses.map(read);
  if (first === undefined) return undefined;
  let bits = prefix;
  while (bits > 0 && !others.every((other) => contains(cidrOf(first, bits), other))) bits -= 1;
  return formatCidr(cidrOf(first, bits));
}

export const isInBlock = (address: string, block: string): boolean => contains(parseCidr(block)!, read(address));
