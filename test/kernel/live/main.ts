/** Builds clusters for real, sends real packets, and holds the model against what became of them. */
import { readOptions, wholeNumber } from '../../../src/cli/read-options.js';
import type { Comparison, LabCase, TitledFlow } from './compare.js';
import { ownCases } from './own-cases.js';
import { sideBySide } from './print.js';
import { Product } from './product.js';
import { Random } from './random.js';
import { withoutProxies } from './random-changes.js';
import { recipeOf } from './random-cluster.js';
import { randomFlows, randomFlowsAmidChanges } from './random-flows.js';
import { randomSpec, type ClusterSpec } from './random-spec.js';
import { recordedCases } from './recorded-cases.js';
import { writeRecorded } from './recording.js';
import { runCase, together } from './run-case.js';
import { shrink } from './shrink.js';

/** Number of flows for each random cluster. */
const FLOWS_EACH = 25;

/**
 * Of so many flows, how many may differ the first time alone: thousands pass without one, so more is not a busy machine but
 * a kernel that does now this, now that.
 */
const mayPass = (flows: number): number => Math.max(2, Math.floor(flows / 250));

const options = readOptions({
  usage: `usage: npm run test:kernel [-- OPTIONS]     as root; the fixed set of clusters, unless --random is given
  --random FLOWS   clusters made from a seed, with so many flows in all
  --seed SEED      the seed (1)
  --set            with --random: the fixed set as well
  --only NAME      clusters whose name has these letters
  --no-shrink      does not look for the smallest cluster that shows a difference
  --record         writes down what the kernel did; with --only in place of what was recorded by that name
  --jobs N         so many clusters are up at a time (2); most of the time one waits for what may still come`,
  options: {
    random: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    set: { type: 'boolean', default: false },
    only: { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
  problems: ({ random, seed, jobs }) => [
    wholeNumber('random', random),
    wholeNumber('seed', seed),
    wholeNumber('jobs', jobs),
    jobs === '0' ? '--jobs 0: must be at least 1' : null,
  ],
});
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function* randomCases(flows: number, seed: number): Iterable<LabCase & { readonly spec: ClusterSpec }> {
  for (let index = 0; index * FLOWS_EACH < flows; index += 1) {
    const random = new Random(seed * 1_000_003 + index);
    const isChanging = random.once(3);
    const spec = isChanging ? withoutProxies(randomSpec(random)) : randomSpec(random);
    const make = isChanging ? randomFlowsAmidChanges : randomFlows;
    yield { name: `random-${seed}-${index + 1}`, spec, cluster: recipeOf(spec), flows: make(spec, random, Math.min(FLOWS_EACH, flows - index * FLOWS_EACH)) };
  }
}

/** Runs `work` for at most `jobs` items at a time, and yields the results in the order of the items. */
async function* inOrder<Item, Result>(items: readonly Item[], jobs: number, work: (item: Item) => Promise<Result>): AsyncGenerator<readonly [Item, Result]> {
  const waiting: (() => void)[] = [];
  let free = jobs;
  const begun = items.map(async (item) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => { waiting.push(resolve); });
    try {
      return await work(item);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  });
  for (const promise of begun) promise.catch(() => undefined); // the error is reported when it is awaited
  for (const [index, item] of items.entries()) yield [item, await begun[index]!];
}

/** @param flows all flows of the cluster */
async function report(product: Product, found: Comparison, flows: readonly TitledFlow[], spec: ClusterSpec | undefined): Promise<void> {
  say(sideBySide(found));
  if (!spec || options['no-shrink']) return;
  const {
    spec: smallest,
    flows: fewest,
    comparison,
  } = await shrink(
    product,
    spec,
    together(flows).find((group) => group.some(({ title, sourcePort }) => title === found.flow.title && sourcePort === found.flow.sourcePort)) ?? [found.flow],
  );
  say(`the smallest cluster that shows it: ${JSON.stringify(smallest)}`);
  if (fewest.length > 1) say(`the flows that lead to it:\n${fewest.map((flow) => JSON.stringify(flow)).join('\n')}`);
  if (comparison) say(sideBySide(comparison));
}

const cases: (LabCase & { readonly spec?: ClusterSpec })[] = [
  ...(options.only === undefined && options.random !== '0' && !options.record && !options.set ? [] : [...recordedCases(), ...ownCases()]),
  ...randomCases(Number(options.random), Number(options.seed)),
].filter(({ name }) => options.only === undefined || name.includes(options.only));

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
const product = await Product.open();
let [flows, different, passed, rulesDiffer] = [0, 0, 0, false];
const done: Parameters<typeof writeRecorded>[1][number][] = [];
try {
  for await (const [each, { answers, passing, rules }] of inOrder(cases, Number(options.jobs), (one) => runCase(product, one))) {
    const wrong = answers.filter(({ differs }) => differs.length > 0);
    done.push({ ...each, answers });
    flows += answers.length;
    different += wrong.length;
    passed += passing.length;
    rulesDiffer ||= rules.length > 0;
    say(`${each.name}: ${answers.length} flows, ${wrong.length} different${passing.length > 0 ? `; ${passing.length} only the first time` : ''}`);
    for (const answer of passing) say(`only the first time: ${sideBySide(answer)}`);
    for (const line of rules) say(line);
    for (const answer of wrong) await report(product, answer, each.flows, each.spec);
  }
} finally {
  await product.close();
}
if (options.record) writeRecorded(options.only === undefined, done);
say(
  `${flows} flows compared with the kernel, ${different} different${rulesDiffer ? '; so are rules' : ''}${passed > 0 ? `; ${passed} only the first time, of which ${mayPass(flows)} are borne` : ''}`,
);
process.exitCode = different === 0 && passed <= mayPass(flows) && !rulesDiffer && flows > 0 ? 0 : 1;
