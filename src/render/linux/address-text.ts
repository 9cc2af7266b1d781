import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { formatMac, type Mac } from '../../domain/values/mac.js';

/**
 * Addresses as text, remembered: a trace names the same few again and again. One slot per hash, the newest wins, so the
 * memory is bounded and a hit costs two array reads. There are as many as one trace needs: what is kept for longer
 * outlives the collections of the young, and in a large cluster the next trace names others.
 */
const SLOTS = 256;
const ipKeys = new Float64Array(SLOTS).fill(-1);
const ipTexts = new Array<string>(SLOTS).fill('');
const macKeys = new Float64Array(SLOTS).fill(-1);
const macTexts = new Array<string>(SLOTS).fill('');

/** The low bits differ among the addresses of a node, the middle ones among nodes. */
const slotOf = (value: number): number => (value ^ (value >>> 7) ^ (value >>> 16)) & (SLOTS - 1);

export function ipText(address: Ipv4): string {
  const slot = slotOf(address);
  if (ipKeys[slot] === address) return ipTexts[slot] as string;
  ipKeys[slot] = address;
  return (ipTexts[slot] = formatIpv4(address));
}

export function macText(mac: Mac): string {
  const slot = slotOf(mac % 0x100000000);
  if (macKeys[slot] === mac) return macTexts[slot] as string;
  macKeys[slot] = mac;
  return (macTexts[slot] = formatMac(mac));
}
