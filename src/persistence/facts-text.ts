import type { Facts } from '../domain/cluster/facts.js';

/** The column `facts`: JSON, because all that facts hold are numbers, texts, lists and records. */
export const encodeFacts = (facts: Facts): string => JSON.stringify(facts);

/** @param items a JSON list of what `encodeFacts` gave */
export const decodeFacts = (items: string): readonly Facts[] => JSON.parse(items) as Facts[];
