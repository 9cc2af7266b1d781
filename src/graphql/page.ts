import type { ObjectRef } from '../domain/cluster/objects.js';
import type { Problem } from '../services/app-error.js';
import { formatContinueToken, placeOfToken, type TokenScope } from '../services/objects/continue-token.js';
import { comparePlaces, isAfter } from '../services/objects/list-order.js';
import { refusal } from '../services/zod-problems.js';

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

/** A use-case's list operation. @param token of the item after which the list continues */
export type ListPiece<Item> = (limit: number, token: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly continue: string | null }>;

/** How the items of a use-case's list become the edges of a connection. */
interface Listing<Item, Node> {
  readonly tokenOf: (item: Item) => string;
  /** Is the text a well-formed token? */
  readonly isCursor: (text: string) => boolean;
  readonly nodeOf: (item: Item) => Node;
  readonly count: () => Promise<number>;
  /** Further problems with the arguments. */
  readonly problems?: readonly Problem[];
}

/** The most objects that the use-cases return in one page. */
export const LARGEST_PAGE = 5000;

/** @throws AppError BAD_REQUEST with every problem of the arguments */
function checkPage({ first, after }: PageArguments, largest: number, isCursor: (text: string) => boolean, further: readonly Problem[] = []): void {
  const problems: Problem[] = [];
  if (first < 1 || first > largest) problems.push({ path: 'first', message: `must be from 1 to ${largest}, not ${first}` });
  if (typeof after === 'string' && !isCursor(after)) problems.push({ path: 'after', message: 'must be the cursor of an edge of this connection' });
  problems.push(...further);
  if (problems.length > 0) throw refusal('the page', problems, true);
}

/** Is the text a well-formed cursor of this connection? */
export const isObjectCursor = (scope: TokenScope) => (text: string): boolean => placeOfToken(text, scope) !== null;

/**
 * A page of a use-case's list. The cursor of an edge is the token of its item, so a client can continue from any edge, even if
 * objects were created or deleted in between.
 *
 * @throws AppError BAD_REQUEST with every problem of the arguments
 */
export async function pageOfList<Item, Node>(
  page: PageArguments,
  largest: number,
  list: ListPiece<Item>,
  { tokenOf, isCursor, nodeOf, count, problems }: Listing<Item, Node>,
): Promise<Page<Node>> {
  checkPage(page, largest, isCursor, problems);
  const piece = await list(page.first, page.after ?? undefined);
  let total: Promise<number> | undefined;
  return {
    edges: piece.items.map((item) => ({ cursor: tokenOf(item), node: nodeOf(item) })), hasNextPage: piece.continue !== null,
    count: () => (total ??= count()), // called only once, even if it is selected under several aliases
  };
}

/**
 * A page, in the order of lists, of objects of one kind that are known by name: only those on the page are loaded, and those that
 * are gone since are left out.
 *
 * @throws AppError BAD_REQUEST if `first` or `after` is invalid
 */
export async function pageOfRefs<Node>(
  page: PageArguments,
  scope: TokenScope,
  refs: readonly ObjectRef[],
  load: (ref: ObjectRef) => Promise<Node | null>,
): Promise<Page<Node>> {
  checkPage(page, LARGEST_PAGE, isObjectCursor(scope));
  const { first, after } = page;
  const place = typeof after === 'string' ? placeOfToken(after, scope) : null;
  const following = refs.filter((ref) => place === null || isAfter(ref, place)).sort(comparePlaces);
  const onPage = following.slice(0, first);
  const nodes = await Promise.all(onPage.map(load));
  const edges = onPage.flatMap((ref, index) => {
    const node = nodes[index] ?? null;
    return node === null ? [] : [{ cursor: formatContinueToken(scope, ref), node }];
  });
  return { edges, hasNextPage: following.length > first, count: () => Promise.resolve(refs.length) };
}
