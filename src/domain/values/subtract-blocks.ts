import { cidrOf, covers, overlaps, type Cidr } from './cidr.js';
import { toIpv4 } from './ipv4.js';

/** The blocks, in order of address, that together hold what `block` holds and none of `except` does. */
export function subtractBlocks(block: Cidr, except: readonly Cidr[]): readonly Cidr[] {
  const met = except.filter((hole) => overlaps(block, hole));
  if (met.length === 0) return [block];
  if (met.some((hole) => covers(hole, block))) return [];
  const prefix = block.prefix + 1;
  const upper = toIpv4(block.base + 2 ** (32 - prefix));
  return [...subtractBlocks(cidrOf(block.base, prefix), met), ...subtractBlocks(cidrOf(upper, prefix), met)];
}
