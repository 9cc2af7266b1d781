import type { Netns, Socket } from '../../domain/datapath/netns.js';
import { ipText } from '../linux/address-text.js';

/** A listening socket with the columns of `ss -ltnu`. @source iproute2 `misc/ss.c` */
export interface SocketView {
  readonly netid: string;
  readonly state: 'LISTEN' | 'UNCONN';
  readonly local: { readonly address: string; readonly port: number };
  readonly peer: { readonly address: '0.0.0.0'; readonly port: '*' };
  /** Who holds it, e.g. a container's name. */
  readonly process: string | null;
}

const presentSocketView = ({ protocol, address, port, owner }: Socket): SocketView => ({
  netid: protocol.toLowerCase(), state: protocol === 'UDP' ? 'UNCONN' : 'LISTEN', local: { address: ipText(address), port },
  peer: { address: '0.0.0.0', port: '*' }, process: owner,
});

export const presentSockets = (netns: Netns): SocketView[] => Array.from(netns.allSockets(), presentSocketView);
