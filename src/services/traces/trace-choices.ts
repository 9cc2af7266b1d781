import type { EndpointView } from '../../domain/cluster/view.js';
import { fnv1a } from '../../domain/values/hash.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Choices, Fork } from '../../domain/walk/walk.js';
import { AppError } from '../app-error.js';

/** What a Service's chain chooses among; the compiler puts it there. */
export interface ChoiceAmongEndpoints {
  readonly candidates: readonly EndpointView[];
}

/** Picks one of `size`; `candidates` where they are endpoints of a Service. */
export type Pick = (size: number, candidates: readonly EndpointView[] | null) => number;

export const endpointText = ({ ip, port }: EndpointAddress): string => `${formatIpv4(ip)}:${port}`;
type EndpointAddress = { readonly ip: EndpointView['ip']; readonly port: number };

/** The chances taken along one path, and the endpoint that the last one came to. */
export class PathChoices implements Choices {
  /** Size of each choice in the order in which they came up; the path's weight is one in their product. */
  readonly sizes: number[] = [];
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
    if (candidates) this.chosen = candidates[index] ?? null;
    return index;
  }

  portOffset(wanted: number, round: number): number {
    return fnv1a(`${this.#seed}/${wanted}/${round}`) % (65536 - 1024);
  }
}

/** The same seed takes the same branches. */
export function seededPick(seed: number): Pick {
  let drawn = 0;
  return (size) => {
    drawn += 1;
    return size === 1 ? 0 : fnv1a(String(drawn), fnv1a(String(seed))) % size;
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

/**
 * Takes the endpoint named `backend`.
 *
 * @throws AppError UNPROCESSABLE, with the candidates, when a choice does not offer it
 */
export function forcedPick(backend: string): Pick {
  return (_size, candidates) => {
    if (!candidates) return 0;
    const index = candidates.findIndex((candidate) => endpointText(candidate) === backend);
    if (index >= 0) return index;
    throw notACandidate(backend, candidates);
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
