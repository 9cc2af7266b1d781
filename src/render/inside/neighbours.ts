import type { InsideTables } from './tables.js';

/** One element of `ip -j neigh`. @source iproute2 `ip/ipneigh.c` */
export interface NeighbourView {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state: readonly [string];
}

export const presentNeighbours = ({ neighbours }: InsideTables): NeighbourView[] =>
  neighbours.map(({ address, device, mac, state }) => ({ dst: address, dev: device, ...(mac === null ? {} : { lladdr: mac }), state: [state.toUpperCase()] }));

/** `ip neigh`; the tool ends each line with a space. */
export const neighboursText = ({ neighbours }: InsideTables): string => neighbours.map(({ text }) => `${text} \n`).join('');
