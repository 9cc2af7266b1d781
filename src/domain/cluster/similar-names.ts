/**
 * Names similar to a mistyped one, for "did you mean".
 *
 * The distance is optimal string alignment: an insertion, deletion, substitution or swap of adjacent characters counts 1.
 */
import { byText } from '../values/by-text.js';

/** @returns the distance, or `limit + 1` as soon as it is known to exceed `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}

/**
 * @param candidates any number of names; read once
 * @param count most names to return
 * @returns the nearest names, best first, equally near ones by name; the distance is at most a third of the name's length, and at most 4
 */
export function similarNames(name: string, candidates: Iterable<string>, count = 3): readonly string[] {
  const limit = Math.max(1, Math.min(4, Math.floor(name.length / 3)));
  const wanted = name.toLowerCase();
  const near: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance <= limit) near.push({ candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance || byText(a.candidate, b.candidate));
  return near.slice(0, count).map(({ candidate }) => candidate);
}

/** A set of names, which may be very large. */
export interface Names extends Iterable<string> {
  readonly size: number;
  has(name: string): boolean;
}

/** Number of names above which they are not compared one by one: only names one edit away are then looked up. */
const MANY = 10_000;
/** @source kubernetes `validation.IsDNS1123Subdomain` */
const LONGEST = 253;

/** Like `similarNames`, in bounded time even for very many names. */
export function similarAmong(name: string, names: Names): readonly string[] {
  if (names.size <= MANY) return similarNames(name, names);
  return name.length > LONGEST ? [] : similarNames(name, [...new Set(oneEditAway(name.toLowerCase()))].filter((edited) => names.has(edited)));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-.';

function* oneEditAway(name: string): Generator<string> {
  yield name;
  for (let place = 0; place <= name.length; place += 1) {
    const [head, next, tail] = [name.slice(0, place), name.slice(place, place + 1), name.slice(place + 1)];
    yield head + tail;
    yield head + tail.slice(0, 1) + next + tail.slice(1);
    for (const letter of LETTERS) {
      yield head + letter + next + tail;
      yield head + letter + tail;
    }
  }
}

/** The end of a message: `; did you mean "a" or "b"?`, or nothing. */
export const didYouMean = (names: readonly string[]): string =>
  names.length === 0 ? '' : `; did you mean ${names.map((name) => JSON.stringify(name)).join(' or ')}?`;
