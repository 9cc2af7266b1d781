/** Builds one cluster for real and asks its flows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { compareFlow, type Comparison, type LabCase, type TitledFlow } from './compare.js';
import { compareRules } from './compare-rules.js';
import { Lab } from './lab.js';
import type { Product } from './product.js';

/** By then a server has given up a connection that was left half open. */
const FORGOTTEN_MS = 2_000;

let made = 0;

/** A name that nobody else on this machine uses. */
const uniqueName = (): string => `kt-${process.pid}-${(made += 1)}`;

export interface Run {
  readonly answers: readonly Comparison[];
  /** Differences that were gone when the flow was asked once more: a busy machine is late, and a packet is sent again. */
  readonly passing: readonly Comparison[];
  /** Nodes whose rules the kernel gives back otherwise than the model shows them, with the lines. */
  readonly rules: readonly string[];
}

const isDifferent = ({ differs }: Comparison): boolean => differs.length > 0;

/** Flows that leave each other their tables are asked again from the first one on. */
export function together(flows: readonly TitledFlow[]): TitledFlow[][] {
  const groups: TitledFlow[][] = [];
  for (const flow of flows) {
    if (flow.state === 'KEPT') groups.at(-1)!.push(flow);
    else groups.push([flow]);
  }
  return groups;
}

/** What has become of a cluster is not undone: it is built once more, to be asked again. */
export async function runCase(product: Product, asked: Pick<LabCase, 'cluster' | 'flows'>): Promise<Run> {
  if (!asked.flows.some(({ change }) => change)) return runOnce(product, asked, true);
  const first = await runOnce(product, asked, false);
  if (!first.answers.some(isDifferent)) return first;
  const { answers, rules } = await runOnce(product, asked, false);
  return { answers, rules, passing: passingOf(first.answers, answers) };
}

const passingOf = (first: readonly Comparison[], again: readonly Comparison[]): Comparison[] => first.filter((answer, index) => isDifferent(answer) && !isDifferent(again[index]!));

/** @param againWhereDifferent what differs is asked once more */
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
