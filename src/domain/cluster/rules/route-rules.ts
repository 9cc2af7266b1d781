/** Rules for configured routes: what `ip route add` refuses is refused here. */
import { duplicateValue, invalidValue } from '../api-messages.js';
import type { Report } from '../object-problem.js';
import type { ExtraRoute } from '../settings.js';
import { broadcastOf, contains, formatCidr, parseCidr, type Cidr } from '../../values/cidr.js';
import type { Ipv4 } from '../../values/ipv4.js';
import { readAddress } from './host-address.js';
import { Seen } from './seen.js';

/** A network that the machine is attached to, or one of its addresses. */
export interface Attached {
  readonly name: string;
  /** `undefined`: it could not be read, so nothing is checked against it. */
  readonly block: Cidr | undefined;
  /** The network of an interface: a route to exactly this network replaces the connected route. */
  readonly isLink?: boolean;
}

const listed = (attached: readonly Attached[]): string => attached.map(({ name, block }) => `${name}${block ? ` ${formatCidr(block)}` : ''}`).join(' or ');
const holding = (attached: readonly Attached[], address: Ipv4): readonly Attached[] => attached.filter(({ block }) => !block || contains(block, address));
const isSame = (block: Cidr | undefined, other: Cidr): boolean => block !== undefined && block.base === other.base && block.prefix === other.prefix;
const isBroadcast = ({ block }: Attached, address: Ipv4): boolean => block !== undefined && block.prefix < 31 && address === broadcastOf(block);

/**
 * Checks routes in the order in which they are added.
 *
 * @param attached where next hops may be
 * @param sources where preferred sources may be
 * @source Linux `fib_check_nh_v4_gw` ("Nexthop has invalid gateway"), `fib_valid_prefsrc`
 */
export function checkRoutes(routes: readonly ExtraRoute[], path: string, attached: readonly Attached[], sources: readonly Attached[], report: Report): void {
  const destinations = new Seen();
  let links = attached;
  for (const [index, { to, via, src }] of routes.entries()) {
    const at = `${path}[${index}]`;
    const block = parseCidr(to);
    if (!block) report(`${at}.to`, invalidValue(to, 'must be an IPv4 CIDR, e.g. 10.244.0.0/16'));
    else if (destinations.add(formatCidr(block))) report(`${at}.to`, duplicateValue(to));
    const nextHop = readAddress(via, `${at}.via`, report);
    const problem = nextHop === undefined ? undefined : nextHopProblem(nextHop, attached, links);
    if (problem !== undefined) report(`${at}.via`, invalidValue(via, problem));
    const source = src === undefined ? undefined : readAddress(src, `${at}.src`, report);
    if (source !== undefined && holding(sources, source).length === 0) {
      report(`${at}.src`, invalidValue(src, `must be an address of the machine: in ${listed(sources)}`));
    }
    if (block) links = links.filter((link) => !link.isLink || !isSame(link.block, block));
  }
}

/** @param links attached networks whose connected route no earlier route has replaced */
function nextHopProblem(nextHop: Ipv4, attached: readonly Attached[], links: readonly Attached[]): string | undefined {
  const [link] = holding(links, nextHop);
  if (link) return isBroadcast(link, nextHop) ? `is the broadcast address of ${listed([link])}: a next hop is one machine` : undefined;
  const [replaced] = holding(attached, nextHop);
  return replaced
    ? `is on no link of the machine any more: a route before it, to all of ${listed([replaced])}, takes the place of the way there`
    : `must be on a link of the machine: in ${listed(attached)}`;
}
