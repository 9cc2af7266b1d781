/** The listeners of a lab, as input lines of its Python program; see `python-serve`. */
import type { Machine } from '../../domain/datapath/machine.js';
import type { Socket } from '../../domain/datapath/netns.js';
import { ipText } from '../linux/address-text.js';
import { namespaceName } from './lab-names.js';

/** The listener to which all ports are redirected, on a machine that accepts every port. */
export const ANY_PORT = 1;

export const acceptsEverything = ({ sockets }: Machine): boolean => sockets.some(({ port }) => port === 0);

/** TCP and UDP only: the lab machine's kernel may have no SCTP. */
export const listeners = (machines: readonly Machine[], prefix: string): string[] => machines.flatMap((machine) => listenersOf(machine, prefix));

function listenersOf(machine: Machine, prefix: string): string[] {
  const { id, sockets, relays, announces } = machine;
  const namespace = `${prefix}${namespaceName(id)}`;
  const listening = relays.length > 0 ? [] : sockets.filter(({ protocol }) => protocol === 'TCP' || protocol === 'UDP');
  return [
    ...listening.map(
      ({ protocol, address, port }: Socket) => `${namespace} ${protocol.toLowerCase()} ${ipText(address)} ${port === 0 ? ANY_PORT : port} ${id}`,
    ),
    ...relays.map(({ address, port, toAddress, toPort }) => `${namespace} relay ${ipText(address)} ${port} ${ipText(toAddress)} ${toPort}`),
    ...announces.map((address) => `${namespace} arp eth0 ${ipText(address)}`),
  ];
}
