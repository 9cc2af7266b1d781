import { placeName } from '../../domain/trace/place-name.js';

interface PlaceWords {
  /** Within a sentence. */
  readonly inside: string;
  /** At its beginning; a node's name keeps its spelling. */
  readonly first: string;
}

/** Places that were named lately; emptied when full. */
const LIMIT = 4096;
const known = new Map<string, PlaceWords>();

function wordsFor(netns: string): PlaceWords {
  const inside = placeName(netns);
  const isOwnName = netns.startsWith('node:') || inside === netns;
  return { inside, first: isOwnName ? inside : inside.charAt(0).toUpperCase() + inside.slice(1) };
}

export function placeWords(netns: string): PlaceWords {
  const found = known.get(netns);
  if (found) return found;
  if (known.size >= LIMIT) known.clear();
  const words = wordsFor(netns);
  known.set(netns, words);
  return words;
}
