/** Explains why a packet was sent to the address of a pod that does not exist. */
import type { NetnsId } from '../../domain/datapath/netns.js';
import { placeName } from '../../domain/trace/place-name.js';
import type { ReasonCode } from '../../domain/trace/reasons.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';

type Details = Record<string, string>;

/** @param found the details of how it failed */
export function podNotFound(leg: WalkedLeg, address: Ipv4, found: Details): readonly [code: ReasonCode, details: Details] {
  const keeper = netnsWithEntry(leg, address);
  const remembered = keeper !== null && {
    openAt: keeper,
    fix: `Close connections before their endpoint goes. A new one, from another sourcePort, is led to an endpoint that there is; ${placeName(keeper)} forgets this one in time (POST …/state/advance), or at once by POST …/state/reset.`,
  };
  return ['POD_NOT_FOUND', { address: formatIpv4(address), ...found, ...remembered }];
}

/** The network namespace whose conntrack entry, and no rule, gave the packet this destination; `null` if none did. */
function netnsWithEntry({ steps }: WalkedLeg, address: Ipv4): NetnsId | null {
  const step = steps.findLast(
    ({ kind, before, packet }) => kind === 'CONNTRACK' && before && packet?.destination === address && before.destination !== address,
  );
  return step?.netns ?? null;
}
