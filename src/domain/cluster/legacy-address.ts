/**
 * Addresses as the API server has always taken them in Services, EndpointSlices and NetworkPolicies: octets, and prefix lengths, may have
 * leading zeros, which are decimal and mean nothing.
 *
 * @source k8s.io/utils `net.ParseIPSloppy`, `net.ParseCIDRSloppy`
 */
import { parseCidr, type Cidr } from '../values/cidr.js';
import { parseIpv4, type Ipv4 } from '../values/ipv4.js';

const PADDED = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;

/** The address or block without leading zeros; anything else as it is. */
export const withoutPadding = (text: string): string => (PADDED.test(text) ? text.replace(/\b0+(?=\d)/g, '') : text);

export const parseLegacyIpv4 = (text: string): Ipv4 | undefined => parseIpv4(withoutPadding(text));

export const parseLegacyCidr = (text: string): Cidr | undefined => parseCidr(withoutPadding(text));
