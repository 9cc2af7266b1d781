/** The commands that wire a lab: namespaces, interfaces, addresses, routes. */
import type { Machine } from '../../domain/datapath/machine.js';
import type { Interface, InterfaceRef, Sysctls } from '../../domain/datapath/netns.js';
import { destinationText } from '../linux/route-text.js';
import { ipText, macText } from '../linux/address-text.js';
import { deviceName, namespaceName } from './lab-names.js';

/** Position in `ip link`, as the inside views number it. */
const indexOf = ({ interfaces }: Machine, name: string): number => interfaces.findIndex((device) => device.name === name) + 1;

/** Kernel settings as paths below /proc/sys, with values. All that affect packets are set explicitly, whatever the machine's defaults. */
export function settings({ sysctls }: Machine): readonly (readonly [string, number])[] {
  const everywhere = (key: string, value: number): (readonly [string, number])[] =>
    ['all', 'default'].map((name) => [`net/ipv4/conf/${name}/${key}`, value] as const);
  return [
    ['net/ipv6/conf/all/disable_ipv6', 1], ['net/ipv6/conf/default/disable_ipv6', 1],
    ['net/ipv4/ip_forward', Number(sysctls.ipForward)],
    ...everywhere('rp_filter', sysctls.rpFilter), ...everywhere('route_localnet', Number(sysctls.routeLocalnet)),
    ...everywhere('arp_ignore', 0), ...everywhere('arp_announce', 0), ...everywhere('arp_notify', 0), ...everywhere('accept_local', 0),
    ...everywhere('send_redirects', 0), // the model has no ICMP redirects
    ['net/ipv4/igmp_link_local_mcast_reports', 0], // a snooping bridge joins a group of its link, and would send reports during a flow
    ...bridgeFilter(sysctls),
  ];
}

const bridgeFilter = ({ bridgeNfCallIptables }: Sysctls): readonly (readonly [string, number])[] => [
  ['net/bridge/bridge-nf-call-iptables', Number(bridgeNfCallIptables)],
];

const head = (machine: Machine, { name, mac, mtu }: Interface): string =>
  `name ${deviceName(name)} index ${indexOf(machine, name)} address ${macText(mac)} mtu ${mtu}`;

/** The machine's bridges, and its cables to later machines, since each cable is made once. */
export function linkCommands(machine: Machine, later: ReadonlyMap<string, Machine>, prefix: string): string[] {
  return machine.interfaces.flatMap((device): string[] => {
    if (device.kind === 'bridge') return [`link add ${head(machine, device)} type bridge`];
    const other = device.peer && later.get(device.peer.netns);
    const end = other && endOf(other, device.peer);
    if (!end) return [];
    return [`link add ${head(machine, device)} type veth peer ${head(other, end)} netns ${prefix}${namespaceName(other.id)}`];
  });
}

const endOf = ({ interfaces }: Machine, { name }: InterfaceRef): Interface | undefined => interfaces.find((device) => device.name === name);

/** The inside of a machine whose interfaces exist. */
export function insideCommands(machine: Machine): string[] {
  const { interfaces, routes, id } = machine;
  const wired = interfaces.filter(({ kind, peer, master }) => kind === 'loopback' || kind === 'bridge' || peer !== null || master !== null);
  return [
    ...wired.flatMap(({ name, master }) => (master === null ? [] : [`link set dev ${deviceName(name)} master ${deviceName(master)}`])),
    // A cut cable is unplugged at the switch.
    ...wired.filter(({ up }) => up || id !== 'fabric').map(({ name }) => `link set dev ${deviceName(name)} up`),
    ...wired.flatMap(({ name, kind, addresses }) =>
      kind === 'loopback' ? [] : addresses.map(({ address, prefix }) => `address replace ${ipText(address)}/${prefix} dev ${deviceName(name)}`),
    ),
    ...routes.map(
      ({ destination, via, device, source, metric }) =>
        `route replace ${destinationText(destination)}${via === null ? '' : ` via ${ipText(via)}`} dev ${deviceName(device)}${source === null ? '' : ` src ${ipText(source)}`}${metric === 0 ? '' : ` metric ${metric}`}`,
    ),
  ];
}

/** For `bridge`: ports that may send a frame back where it came from. */
export const hairpinCommands = ({ interfaces }: Machine): string[] =>
  interfaces.filter(({ hairpin, master }) => hairpin && master !== null).map(({ name }) => `link set dev ${deviceName(name)} hairpin on`);
