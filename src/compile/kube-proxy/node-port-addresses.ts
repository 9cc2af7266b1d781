import { cidr, contains, type Cidr } from '../../domain/values/cidr.js';
import { isLoopback, LOOPBACK, toIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { hostCidr } from '../netns-parts.js';

const LOOPBACK_START = toIpv4(0x7f000000);

/**
 * On which addresses of a node its node ports work.
 *
 * @source Kubernetes `pkg/proxy/util/nodeport_addresses.go`; an empty list means all, `primary` the node's InternalIP
 */
export class NodePortAddresses {
  readonly matchAll: boolean;
  readonly containsLoopback: boolean;
  readonly #blocks: readonly (Cidr | 'primary')[];

  constructor(configured: readonly string[]) {
    this.#blocks = configured.map((text) => (text === 'primary' ? text : cidr(text)));
    this.matchAll = configured.length === 0 || this.#blocks.some((block) => block !== 'primary' && block.prefix === 0);
    this.containsLoopback = this.matchAll || this.#blocks.some((block) => block !== 'primary' && (isLoopback(block.base) || contains(block, LOOPBACK_START)));
  }

  /** Those of a node's own addresses, in the order of its interfaces; the loopback address first. */
  of(primary: Ipv4, addresses: readonly Ipv4[]): readonly Ipv4[] {
    const blocks = this.#blocks.map((block) => (block === 'primary' ? hostCidr(primary) : block));
    return [LOOPBACK, ...addresses].filter((address) => this.matchAll || blocks.some((block) => contains(block, address)));
  }
}
