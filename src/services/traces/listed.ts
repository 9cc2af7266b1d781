/** Lists as parts of a sentence. */

const NAMED = 3;

/** `a, b and c`; of longer lists the first three and the number of the others. */
export function named(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (items.length > NAMED) return `${items.slice(0, NAMED).join(', ')} ${word} ${items.length - NAMED} more`;
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)!}`;
}

/** The first items, separated by commas, so that messages stay short. */
export const listed = (items: readonly string[]): string => (items.length > LISTED ? `${items.slice(0, LISTED).join(', ')}, …` : items.join(', '));
const LISTED = 8;
