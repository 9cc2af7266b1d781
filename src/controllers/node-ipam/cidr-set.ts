/**
 * The blocks of one size that a range is cut into, and which of them are taken.
 *
 * Not modelled: IPv6.
 *
 * @source kubernetes/kubernetes pkg/controller/nodeipam/ipam/cidrset (the behaviour; the product itself allocates the lowest free)
 */
import { addressAt, cidrOf, contains, formatCidr, overlaps, sizeOf, type Cidr } from '../../domain/values/cidr.js';

export interface CidrSet {
  readonly range: Cidr;
  /** Prefix length of a block. */
  readonly blockPrefix: number;
  /** Indexes of the blocks that are taken. */
  readonly used: ReadonlySet<number>;
  /** Where the search for a free block begins: one after the block allocated last. */
  readonly nextCandidate: number;
}

/** @throws RangeError when a block would be larger than the range */
export function createCidrSet(range: Cidr, blockPrefix: number): CidrSet {
  if (blockPrefix < range.prefix || blockPrefix > 32) throw new RangeError(`blocks of /${blockPrefix} do not fit into ${formatCidr(range)}`);
  return { range, blockPrefix, used: new Set(), nextCandidate: 0 };
}

/** Number of blocks. */
export const blockCount = ({ range, blockPrefix }: Pick<CidrSet, 'range' | 'blockPrefix'>): number => 2 ** (blockPrefix - range.prefix);

export const blockAt = ({ range, blockPrefix }: Pick<CidrSet, 'range' | 'blockPrefix'>, index: number): Cidr =>
  cidrOf(addressAt(range, index * 2 ** (32 - blockPrefix)), blockPrefix);

/** @returns index of the block in which `block` begins; `null` when that is outside the range */
export const blockIndexOf = ({ range, blockPrefix }: Pick<CidrSet, 'range' | 'blockPrefix'>, block: Cidr): number | null =>
  contains(range, block.base) ? Math.floor((block.base - range.base) / 2 ** (32 - blockPrefix)) : null;

/** The first and the last block that `block` touches: one for a block of the set's size or smaller, several for a larger one. */
function touchedBlocks(set: CidrSet, block: Cidr): readonly [number, number] | null {
  if (!overlaps(set.range, block)) return null;
  if (block.prefix <= set.range.prefix) return [0, blockCount(set) - 1];
  const first = blockIndexOf(set, block) ?? 0;
  const count = block.prefix >= set.blockPrefix ? 1 : sizeOf(block) / 2 ** (32 - set.blockPrefix);
  return [first, first + count - 1];
}

/** Takes the next free block, round robin. @returns `block: null` when all are taken */
export function allocateNext(set: CidrSet): { readonly set: CidrSet; readonly block: Cidr | null } {
  const count = blockCount(set);
  for (let step = 0; step < count; step += 1) {
    const index = (set.nextCandidate + step) % count;
    if (!set.used.has(index)) return { set: { ...set, used: new Set(set.used).add(index), nextCandidate: (index + 1) % count }, block: blockAt(set, index) };
  }
  return { set, block: null };
}

/** Marks every block that `block` touches as taken. @throws RangeError when it is outside the range */
export function occupy(set: CidrSet, block: Cidr): CidrSet {
  const used = new Set(set.used);
  for (const index of indexesOf(set, block)) used.add(index);
  return { ...set, used };
}

/** Frees every block that `block` touches. @throws RangeError when it is outside the range */
export function release(set: CidrSet, block: Cidr): CidrSet {
  const used = new Set(set.used);
  for (const index of indexesOf(set, block)) used.delete(index);
  return { ...set, used };
}

function* indexesOf(set: CidrSet, block: Cidr): Iterable<number> {
  const touched = touchedBlocks(set, block);
  if (!touched) throw new RangeError(`${formatCidr(block)} is not in cluster CIDR ${formatCidr(set.range)}`);
  for (let index = touched[0]; index <= touched[1]; index += 1) yield index;
}
