/** How a packet came to be sent to the address of a pod that is not there. */
import type { NetnsId } from '../../domain/datapath/netns.js';
import { placeName } from '../../domain/trace/place-name.js';
import type { ReasonCode } from '../../domain/trace/reasons.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';

type Details = Record<string, string>;

/** @param found how that came out */
export function podNotFound(leg: WalkedLeg, address: Ipv4, found: Details): readonly [code: ReasonCode, details: Details] {
  const keeper = whoRemembers(leg, address);
  const remembered = keeper !== null && {
    openAt: keeper,
    fix: `Close connections before their endpoint goes. A new one, from another sourcePort, is led to an endpoint that there is; ${placeName(keeper)} forgets this one in time (POST …/state/advance), or at once by POST …/state/reset.`,
  };
  return ['POD_NOT_FOUND', { address: formatIpv4(address), ...found, ...remembered }];
}

/** Where an entry of connection tracking, and no rule, gave the packet this destination; `null`: nowhere. */
function whoRemembers({ steps }: WalkedLeg, address: Ipv4): NetnsId | null {
  const step = steps.findLast(({ kind, before, packet }) => kind === 'CONNTRACK' && before && packet?.destination === address && before.destination !== address);
  return step?.netns ?? null;
}
