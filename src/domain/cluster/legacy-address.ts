/**
 * Addresses as the API server parses them in Services, EndpointSlices and NetworkPolicies: octets and prefix lengths are
 * decimal numbers, and may have leading zeros.
 *
 * @source k8s.io/utils `net.ParseIPSloppy`, `net.ParseCIDRSloppy`
 */
import { parseCidr, type Cidr } from '../values/cidr.js';
import { parseIpv4, type Ipv4 } from '../values/ipv4.js';

const PADDED = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;

/** The address or block without leading zeros; any other text unchanged. */
export const withoutPadding = (text: string): string => (PADDED.test(text) ? text.replace(/\b0+(?=\d)/g, '') : text);

export const parseLegacyIpv4 = (text: string): Ipv4 | undefined => parseIpv4(withoutPadding(text));

export const parseLegacyCidr = (text: string): Cidr | undefined => parseCidr(withoutPadding(text));
