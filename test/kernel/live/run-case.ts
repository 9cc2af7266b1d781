/** Builds the lab of one cluster and runs its flows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { compareFlow, type Comparison, type LabCase, type TitledFlow } from './compare.js';
import { compareRules } from './compare-rules.js';
import { Lab } from './lab.js';
import type { Product } from './product.js';

/** Time after which a server has closed a connection that was left half open. */
const FORGOTTEN_MS = 2_000;

let made = 0;

/** A name that is unique on this machine. */
const uniqueName = (): string => `kt-${process.pid}-${(made += 1)}`;

export interface Run {
  readonly answers: readonly Comparison[];
  /** Differences that did not occur when the flow was repeated, such as packets that were sent again on a busy machine. */
  readonly passing: readonly Comparison[];
  /** Nodes whose rules in the kernel differ from the model's, with the lines. */
  readonly rules: readonly string[];
}

const isDifferent = ({ differs }: Comparison): boolean => differs.length > 0;

/** Groups the flows that use the same tables, since they can only be repeated together. */
export function together(flows: readonly TitledFlow[]): TitledFlow[][] {
  const groups: TitledFlow[][] = [];
  for (const flow of flows) {
    if (flow.state === 'KEPT') groups.at(-1)!.push(flow);
    else groups.push([flow]);
  }
  return groups;
}

/** Runs all flows. If the cluster changes between them, it is built again for a repetition, since changes are not undone. */
export async function runCase(product: Product, asked: Pick<LabCase, 'cluster' | 'flows'>): Promise<Run> {
  if (!asked.flows.some(({ change }) => change)) return runOnce(product, asked, true);
  const first = await runOnce(product, asked, false);
  if (!first.answers.some(isDifferent)) return first;
  const { answers, rules } = await runOnce(product, asked, false);
  return { answers, rules, passing: passingOf(first.answers, answers) };
}

const passingOf = (first: readonly Comparison[], again: readonly Comparison[]): Comparison[] =>
  first.filter((answer, index) => isDifferent(answer) && !isDifferent(again[index]!));

/** @param againWhereDifferent whether flows with differences are repeated once */
async function runOnce(product: Product, { cluster, flows }: Pick<LabCase, 'cluster' | 'flows'>, againWhereDifferent: boolean): Promise<Run> {
  const name = uniqueName();
  await product.create(name, cluster);
  const lab = new Lab(await product.lab(name));
  const answers: Comparison[] = [];
  const passing: Comparison[] = [];
  let rules: readonly string[] = [];
  try {
    await lab.up();
    rules = await compareRules(product, name);
    const compareAll = async (group: readonly TitledFlow[]): Promise<Comparison[]> => {
      const found: Comparison[] = [];
      for (const flow of group) found.push(await compareFlow(product, lab, name, { cluster, flows }, flow));
      return found;
    };
    for (const group of together(flows)) {
      const first = await compareAll(group);
      if (!againWhereDifferent || !first.some(isDifferent)) {
        answers.push(...first);
        continue;
      }
      await sleep(FORGOTTEN_MS);
      const again = await compareAll(group);
      passing.push(...passingOf(first, again));
      answers.push(...again);
    }
  } finally {
    await lab.down();
    await product.delete(name);
  }
  return { answers, passing, rules };
}
