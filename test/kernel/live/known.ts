/** Keys of neighbour and conntrack entries, for comparing which of them still exist. */
import type { ConntrackJson } from '../../../src/render/json/step-json.js';

export const keyOfNeighbour = (netns: string, { dev, dst }: { readonly dev: string; readonly dst: string }): string => `${netns} ${dev} ${dst}`;
export const keyOfConnection = (netns: string, { protocol, original: { src, dst, sport, dport } }: Pick<ConntrackJson, 'protocol' | 'original'>): string =>
  `${netns} ${protocol} ${src}:${sport} ${dst}:${dport}`;
