import type { NetnsId } from '../datapath/netns.js';

const FIXED: ReadonlyMap<string, string> = new Map([
  ['fabric', 'the switch'], ['gateway', 'the gateway'], ['isp', 'the internet\'s router'], ['cloud-lb', 'the cloud load balancer'],
]);
const PREFIXES: ReadonlyMap<string, string> = new Map([['node', ''], ['pod', 'pod '], ['lan', 'LAN host '], ['internet', 'internet host ']]);

/** A network namespace in words, as they stand within a sentence: `pod default/web-1`, `node-1`, `the gateway`. */
export function placeName(netns: NetnsId): string {
  const colon = netns.indexOf(':');
  if (colon < 0) return FIXED.get(netns) ?? netns;
  const prefix = PREFIXES.get(netns.slice(0, colon));
  return prefix === undefined ? netns : prefix + netns.slice(colon + 1);
}
