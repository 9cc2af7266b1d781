import { parseCidr } from '../values/cidr.js';
import { parseIpv4 } from '../values/ipv4.js';
import { CIDR_SYNTAX, IP_SYNTAX } from './api-messages.js';

const GROUP = /^[0-9a-f]{1,4}$/i;

/** Whether `text` is an IPv6 address. They are accepted where a dual-stack dump has them second, and never walked. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  let length = groups.length;
  if (last !== undefined && parseIpv4(last) !== undefined && text.endsWith(last)) {
    groups.pop();
    length += 1;
  }
  if (!groups.every((group) => GROUP.test(group))) return false;
  return halves.length === 2 ? length <= 7 : length === 8;
}

/** @returns the API server's words, `undefined` for an IPv4 or IPv6 address. */
export const ipProblem = (text: string): string | undefined => (parseIpv4(text) !== undefined || isIpv6(text) ? undefined : IP_SYNTAX);

/** As `ipProblem`, where the address takes part in a walk. */
export function ipv4Problem(text: string): string | undefined {
  if (parseIpv4(text) !== undefined) return undefined;
  return isIpv6(text) ? 'IPv6 is not modelled: use an IPv4 address' : IP_SYNTAX;
}

/** @returns the API server's words, `undefined` for an IPv4 or IPv6 block. */
export function cidrProblem(text: string): string | undefined {
  if (parseCidr(text) !== undefined) return undefined;
  const slash = text.lastIndexOf('/');
  const digits = text.slice(slash + 1);
  return slash > 0 && isIpv6(text.slice(0, slash)) && /^\d{1,3}$/.test(digits) && Number(digits) <= 128 ? undefined : CIDR_SYNTAX;
}
