/** The indexes of an Indexed Job. @source kubernetes/kubernetes pkg/controller/job/indexed_job_utils.go */

export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

/** Parses `0-2,5` as 0, 1, 2, 5. */
export function parseIndexes(text: string): ReadonlySet<number> {
  const indexes = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first] = part.split('-');
    if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) continue;
    for (let index = Number(first); index <= Math.min(Number(last), MAX_INDEX); index += 1) indexes.add(index);
  }
  return indexes;
}

/** Most completions of an Indexed Job. @source kubernetes/kubernetes pkg/apis/batch/validation */
const MAX_INDEX = 1_000_000;

/** Three or more consecutive indexes are written as a range, `0-2`; two are not, `0,1`. */
export function formatIndexes(indexes: Iterable<number>): string {
  const parts: { readonly first: number; last: number }[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const run = parts.at(-1);
    if (run?.last === index - 1) run.last = index;
    else parts.push({ first: index, last: index });
  }
  return parts.map(({ first, last }) => (first === last ? String(first) : last === first + 1 ? `${first},${last}` : `${first}-${last}`)).join(',');
}
