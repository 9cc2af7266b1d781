import { encodePodFacts, formatPodRow, parsePodRow, type PodRow } from '../domain/cluster/index/pod-row.js';
import type { Facts, PodFacts } from '../domain/cluster/facts.js';

/** Facts of anything but a pod. */
export type PlainFacts = Exclude<Facts, PodFacts>;

/**
 * The column `facts`. Of a pod it is a row of plain columns, because there are many of them and the index takes them in
 * as they are; of everything else it is JSON.
 */
export const encodeFacts = (facts: Facts): string => (facts.kind === 'Pod' ? formatPodRow(encodePodFacts(facts)) : JSON.stringify(facts));

/** Between two pod rows that are read as one text: neither JSON nor a name holds it. ASCII's record separator. */
export const POD_ROW_SEPARATOR = '\u001e';

/** @param rows what `encodeFacts` gave for pods, joined with the separator */
export const decodePodRows = (rows: string): readonly PodRow[] => rows.split(POD_ROW_SEPARATOR).map(parsePodRow);

/** @param facts what `encodeFacts` gave for anything else, joined with commas */
export const decodePlainFacts = (facts: string): readonly PlainFacts[] => JSON.parse(`[${facts}]`) as PlainFacts[];
