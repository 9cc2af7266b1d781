import { contains, parseCidr } from '../values/cidr.js';
import { parseIpv4 } from '../values/ipv4.js';
import { parseIpv6 } from '../values/ipv6.js';
import { CIDR_SYNTAX, IP_SYNTAX } from './api-messages.js';

/** Is `text` an IPv6 address? These are accepted as second addresses of dual-stack objects, but not modelled. */
export const isIpv6 = (text: string): boolean => parseIpv6(text) !== undefined;

/** @returns the API server's message, or `undefined` for an IPv4 or IPv6 address. */
export const ipProblem = (text: string): string | undefined => (parseIpv4(text) !== undefined || isIpv6(text) ? undefined : IP_SYNTAX);

/** Like `ipProblem`, for addresses that are modelled and so must be IPv4. */
export function ipv4Problem(text: string): string | undefined {
  if (parseIpv4(text) !== undefined) return undefined;
  return isIpv6(text) ? 'IPv6 is not modelled: use an IPv4 address' : IP_SYNTAX;
}

interface Ipv6Block {
  readonly base: bigint;
  /** 0–128 */
  readonly prefix: number;
}

/** The first `prefix` bits of `address`, as a number. */
const networkOf = (address: bigint, prefix: number): bigint => address >> BigInt(128 - prefix);

function parseIpv6Cidr(text: string): Ipv6Block | undefined {
  const slash = text.lastIndexOf('/');
  const base = slash > 0 ? parseIpv6(text.slice(0, slash)) : undefined;
  const digits = text.slice(slash + 1);
  return base !== undefined && /^\d{1,3}$/.test(digits) && Number(digits) <= 128 ? { base, prefix: Number(digits) } : undefined;
}

/** @returns the API server's message, or `undefined` for an IPv4 or IPv6 block. */
export const cidrProblem = (text: string): string | undefined => (parseCidr(text) ?? parseIpv6Cidr(text) ? undefined : CIDR_SYNTAX);

/** Does the block `outer` contain all of `inner`, and more? Always false if one is IPv4 and the other IPv6. */
export function isStrictSubset(inner: string, outer: string): boolean {
  const [ipv4, outerIpv4] = [parseCidr(inner), parseCidr(outer)];
  if (ipv4 && outerIpv4) return contains(outerIpv4, ipv4.base) && outerIpv4.prefix < ipv4.prefix;
  const [ipv6, outerIpv6] = [parseIpv6Cidr(inner), parseIpv6Cidr(outer)];
  return (
    ipv6 !== undefined &&
    outerIpv6 !== undefined &&
    outerIpv6.prefix < ipv6.prefix &&
    networkOf(ipv6.base, outerIpv6.prefix) === networkOf(outerIpv6.base, outerIpv6.prefix)
  );
}
