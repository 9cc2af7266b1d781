/**
 * The blocks of one size that a range is cut into, and which of them are taken.
 *
 * Not modelled: IPv6.
 *
 * @source kubernetes/kubernetes pkg/controller/nodeipam/ipam/cidrset
 */
import { addressAt, cidrOf, contains, formatCidr, overlaps, sizeOf, type Cidr } from '../../domain/values/cidr.js';

export class CidrSet {
  readonly range: Cidr;
  /** Prefix length of a block. */
  readonly blockPrefix: number;
  /** Number of blocks. */
  readonly size: number;
  readonly #used = new Set<number>();
  /** Where the search for a free block begins. */
  #nextCandidate = 0;

  /** @throws RangeError when a block would be larger than the range */
  constructor(range: Cidr, blockPrefix: number) {
    if (blockPrefix < range.prefix || blockPrefix > 32) throw new RangeError(`blocks of /${blockPrefix} do not fit into ${formatCidr(range)}`);
    this.range = range;
    this.blockPrefix = blockPrefix;
    this.size = 2 ** (blockPrefix - range.prefix);
  }

  /** Indexes of the blocks that are taken, in the order of their taking. */
  get used(): readonly number[] {
    return [...this.#used];
  }

  blockAt(index: number): Cidr {
    return cidrOf(addressAt(this.range, index * 2 ** (32 - this.blockPrefix)), this.blockPrefix);
  }

  /** @returns index of the block in which `block` begins. @throws RangeError when that is outside the range */
  indexOf(block: Cidr): number {
    if (!contains(this.range, block.base)) throw this.#outside(block);
    return Math.floor((block.base - this.range.base) / 2 ** (32 - this.blockPrefix));
  }

  /**
   * Takes the next free block, round robin.
   *
   * @param isTaken whether somebody else has the block at an index
   * @returns `null` when all are taken
   */
  allocateNext(isTaken: (block: Cidr) => boolean = () => false): Cidr | null {
    for (let step = 0; step < this.size; step += 1) {
      const index = (this.#nextCandidate + step) % this.size;
      const block = this.blockAt(index);
      if (this.#used.has(index) || isTaken(block)) continue;
      this.#used.add(index);
      this.#nextCandidate = (index + 1) % this.size;
      return block;
    }
    return null;
  }

  /** Takes every block that `block` touches. @throws RangeError when it is outside the range */
  occupy(block: Cidr): void {
    for (const index of this.#touchedBy(block)) this.#used.add(index);
  }

  /** Frees every block that `block` touches. @throws RangeError when it is outside the range */
  release(block: Cidr): void {
    for (const index of this.#touchedBy(block)) this.#used.delete(index);
  }

  /** One for a block of the set's size or smaller, several for a larger one. */
  *#touchedBy(block: Cidr): Iterable<number> {
    if (!overlaps(this.range, block)) throw this.#outside(block);
    const isAll = block.prefix <= this.range.prefix;
    const first = isAll ? 0 : this.indexOf(block);
    const count = isAll ? this.size : block.prefix >= this.blockPrefix ? 1 : sizeOf(block) / 2 ** (32 - this.blockPrefix);
    for (let index = first; index < first + count; index += 1) yield index;
  }

  #outside(block: Cidr): RangeError {
    return new RangeError(`${formatCidr(block)} is not in cluster CIDR ${formatCidr(this.range)}`);
  }
}
