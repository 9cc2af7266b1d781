/** The way back from a derived MAC address to the IPv4 address in it: why no bridge here needs a table. */
import { toIpv4, type Ipv4 } from '../domain/values/ipv4.js';
import { hostMac, podMac, type Mac } from '../domain/values/mac.js';

const TWO_32 = 2 ** 32;
const POD_PREFIX = podMac(toIpv4(0)) / TWO_32;
const HOST_PREFIX = hostMac(toIpv4(0)) / TWO_32;

const addressIn = (mac: Mac, prefix: number): Ipv4 | null => (Math.floor(mac / TWO_32) === prefix ? toIpv4(mac % TWO_32) : null);

/** @returns `null` for a MAC that is not a pod's or a bridge's. */
export const addressOfPodMac = (mac: Mac): Ipv4 | null => addressIn(mac, POD_PREFIX);

/** @returns `null` for a MAC that is not a host's. */
export const addressOfHostMac = (mac: Mac): Ipv4 | null => addressIn(mac, HOST_PREFIX);
