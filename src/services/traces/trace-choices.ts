import type { EndpointView } from '../../domain/cluster/view.js';
import type { Tuple } from '../../domain/datapath/conntrack.js';
import type { NetnsId } from '../../domain/datapath/netns.js';
import { fnv1a } from '../../domain/values/hash.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Choices, Fork } from '../../domain/walk/walk.js';
import { AppError } from '../app-error.js';

/** What a Service's chain chooses among; the compiler puts it there. */
export interface ChoiceAmongEndpoints {
  readonly candidates: readonly EndpointView[];
}

/** Picks one of `size`; `candidates` where they are endpoints of a Service (`null` among them: none is asked); `weights` where chances are not equal. */
export type Pick = (size: number, candidates: readonly (EndpointView | null)[] | null, weights?: readonly number[]) => number;

export const endpointText = ({ ip, port }: EndpointAddress): string => `${formatIpv4(ip)}:${port}`;
type EndpointAddress = { readonly ip: EndpointView['ip']; readonly port: number };

/** The chances taken along one path, and the endpoint that the last one came to. */
export class PathChoices implements Choices {
  /** Size of each choice in the order in which they came up; the path's weight is one in their product. */
  readonly sizes: number[] = [];
  #chance = { taken: 1, outOf: 1 };
  chosen: EndpointView | null = null;
  readonly #pick: Pick;
  readonly #seed: number;
  #lookup: Pick | null;

  /** @param lookup the name lookup before the connection; its own choices are not the path's */
  constructor(pick: Pick, seed: number, lookup: boolean) {
    this.#pick = pick;
    this.#seed = seed;
    this.#lookup = lookup ? seededPick(seed) : null;
  }

  /** The lookup is over: from here on choices count. */
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

  /** A choice with unequal chances, as a proxy makes it. @param weights whole numbers above 0 */
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

/** Of `weights` the one that the lot `drawn` falls on. */
function lotOf(weights: readonly number[], drawn: number): number {
  let left = drawn % weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}

/** The same seed takes the same branches. */
export function seededPick(seed: number): Pick {
  let drawn = 0;
  return (size, _candidates, weights) => {
    drawn += 1;
    const lot = fnv1a(String(drawn), fnv1a(String(seed)));
    return weights ? lotOf(weights, lot) : lot % size;
  };
}

/** Takes the branches that `sequence` names, and the first of every further choice. */
export function sequencePick(sequence: readonly number[]): Pick {
  let drawn = 0;
  return () => {
    drawn += 1;
    return sequence[drawn - 1] ?? 0;
  };
}

/** Takes the endpoint named `backend` where a choice offers it. */
export class ForcedBackend {
  /** Every endpoint that was offered. */
  readonly offered: EndpointView[] = [];
  /** A choice had it. */
  found = false;
  readonly #backend: string;
  readonly #anywhere: boolean;

  /** @param anywhere it may be one of a later choice, as the backend of a proxy is: those before then take their first */
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

/** No choice came up: an earlier flow had made it. */
export function alreadyDecided(backend: string, decided: EndpointAddress): AppError {
  return new AppError('UNPROCESSABLE', `The backend ${backend} can not be forced on this path.`, [{
    path: 'choice.backend',
    message: `the connection, or the client's session affinity, has ${endpointText(decided)} already; take another sourcePort, or reset the state`,
  }]);
}

export function notACandidate(backend: string, candidates: readonly EndpointView[]): AppError {
  const offered = candidates.map(endpointText);
  return new AppError('UNPROCESSABLE', `The backend ${backend} is not a candidate on this path.`, [{
    path: 'choice.backend',
    message: offered.length > 0 ? `${backend} is not a candidate; candidates are ${offered.join(', ')}` : `${backend} is not a candidate; there are none on this path`,
  }]);
}
