import { placeName } from '../../domain/trace/place-name.js';
import { capitalise } from '../../domain/values/capitalise.js';

interface PlaceWords {
  /** Within a sentence. */
  readonly inside: string;
  /** At its beginning; a node's name keeps its spelling. */
  readonly first: string;
}

/** Caches the last place, since most steps are in the same place as the one before. */
let last: { readonly netns: string; readonly words: PlaceWords } | null = null;

function wordsFor(netns: string): PlaceWords {
  const inside = placeName(netns);
  const isOwnName = netns.startsWith('node:') || inside === netns;
  return { inside, first: isOwnName ? inside : capitalise(inside) };
}

export function placeWords(netns: string): PlaceWords {
  if (last?.netns !== netns) last = { netns, words: wordsFor(netns) };
  return last.words;
}
