import type { NeighbourEntry } from '../../domain/datapath/neighbours.js';
import { ipText, macText } from './address-text.js';

/** A line of `ip neigh`. @source iproute2 `ip/ipneigh.c`, print_neigh */
export const neighbourText = ({ address, device, mac, state }: NeighbourEntry): string =>
  mac === null
    ? `${ipText(address)} dev ${device} ${state.toUpperCase()}`
    : `${ipText(address)} dev ${device} lladdr ${macText(mac)} ${state.toUpperCase()}`;
