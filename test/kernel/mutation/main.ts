/**
 * Does the comparison with the recorded kernel notice when the model is wrong? Each mutation is put into a bundle of its
 * own, so that no file is touched.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { readOptions, wholeNumber } from '../../../src/cli/read-options.js';
import { MUTATIONS, type Mutation } from './mutations.js';
import { outdatedAmong, replacing, ROOT } from './replacing.js';

const RECORDED = join(ROOT, 'test/kernel/recorded');
const options = readOptions({
  usage: `usage: npm run test:mutation [-- [--count N] [--only WORDS]]
  --count   so many of the mutations, spread evenly over the list; all without it
  --only    those whose name or file has these words`,
  options: { count: { type: 'string' }, only: { type: 'string' } },
  problems: ({ count }) => [wholeNumber('count', count)],
});
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** @returns the output of the comparison; `null` if it finds no difference */
async function run(mutation: Mutation | null, folder: string): Promise<string | null> {
  if (mutation?.test !== undefined) return runTest(mutation.name, mutation.test);
  await build({
    root: ROOT, logLevel: 'silent', configFile: false, plugins: mutation ? [replacing(mutation)] : [],
    build: {
      ssr: join(ROOT, 'test/kernel/mutation/check.ts'), outDir: folder, emptyOutDir: true, minify: false,
      rollupOptions: { output: { entryFileNames: 'check.mjs' } },
    },
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'check.mjs'), RECORDED], { encoding: 'utf8', timeout: 300_000, cwd: ROOT });
  return status === 0 ? null : (stdout || stderr).split('\n', 1)[0]!.slice(0, 160);
}

/** @returns the first failing test; `null` if none fails */
function runTest(mutation: string, test: string): string | null {
  const { status, stdout, stderr } = spawnSync('npx', ['vitest', 'run', '--config', 'test/kernel/mutation/vitest.config.ts', test], {
    encoding: 'utf8',
    timeout: 300_000,
    cwd: ROOT,
    env: { ...process.env, MUTATION: mutation, NO_COLOR: '1' },
  });
  if (status === 0) return null;
  const failed = (stdout + stderr).split('\n').find((line) => line.startsWith(' FAIL '));
  if (failed === undefined) throw new Error(`${test} could not be run: ${stderr.slice(0, 500)}`);
  return failed.trim().slice(0, 160);
}

function chosen(): readonly Mutation[] {
  const matching = MUTATIONS.filter(({ name, hits }) => options.only === undefined || `${name} ${hits}`.includes(options.only));
  const count = Math.min(matching.length, Number(options.count ?? matching.length));
  return Array.from({ length: count }, (_, index) => matching[Math.floor((index * matching.length) / count)]!);
}

const outdated = outdatedAmong(MUTATIONS);
if (outdated.length > 0) throw new RangeError(`the list is to be brought up to date: ${outdated.join('; ')}`);
const folder = mkdtempSync(join(ROOT, 'node_modules/.mutation-'));
let survivors = 0;
try {
  const unchanged = await run(null, folder);
  if (unchanged !== null) throw new Error(`without a mutation the comparison is red already: ${unchanged}`);
  for (const mutation of chosen()) {
    const seen = await run(mutation, folder);
    if (seen === null) survivors += 1;
    say(`${seen === null ? 'NOT SEEN' : 'seen    '}  ${mutation.hits}: ${mutation.name}${seen === null ? '' : `\n            ${seen}`}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
say(`${chosen().length - survivors} of ${chosen().length} mutations were seen by the comparison`);
process.exitCode = survivors === 0 && chosen().length > 0 ? 0 : 1;
