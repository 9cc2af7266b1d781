import type { Route } from '../../domain/datapath/netns.js';
import type { Cidr } from '../../domain/values/cidr.js';
import { ipText } from './address-text.js';

/** `default`, an address, or a CIDR: a host route is shown without its prefix length. */
export const destinationText = ({ base, prefix }: Cidr): string =>
  prefix === 32 ? ipText(base) : prefix === 0 ? 'default' : `${ipText(base)}/${prefix}`;

/** A line of `ip route`; of `ip route show table local` for a route of that table. @source iproute2 `ip/iproute.c`, print_route */
export function routeText({ destination, via, device, source, metric, scope, protocol, table }: Route): string {
  let text = table === 'local' ? `local ${destinationText(destination)}` : destinationText(destination);
  if (via !== null) text += ` via ${ipText(via)}`;
  text += ` dev ${device}`;
  if (protocol !== 'boot') text += ` proto ${protocol}`;
  if (scope !== 'global') text += ` scope ${scope}`;
  if (source !== null) text += ` src ${ipText(source)}`;
  return metric === 0 ? text : `${text} metric ${metric}`;
}
