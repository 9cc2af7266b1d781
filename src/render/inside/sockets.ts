import type { Netns, Socket } from '../../domain/datapath/netns.js';
import { ipText } from '../linux/address-text.js';
import { columnsText, type Column } from '../linux/tool-columns.js';

/** A listening socket with the columns of `ss -ltnu`. @source iproute2 `misc/ss.c` */
export interface SocketView {
  readonly netid: string;
  readonly state: 'LISTEN' | 'UNCONN';
  readonly local: { readonly address: string; readonly port: number };
  readonly peer: { readonly address: '0.0.0.0'; readonly port: '*' };
  /** Its owner, e.g. a container's name. */
  readonly process: string | null;
}

const presentSocketView = ({ protocol, address, port, owner }: Socket): SocketView => ({
  netid: protocol.toLowerCase(), state: protocol === 'UDP' ? 'UNCONN' : 'LISTEN', local: { address: ipText(address), port },
  peer: { address: '0.0.0.0', port: '*' }, process: owner,
});

export const presentSockets = (netns: Netns): SocketView[] => Array.from(netns.allSockets(), presentSocketView);

/** The backlog that most servers ask for, which is also the kernel's maximum. @source Linux `net.core.somaxconn` */
const BACKLOG = '4096';

const COLUMNS: readonly Column[] = [
  { head: 'Netid', align: 'left', gap: '' },
  { head: 'State', align: 'left', gap: ' ' },
  { head: 'Recv-Q', align: 'left', gap: ' ' },
  { head: 'Send-Q', align: 'left', gap: ' ' },
  { head: 'Local Address', align: 'right', gap: ' ' },
  { head: 'Port', align: 'left', gap: ':' },
  { head: 'Peer Address', align: 'right', gap: ' ' },
  { head: 'Port', align: 'left', gap: ':' },
  { head: 'Process', align: 'left', gap: '' },
];

const text = (part: string | number): string => String(part);

/** `ss -ltnu`: TCP and UDP, datagrams first. A socket that stands for every port is left out. */
export const socketsText = (netns: Netns): string => columnsText(COLUMNS, presentSockets(netns)
  .filter(({ netid, local }) => netid !== 'sctp' && local.port !== 0)
  .toSorted((a, b) => Number(b.netid === 'udp') - Number(a.netid === 'udp'))
  .map(({ netid, state, local, peer }) =>
    [netid, state, '0', state === 'LISTEN' ? BACKLOG : '0', local.address, text(local.port), peer.address, peer.port, '']));
