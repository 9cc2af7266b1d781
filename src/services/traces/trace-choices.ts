import type { EndpointView } from '../../domain/cluster/view.js';
import type { Tuple } from '../../domain/datapath/conntrack.js';
import type { NetnsId } from '../../domain/datapath/netns.js';
import { fnv1a } from '../../domain/values/hash.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Choices, Fork } from '../../domain/walk/walk.js';
import { AppError } from '../app-error.js';

/** The `choice` that the compiler attaches to a Service's chain. */
interface ChoiceAmongEndpoints {
  readonly candidates: readonly EndpointView[];
}

/**
 * Picks one of `size` options. @returns its index
 *
 * @param candidates the endpoints, if the options are a Service's; `null` in their place for an option without an endpoint
 * @param weights whole numbers, if chances are not equal
 */
export type Pick = (size: number, candidates: readonly (EndpointView | null)[] | null, weights?: readonly number[]) => number;

export const endpointText = ({ ip, port }: EndpointAddress): string => `${formatIpv4(ip)}:${port}`;
type EndpointAddress = { readonly ip: EndpointView['ip']; readonly port: number };

/** Makes the random choices of one path, and keeps the path's weight and the endpoint chosen last. */
export class PathChoices implements Choices {
  /** The number of options of each choice, in the order in which they came up. */
  readonly sizes: number[] = [];
  #chance = { taken: 1, outOf: 1 };
  chosen: EndpointView | null = null;
  readonly #pick: Pick;
  readonly #seed: number;
  #lookup: Pick | null;

  /** @param lookup whether a name lookup comes first: its choices do not count, until `startCounting` is called */
  constructor(pick: Pick, seed: number, lookup: boolean) {
    this.#pick = pick;
    this.#seed = seed;
    this.#lookup = lookup ? seededPick(seed) : null;
  }

  /** Called after the name lookup: from here on choices count. */
  startCounting(): void {
    this.#lookup = null;
  }

  branch({ chain, branches }: Fork): number {
    return this.among(branches.length, (chain.choice as ChoiceAmongEndpoints | undefined)?.candidates ?? null);
  }

  among(size: number, candidates: readonly EndpointView[] | null): number {
    if (this.#lookup) return this.#lookup(size, candidates);
    const index = this.#pick(size, candidates);
    this.sizes.push(size);
    this.#chances(1, size);
    if (candidates) this.chosen = candidates[index] ?? null;
    return index;
  }

  /** A choice with unequal chances, as a proxy makes it. @param weights whole numbers above 0 @returns index into both lists */
  weighted(weights: readonly number[], candidates: readonly (EndpointView | null)[]): number {
    const index = this.#pick(weights.length, candidates, weights);
    this.sizes.push(weights.length);
    this.#chances(weights[index]!, weights.reduce((sum, weight) => sum + weight, 0));
    this.chosen = candidates[index] ?? null;
    return index;
  }

  /** The path's exact share among all paths: `1/2`. */
  get weight(): string {
    return `${this.#chance.taken}/${this.#chance.outOf}`;
  }

  #chances(taken: number, outOf: number): void {
    const chance = { taken: this.#chance.taken * taken, outOf: this.#chance.outOf * outOf };
    const divisor = greatestCommonDivisor(chance.taken, chance.outOf);
    this.#chance = { taken: chance.taken / divisor, outOf: chance.outOf / divisor };
  }

  portOffset(netns: NetnsId, { sourcePort, destination, destinationPort }: Tuple, round: number): number {
    return fnv1a(`${this.#seed}/${netns}/${sourcePort}/${formatIpv4(destination)}:${destinationPort}/${round}`) % (65536 - 1024);
  }
}

function greatestCommonDivisor(one: number, other: number): number {
  let [a, b] = [one, other];
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** The index of the weight that the random number `drawn` selects. */
function lotOf(weights: readonly number[], drawn: number): number {
  let left = drawn % weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}

/** 53 bits from 32: the weights of a route, times endpoints, may sum to more than 2³². */
const widened = (lot: number): number => (fnv1a('high bits', lot) % 2 ** 21) * 2 ** 32 + lot;

/** Picks pseudo-randomly: the same seed makes the same choices. */
export function seededPick(seed: number): Pick {
  let drawn = 0;
  return (size, _candidates, weights) => {
    drawn += 1;
    const lot = fnv1a(String(drawn), fnv1a(String(seed)));
    return weights ? lotOf(weights, widened(lot)) : lot % size;
  };
}

/** Picks the options that `sequence` names, then the first option of every further choice. */
export function sequencePick(sequence: readonly number[]): Pick {
  let drawn = 0;
  return () => {
    drawn += 1;
    return sequence[drawn - 1] ?? 0;
  };
}

/** Picks the endpoint `backend` (`ip:port`) where a choice offers it. */
export class ForcedBackend {
  /** Every endpoint that was offered. */
  readonly offered: EndpointView[] = [];
  /** Whether a choice has offered it. */
  found = false;
  readonly #backend: string;
  readonly #anywhere: boolean;

  /** @param anywhere whether a later choice may offer it, as with the backend of a proxy; choices before that pick their first option */
  constructor(backend: string, anywhere: boolean) {
    this.#backend = backend;
    this.#anywhere = anywhere;
  }

  /** @throws AppError UNPROCESSABLE, with the candidates, when the only choice does not offer it */
  readonly pick: Pick = (_size, candidates) => {
    if (!candidates) return 0;
    const endpoints = candidates.filter((candidate) => candidate !== null);
    this.offered.push(...endpoints);
    const index = candidates.findIndex((candidate) => candidate !== null && endpointText(candidate) === this.#backend);
    if (index >= 0) this.found = true;
    else if (!this.#anywhere) throw notACandidate(this.#backend, endpoints);
    return Math.max(0, index);
  };
}

/** The refusal of a forced backend when no choice came up, because an earlier flow had made it. */
export function alreadyDecided(backend: string, decided: EndpointAddress): AppError {
  return new AppError('UNPROCESSABLE', `The backend ${backend} can not be forced on this path.`, [{
    path: 'choice.backend',
    message: `the connection, or the client's session affinity, has ${endpointText(decided)} already; take another sourcePort, or reset the state`,
  }]);
}

export function notACandidate(backend: string, candidates: readonly EndpointView[]): AppError {
  const offered = candidates.map(endpointText);
  return new AppError('UNPROCESSABLE', `The backend ${backend} is not a candidate on this path.`, [
    {
      path: 'choice.backend',
      message:
        offered.length > 0
          ? `${backend} is not a candidate; candidates are ${offered.join(', ')}`
          : `${backend} is not a candidate; there are none on this path`,
    },
  ]);
}
