import { contains, parseCidr, type Cidr } from '../../domain/values/cidr.js';
import { isLoopback, toIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { hostCidr } from '../netns-parts.js';

const LOOPBACK_START = toIpv4(0x7f000000);

/**
 * The setting `nodePortAddresses`: on which IPv4 addresses of a node its node ports work. IPv6 blocks are ignored.
 *
 * @source Kubernetes `pkg/proxy/util/nodeport_addresses.go`; an empty list means all, `primary` the node's InternalIP
 */
export class NodePortAddresses {
  readonly matchAll: boolean;
  readonly containsLoopback: boolean;
  readonly #blocks: readonly (Cidr | 'primary')[];

  constructor(configured: readonly string[]) {
    this.#blocks = configured.map((text) => (text === 'primary' ? text : parseCidr(text))).filter((block) => block !== undefined);
    this.matchAll = this.#blocks.length === 0 || this.#blocks.some((block) => block !== 'primary' && block.prefix === 0);
    this.containsLoopback = this.matchAll || this.#blocks.some((block) => block !== 'primary' && (isLoopback(block.base) || contains(block, LOOPBACK_START)));
  }

  /** Filters a node's own addresses; keeps their order, without duplicates. @param primary the node's InternalIP */
  of(primary: Ipv4, addresses: readonly Ipv4[]): readonly Ipv4[] {
    const blocks = this.#blocks.map((block) => (block === 'primary' ? hostCidr(primary) : block));
    return [...new Set(addresses)].filter((address) => this.matchAll || blocks.some((block) => contains(block, address)));
  }
}
