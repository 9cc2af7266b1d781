import type { Interface, Netns, Network } from '../../domain/datapath/netns.js';
import { BROADCAST_MAC } from '../../domain/values/mac.js';
import { isLoopback } from '../../domain/values/ipv4.js';
import type { InterfaceRefJson } from '../json/step-json.js';
import { presentRef } from '../json/present-entries.js';
import { namespaceName } from '../lab/lab-names.js';
import { ipText, macText } from '../linux/address-text.js';

/** One element of `ip -j addr`, with the other end of a veth or cable. @source iproute2 `ip/ipaddress.c` */
export interface InterfaceView {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly qdisc: 'noqueue';
  readonly master?: string;
  readonly operstate: 'UP' | 'DOWN' | 'UNKNOWN';
  readonly group: 'default';
  readonly txqlen: number;
  readonly link_type: 'loopback' | 'ether';
  readonly address: string;
  readonly broadcast: string;
  readonly addr_info: readonly {
    readonly family: 'inet';
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: 'host' | 'global';
    readonly label: string;
  }[];
  readonly linkinfo?: { readonly info_kind: 'veth' | 'bridge' };
  readonly peer?: InterfaceRefJson;
}

function flagsOf({ kind, up }: Interface): readonly string[] {
  if (kind === 'loopback') return ['LOOPBACK', 'UP', 'LOWER_UP'];
  return up ? ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'] : ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'];
}

function presentInterface(device: Interface, index: number): InterfaceView {
  const { name, kind, mac, mtu, up, addresses, peer, master } = device;
  return {
    ifindex: index + 1, ifname: name, flags: flagsOf(device), mtu, qdisc: 'noqueue', ...(master === null ? {} : { master }),
    operstate: kind === 'loopback' ? 'UNKNOWN' : up ? 'UP' : 'DOWN', group: 'default', txqlen: 1000,
    link_type: kind === 'loopback' ? 'loopback' : 'ether', address: macText(mac), broadcast: kind === 'loopback' ? macText(mac) : macText(BROADCAST_MAC),
    addr_info: addresses.map(({ address, prefix }) => ({
      family: 'inet',
      local: ipText(address),
      prefixlen: prefix,
      scope: isLoopback(address) ? 'host' : 'global',
      label: name,
    })),
    ...(kind === 'veth' || kind === 'bridge' ? { linkinfo: { info_kind: kind } } : {}),
    ...(peer === null ? {} : { peer: presentRef(peer) }),
  };
}

export const presentInterfaces = (netns: Netns): InterfaceView[] => [...netns.allInterfaces()].map(presentInterface);

/** Position of an interface in its namespace: the number that `ip link` shows. */
const indexOf = (netns: Netns, name: string): number => [...netns.allInterfaces()].findIndex((device) => device.name === name) + 1;

/** `ip addr`. @source iproute2 `ip/ipaddress.c` `print_linkinfo`, `print_addrinfo` */
export const interfacesText = (netns: Netns, network: Network): string => presentInterfaces(netns).map((view) => interfaceText(view, network)).join('');

function interfaceText(view: InterfaceView, network: Network): string {
  const { ifindex, ifname, flags, mtu, qdisc, master, operstate, group, txqlen, link_type: type, address, broadcast, peer } = view;
  const far = peer && network.netns(peer.netns);
  const name = far ? `${ifname}@if${indexOf(far, peer.interface)}` : ifname;
  return [
    `${ifindex}: ${name}: <${flags.join(',')}> mtu ${mtu} qdisc ${qdisc}${master === undefined ? '' : ` master ${master}`} state ${operstate} group ${group} qlen ${txqlen}`,
    `    link/${type} ${address} brd ${broadcast}${peer ? ` link-netns ${namespaceName(peer.netns)}` : ''}`,
    ...view.addr_info.flatMap(({ local, prefixlen, scope, label }) => [
      `    inet ${local}/${prefixlen} scope ${scope} ${label}`,
      '       valid_lft forever preferred_lft forever',
    ]),
    '',
  ].join('\n');
}
