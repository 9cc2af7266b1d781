/** Builds one cluster for real and asks its flows. */
import { compareFlow, type Comparison, type LabCase } from './compare.js';
import { compareRules } from './compare-rules.js';
import { Lab } from './lab.js';
import type { Product } from './product.js';

let made = 0;

/** A name that nobody else on this machine uses. */
const uniqueName = (): string => `kt-${process.pid}-${(made += 1)}`;

export interface Run {
  readonly answers: readonly Comparison[];
  /** Nodes whose rules the kernel gives back otherwise than the model shows them, with the lines. */
  readonly rules: readonly string[];
}

export async function runCase(product: Product, { cluster, flows }: Pick<LabCase, 'cluster' | 'flows'>): Promise<Run> {
  const name = uniqueName();
  await product.create(name, cluster);
  const lab = new Lab(await product.lab(name));
  const answers: Comparison[] = [];
  let rules: readonly string[] = [];
  try {
    lab.up();
    rules = await compareRules(product, name);
    for (const flow of flows) answers.push(await compareFlow(product, lab, name, { cluster, flows }, flow));
  } finally {
    lab.down();
    await product.delete(name);
  }
  return { answers, rules };
}
