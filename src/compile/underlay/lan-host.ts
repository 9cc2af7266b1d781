import type { Netns } from '../../domain/datapath/netns.js';
import { hostMac } from '../../domain/values/mac.js';
import type { Compilation } from '../compilation.js';
import { HostNetns } from '../host-netns.js';
import { connectedRoute, defaultRoute, ethernet, HOST_SYSCTLS, isReplaced, routeVia } from '../netns-parts.js';
import { socketsOn } from '../sockets.js';
import { switchPort } from './switch-port.js';

/** Another machine on the node network. @returns `undefined` if the settings do not name it. */
export function lanHostNetns({ plan }: Compilation, id: string, name: string): Netns | undefined {
  const host = plan.lanHostByName.get(name);
  if (!host) return undefined;
  const extra = host.routes.map(({ destination, via, source }) => routeVia(destination, via, 'eth0', source, `a route of ${name}`));
  const own = [defaultRoute(plan.gatewayInternal, 'eth0', 'the gateway of the node network'), connectedRoute(plan.nodeCIDR, 'eth0', host.address)];
  return new HostNetns(id, HOST_SYSCTLS,
    [ethernet('eth0', hostMac(host.address), host.address, plan.nodeCIDR.prefix, { netns: 'fabric', name: switchPort(name) })],
    [...extra, ...own.filter((route) => !isReplaced(route, extra))],
    socketsOn(host.listen));
}
