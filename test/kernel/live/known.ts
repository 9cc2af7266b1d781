/** Entries of a machine's tables as texts, to tell which of them are left. */
import type { ConntrackJson } from '../../../src/render/json/step-json.js';

export const keyOfNeighbour = (netns: string, { dev, dst }: { readonly dev: string; readonly dst: string }): string => `${netns} ${dev} ${dst}`;
export const keyOfConnection = (netns: string, { protocol, original: { src, dst, sport, dport } }: Pick<ConntrackJson, 'protocol' | 'original'>): string => `${netns} ${protocol} ${src}:${sport} ${dst}:${dport}`;
