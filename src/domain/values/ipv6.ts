import { parseIpv4, toIpv4, type Ipv4 } from './ipv4.js';

const GROUP = /^[0-9a-f]{1,4}$/i;
const GROUPS = 8;

const groupsOf = (half: string): string[] => (half === '' ? [] : half.split(':'));

/**
 * IPv6 addresses are stored and compared, and never walked.
 *
 * @returns the address as an unsigned 128-bit number; `undefined` where `text` is none. Zones are not taken.
 * @source RFC 4291 §2.2
 */
export function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::').map(groupsOf);
  if (halves.length > 2) return undefined;
  const last = halves.at(-1)!;
  const embedded = parseIpv4(last.at(-1) ?? '');
  if (embedded !== undefined) last.splice(-1, 1, (embedded >>> 16).toString(16), (embedded & 0xffff).toString(16));
  const [head, tail = []] = halves as [string[], string[]?];
  const left = GROUPS - head.length - tail.length;
  if (halves.length === 2 ? left < 1 : left !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: left }, () => '0'), ...tail];
  return groups.every((group) => GROUP.test(group)) ? BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`) : undefined;
}

const MAPPED = 0xffffn;

/** @returns the IPv4 address that `::ffff:192.0.2.1` is; `undefined` for any other. @source RFC 4291 §2.5.5.2 */
export const mappedIpv4 = (address: bigint): Ipv4 | undefined => (address >> 32n === MAPPED ? toIpv4(Number(address & 0xffff_ffffn)) : undefined);
