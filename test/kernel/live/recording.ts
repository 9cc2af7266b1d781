/** Stores the last run in labs, so that the model can be compared with it on any machine. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answers } from './answers.js';
import { ask, prepare, differences, observe, type Comparison, type TitledFlow } from './compare.js';
import type { Observation } from './observation.js';
import type { ClusterRecipe } from './recipe.js';

export interface Recorded {
  readonly name: string;
  readonly cluster: ClusterRecipe;
  readonly flows: readonly RecordedFlow[];
}

export interface RecordedFlow {
  readonly flow: TitledFlow;
  /** The endpoint that the kernel chose at random. */
  readonly backend: string | null;
  readonly kernel: Observation;
}

const FOLDER = fileURLToPath(new URL('../recorded/', import.meta.url));

/** @param all whether these are all cases, so that other recordings are deleted */
export function writeRecorded(all: boolean, cases: readonly { readonly name: string; readonly cluster: ClusterRecipe; readonly answers: readonly Comparison[] }[]): void {
  if (all) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, cluster, answers } of cases) {
    const flows = answers.map(({ flow, backend, kernel }): RecordedFlow => ({ flow, backend, kernel }));
    writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify({ name, cluster, flows } satisfies Recorded, null, 1)}\n`);
  }
}

/** The recordings, sorted by name. @param folder must be given if the code was bundled elsewhere */
export const readRecorded = (folder = FOLDER): Recorded[] =>
  readdirSync(folder).filter((name) => name.endsWith('.json')).toSorted().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded);

/** Compares a recorded flow with the current model. */
export async function compareRecorded(product: Answers, { name, cluster, flows }: Recorded, { flow, backend, kernel }: RecordedFlow): Promise<Comparison> {
  await prepare(product, name, flow);
  const trace = await ask(product, name, cluster, flow, kernel);
  const model = await observe(product, name, { cluster, flows: flows.map((each) => each.flow) }, flow, trace, backend);
  return { flow, backend, kernel, model, verdict: trace.verdict, differs: differences(kernel, model, trace.verdict) };
}
