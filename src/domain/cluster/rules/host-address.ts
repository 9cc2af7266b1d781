import { IP_SYNTAX, invalidValue } from '../api-messages.js';
import { isIpv6 } from '../ip-syntax.js';
import type { Report } from '../object-problem.js';
import { broadcastOf, contains, formatCidr, type Cidr } from '../../values/cidr.js';
import { parseIpv4, type Ipv4 } from '../../values/ipv4.js';

export function readAddress(text: string, path: string, report: Report): Ipv4 | undefined {
  const address = parseIpv4(text);
  if (address === undefined) report(path, invalidValue(text, isIpv6(text) ? 'IPv6 is not modelled: use an IPv4 address' : IP_SYNTAX));
  return address;
}

/** The addresses of the machines in a network: each must be a host address of the network, and unique. */
export class HostAddresses {
  readonly #network: Cidr | undefined;
  readonly #name: string;
  readonly #holders = new Map<Ipv4, string>();

  /** @param network `undefined` if it could not be read: then only the syntax and uniqueness of addresses are checked */
  constructor(network: Cidr | undefined, name: string) {
    this.#network = network;
    this.#name = name;
  }

  /** Number of addresses from `first` to `last` that are taken. */
  countBetween(first: number, last: number): number {
    let count = 0;
    for (const address of this.#holders.keys()) if (address >= first && address <= last) count += 1;
    return count;
  }

  /** Reads an address and assigns it to `holder`, or reports why it cannot. */
  take(text: string, path: string, holder: string, report: Report): void {
    const address = readAddress(text, path, report);
    if (address === undefined) return;
    const network = this.#network;
    if (network && !contains(network, address)) report(path, invalidValue(text, `must lie in ${this.#name} ${formatCidr(network)}`));
    else if (network && (address === network.base || address === broadcastOf(network))) {
      report(path, invalidValue(text, `is the network or broadcast address of ${this.#name} ${formatCidr(network)}`));
    }
    const other = this.#holders.get(address);
    if (other !== undefined) report(path, invalidValue(text, `is already the address of ${other}`));
    else this.#holders.set(address, holder);
  }
}
