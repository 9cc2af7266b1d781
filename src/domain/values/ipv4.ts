/** An IPv4 address as an unsigned 32-bit number, most significant byte first: 10.0.0.1 is 0x0a000001. */
export type Ipv4 = number & { readonly __brand: 'Ipv4' };

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const DOTTED = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/** Wraps a number that is known to be a valid address, e.g. after arithmetic within a CIDR. */
export const toIpv4 = (value: number): Ipv4 => (value >>> 0) as Ipv4;

/** @returns `undefined` when `text` is not four decimal octets without leading zeros. */
export function parseIpv4(text: string): Ipv4 | undefined {
  const octets = DOTTED.exec(text);
  if (!octets) return undefined;
  return toIpv4(((Number(octets[1]) << 24) | (Number(octets[2]) << 16) | (Number(octets[3]) << 8) | Number(octets[4])));
}

/** For literals and for text that was validated before. @throws RangeError on anything else. */
export function ipv4(text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === undefined) throw new RangeError(`not an IPv4 address: ${text}`);
  return address;
}

export const formatIpv4 = (address: Ipv4): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

export const UNSPECIFIED: Ipv4 = toIpv4(0);
export const LOOPBACK: Ipv4 = toIpv4(0x7f000001);

/** @source RFC 1122 §3.2.1.3 (g): 127.0.0.0/8 */
export const isLoopback = (address: Ipv4): boolean => address >>> 24 === 127;

/** Multicast, and the limited broadcast. @source RFC 1112 §4, RFC 919 §7 */
export const isGroupAddress = (address: Ipv4): boolean => address >>> 28 === 14 || address === 0xffffffff;
