import type { Netfilter } from '../domain/datapath/netfilter/rules.js';
import type { InterfaceName } from '../domain/datapath/interface-name.js';
import type { Bridge, Interface, Netns, NetnsId, Route, Socket, Sysctls } from '../domain/datapath/netns.js';
import type { Protocol } from '../domain/packet/packet.js';
import { isLoopback, type Ipv4 } from '../domain/values/ipv4.js';
import { LO, longestPrefix } from './netns-parts.js';
import type { SocketTable } from './sockets.js';

/** A namespace with a fixed list of a few interfaces and routes; subclasses override the lookups. */
export class HostNetns implements Netns {
  readonly id: NetnsId;
  readonly sysctls: Sysctls;
  readonly netfilter: Netfilter | null;
  protected readonly interfaces: readonly Interface[];
  protected readonly routes: readonly Route[];
  protected readonly sockets: SocketTable;

  constructor(
    id: NetnsId,
    sysctls: Sysctls,
    interfaces: readonly Interface[],
    routes: readonly Route[],
    sockets: SocketTable,
    netfilter: Netfilter | null = null,
  ) {
    this.id = id;
    this.sysctls = sysctls;
    this.interfaces = interfaces;
    this.routes = routes;
    this.sockets = sockets;
    this.netfilter = netfilter;
  }

  interface(name: InterfaceName): Interface | undefined {
    if (name === 'lo') return LO;
    for (const device of this.interfaces) if (device.name === name) return device;
    return undefined;
  }

  *allInterfaces(): Iterable<Interface> {
    yield LO;
    yield* this.interfaces;
  }

  localInterface(address: Ipv4): InterfaceName | null {
    for (const device of this.interfaces) {
      for (const own of device.addresses) if (own.address === address) return device.name;
    }
    return isLoopback(address) ? 'lo' : null;
  }

  lookupRoute(destination: Ipv4): Route | undefined {
    return longestPrefix(this.routes, destination);
  }

  allRoutes(): Iterable<Route> {
    return this.routes;
  }

  bridge(_name: InterfaceName): Bridge | undefined {
    return undefined;
  }

  lookupSocket(protocol: Protocol, address: Ipv4, port: number): Socket | undefined {
    return this.sockets.lookup(protocol, address, port);
  }

  allSockets(): Iterable<Socket> {
    return this.sockets.all();
  }

  announces(_address: Ipv4): boolean {
    return false;
  }
}
