/**
 * A range that is divided into blocks of one size, and which of these are taken.
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

  /** @throws RangeError if a block would be larger than the range */
  constructor(range: Cidr, blockPrefix: number) {
    if (blockPrefix < range.prefix || blockPrefix > 32) throw new RangeError(`blocks of /${blockPrefix} do not fit into ${formatCidr(range)}`);
    this.range = range;
    this.blockPrefix = blockPrefix;
    this.size = 2 ** (blockPrefix - range.prefix);
  }

  /** Indexes of the taken blocks, in the order in which they were taken. */
  get used(): readonly number[] {
    return [...this.#used];
  }

  blockAt(index: number): Cidr {
    return cidrOf(addressAt(this.range, index * 2 ** (32 - this.blockPrefix)), this.blockPrefix);
  }

  /** The index of the block in which `block` begins. @throws RangeError if that is outside of the range */
  indexOf(block: Cidr): number {
    if (!contains(this.range, block.base)) throw this.#outside(block);
    return Math.floor((block.base - this.range.base) / 2 ** (32 - this.blockPrefix));
  }

  /**
   * Takes the next free block, round robin.
   *
   * @param isTaken whether a block is in use without being taken in this set
   * @returns `null` if all are taken
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

  /** Takes every block that overlaps `block`. @throws RangeError if `block` is outside of the range */
  occupy(block: Cidr): void {
    for (const index of this.#touchedBy(block)) this.#used.add(index);
  }

  /** Frees every block that overlaps `block`. @throws RangeError if `block` is outside of the range */
  release(block: Cidr): void {
    for (const index of this.#touchedBy(block)) this.#used.delete(index);
  }

  /** The indexes of all blocks that overlap `block`. */
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
