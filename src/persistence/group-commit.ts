/**
 * Groups writes into shared transactions: everything that arrives during one transaction goes into the next one together, and
 * needs one disk write instead of one each.
 *
 * @param commit writes all of `items` or none
 * @returns resolves when the item has been written, rejects when its `commit` did
 */
export function groupCommit<T>(commit: (items: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let next: { readonly items: T[]; readonly written: Promise<void> } | null = null;

  return (item) => {
    if (!next) {
      const items: T[] = [];
      const written = underWay.then(() => {
        next = null;
        return commit(items);
      });
      underWay = written.catch(() => undefined);
      next = { items, written };
    }
    next.items.push(item);
    return next.written;
  };
}
