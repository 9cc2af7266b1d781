import type { ObjectRef } from '../domain/cluster/objects.js';
import { AppError } from '../services/app-error.js';
import { formatContinueToken, parseContinueToken } from '../services/objects/continue-token.js';

/** A page of a connection. `count` is asked only for `totalCount`. */
export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly hasNextPage: boolean;
  readonly count: () => Promise<number>;
}

export interface PageArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** A use-case's list: `token` is where it goes on, that of the last item of the piece before. */
export type ListPiece<Item> = (limit: number, token: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly continue: string | null }>;

/** As many objects as the use-cases give in one piece. */
export const LARGEST_PAGE = 5000;

/** @throws AppError BAD_REQUEST */
function checkFirst(first: number, largest: number): void {
  if (first >= 1 && first <= largest) return;
  const message = `must be from 1 to ${largest}, not ${first}`;
  throw new AppError('BAD_REQUEST', `first ${message}`, [{ path: 'first', message }]);
}

/**
 * A page of what a use-case lists. The cursor of an edge is the token of its item, so that a page may be continued from
 * any of its edges, also when objects have come and gone in between.
 *
 * @throws AppError BAD_REQUEST where `first` or `after` is refused
 */
export async function pageOfList<Item, Node>(
  { first, after }: PageArguments,
  largest: number,
  list: ListPiece<Item>,
  { tokenOf, nodeOf, count }: { readonly tokenOf: (item: Item) => string; readonly nodeOf: (item: Item) => Node; readonly count: () => Promise<number> },
): Promise<Page<Node>> {
  checkFirst(first, largest);
  const piece = await list(first, after ?? undefined);
  return { edges: piece.items.map((item) => ({ cursor: tokenOf(item), node: nodeOf(item) })), hasNextPage: piece.continue !== null, count };
}

/** Counts by reading on to the end. */
export async function countAll(list: ListPiece<unknown>, largest: number): Promise<number> {
  let total = 0;
  let token: string | undefined;
  do {
    const piece: Awaited<ReturnType<ListPiece<unknown>>> = await list(largest, token);
    total += piece.items.length;
    token = piece.continue ?? undefined;
  } while (token !== undefined);
  return total;
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

const compare = (one: Place, other: Place): number =>
  one.namespace === other.namespace ? (one.name < other.name ? -1 : Number(one.name > other.name)) : one.namespace < other.namespace ? -1 : 1;

/**
 * A page, in the order of lists, of objects that are known by name: only those on the page are loaded, and those that
 * are gone since are left out.
 *
 * @throws AppError BAD_REQUEST where `first` or `after` is refused
 */
export async function pageOfRefs<Node>({ first, after }: PageArguments, refs: readonly ObjectRef[], load: (ref: ObjectRef) => Promise<Node | null>): Promise<Page<Node>> {
  checkFirst(first, LARGEST_PAGE);
  const place = after === null || after === undefined ? null : parseContinueToken(after);
  const following = refs.filter((ref) => place === null || compare(ref, place) > 0).sort(compare);
  const onPage = following.slice(0, first);
  const nodes = await Promise.all(onPage.map(load));
  const edges = onPage.flatMap((ref, index) => {
    const node = nodes[index] ?? null;
    return node === null ? [] : [{ cursor: formatContinueToken(ref), node }];
  });
  return { edges, hasNextPage: following.length > first, count: () => Promise.resolve(refs.length) };
}
