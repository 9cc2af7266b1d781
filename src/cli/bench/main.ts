/** Measures speed and memory, mostly as ratios within one run on one machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../read-options.js';
import { buildCluster, type Built } from './built-cluster.js';
import { formatFigure, type Figure } from './figure.js';
import { measureApplying } from './figures/applying.js';
import { measureFreshness } from './figures/freshness.js';
import { measureImport } from './figures/importing.js';
import { measureOpening } from './figures/opening.js';
import { measureRequests } from './figures/requests.js';
import { measureSizes } from './figures/sizes.js';
import { measureWalks } from './figures/walks.js';
import { FULL, IN_SHORT } from './form.js';
import { MIDDLE, podsOf, SMALL, type Size } from './large-cluster.js';

const FIGURES = 'abcdefghi';
const options = readOptions({
  usage: `usage: npm run bench [-- [--short] [--only FIGURES]]
  --short   a smaller cluster and fewer rounds: a minute instead of three
  --only    some of the figures, by their letters ${FIGURES}; for example --only a,g`,
  options: { short: { type: 'boolean', default: false }, only: { type: 'string', default: FIGURES } },
  problems: ({ only }) => [/^[a-i,]+$/.test(only) ? null : `--only ${only}: the figures are ${FIGURES}`],
});
const form = options.short ? IN_SHORT : FULL;
const wanted = (id: string): boolean => options.only.includes(id);
const folder = mkdtempSync(join(tmpdir(), 'packetwalk-bench-'));
const build = (name: string, size: Size): Promise<Built> => buildCluster(folder, name, size);
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

const figures: Figure[] = [];
function add(...measured: readonly Figure[]): void {
  const found = measured.filter(({ id }) => wanted(id));
  for (const figure of found) say(formatFigure(figure));
  figures.push(...found);
}

/** A missed aim is a regression only if it is far off, since machines are noisy; but (h) must always be met. */
function isRegression({ id, met, gross }: Figure): boolean {
  // Absolute numbers depend on the machine, and in the short form the fixed costs of opening and importing outweigh those per pod.
  const judged = options.short ? 'abg' : 'abdefg';
  return (gross && judged.includes(id)) || (id === 'h' && !met);
}

try {
  const { large, rounds } = form;
  const [pods, nodes, services] = [podsOf(large), large.nodes, large.services].map((count) => count.toLocaleString('en'));
  say(
    `Packetwalk benchmark${options.short ? ', short form' : ''}: ${pods} pods, ${nodes} nodes, ${services} Services; node ${process.version}; medians of ${rounds} rounds`,
  );
  const built = await build('large', large);
  const small = await build('small', SMALL);
  if (wanted('f')) add(measureImport(built, folder));
  if (wanted('c')) add(await measureWalks(built, form));
  if (wanted('d') || wanted('e')) add(...(await measureOpening(built, small)));
  if (wanted('a') || wanted('g')) add(...(await measureRequests(built, form, wanted('g'))));
  if (wanted('b')) add(await measureSizes(options.short ? [small, built] : [small, await build('middle', MIDDLE), built], form));
  if (wanted('h')) add(await measureFreshness(built, form));
  if (wanted('i')) add(...(await measureApplying(small, form)));
  const missed = figures.filter(({ met }) => !met).map(({ id }) => id);
  say(missed.length === 0 ? 'every aim was met' : `not met: ${missed.join(', ')}`);
  if (figures.some(isRegression)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
