/** The paths that a request asks for: one, or one for every endpoint. */
import { compileNetwork } from '../../compile/compile-network.js';
import type { CompileOptions } from '../../compile/compilation.js';
import type { Path } from '../../domain/trace/trace.js';
import type { Tables } from '../../domain/walk/tables.js';
import { withLaterFailures } from './behind-denial.js';
import { describePath } from './describe-path.js';
import { runPath, type Question, type WalkedPath } from './run-path.js';
import { alreadyDecided, endpointText, ForcedBackend, notACandidate, PathChoices, seededPick, sequencePick, type Pick } from './trace-choices.js';
import type { TraceRequest } from './trace-request.js';

/** Most paths in one trace. */
const MAX_PATHS = 256;

interface WalkedPaths {
  readonly paths: readonly Path[];
  /** The walks behind `paths`, in the same order. */
  readonly walks: readonly WalkedPath[];
  /** How many paths there are, including those that were not walked. */
  readonly totalPaths: number;
  /** The live tables afterwards. With mode ALL they are unchanged, since all paths start from the same tables. */
  readonly after: () => Tables;
}

/** @throws AppError UNPROCESSABLE if the backend to be forced is not a candidate */
export const walkPaths = (question: Question): WalkedPaths =>
  question.request.choice.mode === 'ALL' ? everyPath(question) : onePath(question, question.request.choice);

function onePath(question: Question, choice: Exclude<TraceRequest['choice'], { mode: 'ALL' }>): WalkedPaths {
  const forced = choice.mode === 'FORCED' ? new ForcedBackend(choice.backend, question.http !== null) : null;
  const { path, choices, walked } = take(question, () => forced?.pick ?? seededPick(seedOf(choice)));
  if (choice.mode === 'FORCED' && !forced?.found && !isBackend(path.backend, choice.backend)) {
    throw path.backend && choices.chosen === null ? alreadyDecided(choice.backend, path.backend) : notACandidate(choice.backend, forced?.offered ?? []);
  }
  return { paths: [path], walks: [walked], totalPaths: product(choices.sizes), after: walked.after };
}

/** Walks every branch of each choice, depth first, in the order of the rules. */
function everyPath(question: Question): WalkedPaths {
  const paths: Path[] = [];
  const walks: WalkedPath[] = [];
  let totalPaths = 1;
  let sequence: number[] | null = [];
  while (sequence && paths.length < MAX_PATHS) {
    const taken: readonly number[] = sequence;
    const { path, choices, walked } = take(question, () => sequencePick(taken));
    if (paths.length === 0) totalPaths = product(choices.sizes);
    paths.push(path);
    walks.push(walked);
    sequence = nextSequence(taken, choices.sizes);
  }
  const isComplete = sequence === null;
  return { paths, walks, totalPaths: isComplete ? paths.length : Math.max(totalPaths, paths.length + 1), after: () => question.live.tables };
}

function nextSequence(taken: readonly number[], sizes: readonly number[]): number[] | null {
  const full = sizes.map((_, index) => taken[index] ?? 0);
  for (let index = full.length - 1; index >= 0; index -= 1) {
    if (full[index]! + 1 < sizes[index]!) return [...full.slice(0, index), full[index]! + 1];
  }
  return null;
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

const seedOf = (choice: TraceRequest['choice']): number => (choice.mode === 'SEEDED' ? choice.seed : 0);

function take(question: Question, pick: () => Pick): { readonly path: Path; readonly choices: PathChoices; readonly walked: WalkedPath } {
  const { request, destination } = question;
  const choose = (): PathChoices => new PathChoices(pick(), seedOf(request.choice), destination.kind === 'name');
  const walk = (asked: Question, choices: PathChoices): { readonly path: Path; readonly walked: WalkedPath } => {
    const walked = runPath(asked, choices, request.neighbours === 'WARM' ? choose() : null);
    return { path: describePath(asked, walked, choices), walked };
  };
  const choices = choose();
  const first = walk(question, choices);
  const path = withLaterFailures(first, (letThrough) => {
    const compileOptions: CompileOptions = { ...question.compileOptions, letThrough };
    return walk({ ...question, capture: false, compileOptions, network: compileNetwork(question.view, compileOptions) }, choose());
  });
  return { path, choices, walked: first.walked };
}

const isBackend = (backend: Path['backend'], wanted: string): boolean => backend !== null && endpointText(backend) === wanted;
