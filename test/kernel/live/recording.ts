/** The last live run, written down, so that it can be held against the model anywhere. */
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

/** @param all nothing else is recorded: what was there goes */
export function writeRecorded(all: boolean, cases: readonly { readonly name: string; readonly cluster: ClusterRecipe; readonly answers: readonly Comparison[] }[]): void {
  if (all) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, cluster, answers } of cases) {
    const flows = answers.map(({ flow, backend, kernel }): RecordedFlow => ({ flow, backend, kernel }));
    writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify({ name, cluster, flows } satisfies Recorded, null, 1)}\n`);
  }
}

/** In order of name. @param folder for programs that were put together elsewhere */
export const readRecorded = (folder = FOLDER): Recorded[] =>
  readdirSync(folder).filter((name) => name.endsWith('.json')).toSorted().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded);

/** What the model makes of a recorded flow today. */
export async function compareRecorded(product: Answers, { name, cluster, flows }: Recorded, { flow, backend, kernel }: RecordedFlow): Promise<Comparison> {
  await prepare(product, name, flow);
  const trace = await ask(product, name, cluster, flow, kernel);
  const model = await observe(product, name, { cluster, flows: flows.map((each) => each.flow) }, flow, trace, backend);
  return { flow, backend, kernel, model, verdict: trace.verdict, differs: differences(kernel, model, trace.verdict) };
}
