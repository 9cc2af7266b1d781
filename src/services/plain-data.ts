import { formatPath } from '../domain/cluster/object-problem.js';
import { AppError, type Problem } from './app-error.js';

/** Levels of nesting; what Kubernetes has is a tenth as deep. Everything that walks an object may then do so by recursion. */
const MAX_DEPTH = 200;

/**
 * The same of a text that is parsed at all, JSON or YAML: there an object is in a list of lists. What is deeper takes a parser
 * seconds; one that goes down by recursion runs out of stack, has no words for it, and an expression that is compiled there
 * ends the process.
 */
export const MAX_TEXT_DEPTH = 300;

export const TOO_DEEP = `nested too deeply: at most ${MAX_DEPTH} levels`;

interface Place {
  readonly value: unknown;
  readonly depth: number;
  readonly parent: Place | null;
  readonly key: string | number;
}

function pathOf(place: Place): string {
  const parts: (string | number)[] = [];
  for (let at = place; at.parent; at = at.parent) parts.push(at.key);
  return formatPath(parts.toReversed().slice(0, MAX_SHOWN));
}

/** Parts of a path that a message shows. */
const MAX_SHOWN = 10;

/** What can be read, but not kept and given back as JSON: numbers that JSON has not, and what is nested beyond all use. */
export function plainDataProblems(input: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const open: Place[] = [{ value: input, depth: 0, parent: null, key: '' }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, depth } = place;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      problems.push({ path: pathOf(place), message: `must be a number that JSON can hold, not ${value}` });
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth === MAX_DEPTH) {
      problems.push({ path: pathOf(place), message: `is ${TOO_DEEP}` });
      continue;
    }
    // The last that is put there is the first that is taken: so problems come in the order of the text.
    for (const key of Object.keys(value).reverse()) {
      const item = (value as Readonly<Record<string, unknown>>)[key];
      if (isWorthALook(item)) open.push({ value: item, depth: depth + 1, parent: place, key: Array.isArray(value) ? Number(key) : key });
    }
  }
  return problems;
}

const isWorthALook = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'object' && value !== null);

/** @throws AppError BAD_REQUEST */
export function assertPlainData(input: unknown): void {
  const problems = plainDataProblems(input);
  const [first] = problems;
  if (first) throw new AppError('BAD_REQUEST', `the body cannot be kept: ${first.path === '' ? '' : `${first.path}: `}${first.message}`, problems);
}
