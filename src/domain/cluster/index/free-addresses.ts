import { broadcastOf, maskOf, type Cidr } from '../../values/cidr.js';
import { toIpv4, type Ipv4 } from '../../values/ipv4.js';

/** Remembers for each node's podCIDR below which address none is free, so that each pod's allocation begins there. */
export class FreeAddresses {
  /** Next address to look at by prefix length and base. */
  readonly #next = new Map<number, Map<number, number>>();
  readonly #below: FreeAddresses | null;
  #released = false;

  /** @param below of the cluster that a draft is laid over */
  constructor(below: FreeAddresses | null) {
    this.#below = below;
  }

  /** The lowest free address from the block's third on (network and bridge come first), without the broadcast address; `null` when full. */
  lowest(block: Cidr, isTaken: (address: Ipv4) => boolean): Ipv4 | null {
    const broadcast = broadcastOf(block);
    let address = this.#start(block);
    while (address < broadcast && isTaken(toIpv4(address))) address += 1;
    this.#remember(block, address);
    return address < broadcast ? toIpv4(address) : null;
  }

  /** Must be told of each address that is held no more. */
  release(address: Ipv4): void {
    this.#released = true;
    for (const [prefix, blocks] of this.#next) {
      const base = (address & maskOf(prefix)) >>> 0;
      const next = blocks.get(base);
      if (next !== undefined && address < next && address >= base + 2) blocks.set(base, address);
    }
  }

  #start(block: Cidr): number {
    // The draft's own releases may lie below what the index remembers: begin anew then.
    return this.#known(block) ?? (this.#released || !this.#below ? undefined : this.#below.#known(block)) ?? block.base + 2;
  }

  #known({ base, prefix }: Cidr): number | undefined {
    return this.#next.get(prefix)?.get(base);
  }

  #remember(block: Cidr, address: number): void {
    let blocks = this.#next.get(block.prefix);
    if (!blocks) this.#next.set(block.prefix, (blocks = new Map()));
    blocks.set(block.base, address);
  }
}
