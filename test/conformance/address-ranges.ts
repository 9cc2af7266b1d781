/** Address ranges as `first-last`, and the CIDR blocks that they consist of. */
import { formatIpv4, ipv4, toIpv4 } from '../../src/domain/values/ipv4.js';
import { parseCidr, sizeOf } from '../../src/domain/values/cidr.js';

export interface AddressRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

const END = 2 ** 32;

/** Parses `10.0.0.0-10.255.255.255`. */
export function parseRange(text: string): AddressRange {
  const [first = '', last = first] = text.split('-');
  return { first: ipv4(first), last: ipv4(last) };
}

export const formatRange = ({ first, last }: AddressRange): string => `${formatIpv4(toIpv4(first))}-${formatIpv4(toIpv4(last))}`;

/** The whole address space, divided where one of `ranges` begins or ends. */
export function cutAt(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const starts = [...new Set([0, ...ranges.flatMap(({ first, last }) => [first, last + 1])])].filter((start) => start < END).sort((a, b) => a - b);
  return starts.map((first, index) => ({ first, last: (starts[index + 1] ?? END) - 1 }));
}

export function rangeOfBlock(cidr: string): AddressRange | null {
  const block = parseCidr(cidr);
  return block ? { first: block.base, last: block.base + sizeOf(block) - 1 } : null;
}

/** The smallest number of blocks that cover exactly the range. */
export function blocksOf({ first, last }: AddressRange): readonly string[] {
  const blocks: string[] = [];
  for (let base = first; base <= last;) {
    let prefix = 32;
    while (prefix > 0 && base % 2 ** (33 - prefix) === 0 && base + 2 ** (33 - prefix) - 1 <= last) prefix -= 1;
    blocks.push(`${formatIpv4(toIpv4(base))}/${prefix}`);
    base += 2 ** (32 - prefix);
  }
  return blocks;
}
